//! A program that is deadlocked, and programs that only look like one.

use crate::support::{apart, here};
use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;
use testkit::Subject;

/// A second of patience: after its start, which may take long, each story needs a moment.
const A_SECOND: (&str, &str) = ("LAB_DEADLINE_SCALE", "0.5");

/// Threads that lock mutexes of glibc, which wait as those of std do. `lock` and `again` are two.
const MUTEXES: &str = "
import ctypes, os, sys, threading, time
libc = ctypes.CDLL(None)
lock, again = (ctypes.create_string_buffer(64) for _ in range(2))
take = libc.pthread_mutex_lock
start = lambda act: threading.Thread(target=act, daemon=True).start()
print('begun', file=sys.stderr, flush=True)
";

/// Whether the kernel shows the system calls of a child. Yama can forbid it (`ptrace_scope` 2 and 3).
fn shows_system_calls() -> bool {
    let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().expect("every Unix has cat");
    let is_shown = fs::read_to_string(format!("/proc/{}/syscall", child.id())).is_ok();
    child.kill().and_then(|()| child.wait()).expect("it is ours");
    is_shown
}

/// What the kit reports of a client that never prints its line.
fn never_prints(test: String, story: &str) -> impl FnOnce() {
    let script = format!("{MUTEXES}{story}");
    move || {
        let words = ["python3", "-c", &script].map(str::to_owned);
        let mut client = Subject::command("42", &test, &words).run([]);
        // However long Python takes to start.
        while !client.stderr().contains("begun") {
            thread::park_timeout(Duration::from_millis(5));
        }
        client.says("print-it", "print it").expect_line("done");
    }
}

#[test]
fn a_thread_that_waits_for_itself_is_a_deadlock() {
    if !shows_system_calls() {
        return;
    }
    let story = never_prints(here!(), "take(lock); take(lock)");
    apart!().with(A_SECOND.0, A_SECOND.1).tell(story).fails_with(&[
        "The client is probably deadlocked: 1 thread waits for a lock, and no other thread can release",
        "it.",
        "The client printed nothing",
        "Think about it: Check whether a thread calls `lock` while it still holds",
    ]);
}

#[test]
fn threads_that_wait_for_each_other_are_a_deadlock() {
    if !shows_system_calls() {
        return;
    }
    let story = "take(again); holds = threading.Event()
start(lambda: (take(lock), holds.set(), take(again)))
holds.wait()
take(lock)";
    let told = apart!().with(A_SECOND.0, A_SECOND.1).tell(never_prints(here!(), story));
    told.fails_with(&["The client is deadlocked: 2 threads wait for a lock"]);
}

#[test]
fn a_lock_that_is_held_during_a_read_is_a_fact_beside_the_failure() {
    if !shows_system_calls() {
        return;
    }
    let story = "take(lock); start(lambda: take(lock)); os.read(0, 1)";
    let told = apart!().with(A_SECOND.0, A_SECOND.1).tell(never_prints(here!(), story));
    told.fails_with(&[
        "The client printed nothing",
        "Meanwhile 1 thread probably waits for a lock in the client, and every other thread sleeps.",
        "Think about it: print it",
    ]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_busy_loop_is_a_fact_beside_the_failure() {
    let told =
        apart!().with(A_SECOND.0, A_SECOND.1).tell(never_prints(here!(), "while True: pass"));
    told.fails_with(&[
        "The client printed nothing",
        "Meanwhile the client computes, and does not wait. It used ",
    ]);
}

#[cfg(target_os = "linux")]
#[test]
fn the_system_call_in_which_a_program_sleeps_is_a_fact_beside_the_failure() {
    if !shows_system_calls() {
        return;
    }
    let story = never_prints(here!(), "os.read(os.pipe()[0], 1)");
    let told = apart!().with(A_SECOND.0, A_SECOND.1).tell(story);
    told.fails_with(&["Meanwhile the client sleeps: 1 thread in read(2)."]);
}

#[test]
fn a_program_that_waits_for_something_else_is_no_deadlock() {
    let stories = [
        // A read, a connection, a time, and one thread that waits for another one.
        "os.read(0, 1)",
        "import socket; socket.create_server(('127.0.0.1', 0)).accept()",
        "take(lock); start(lambda: take(lock)); time.sleep(1000)",
        "take(lock); start(lambda: take(lock)); threading.Event().wait()",
    ];
    for story in stories {
        let told = apart!().with(A_SECOND.0, A_SECOND.1).tell(never_prints(here!(), story));
        told.fails_with(&["The client printed nothing"]);
        assert!(!told.text.contains("deadlocked"), "{}", told.text);
    }
}
