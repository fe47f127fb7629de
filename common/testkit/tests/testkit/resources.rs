//! What a process uses.

use crate::support::{FOR_EVER, apart, here, shell};
use std::cell::Cell;
use std::process;
use std::thread;
use std::time::{Duration, Instant};
use testkit::{Resources, RunTime};

#[test]
fn threads_files_and_memory_are_counted() {
    let script = "echo begun; read go; exec 3<&0 4<&0 5<&0; echo opened; read end";
    let mut client = shell!(script).run([]);
    let mut counted = |line: &str| {
        client.expect_line(line);
        let resources = client.resources().expect("Linux has /proc");
        client.write_stdin(b"go\n");
        resources
    };
    let (before, after) = (counted("begun"), counted("opened"));
    assert_eq!((before.threads, after.threads), (1, 1));
    assert_eq!(after.descriptors, before.descriptors + 3);
    assert!(after.memory > 0 && after.peak_memory >= after.memory / 2, "{after:?}");
}

#[test]
fn a_process_without_descriptors_opens_no_file() {
    let script = "echo begun; read go; (: 3</dev/null) 2>/dev/null && echo opened; echo over";
    for (is_limited, output) in [(false, "opened\nover\n"), (true, "over\n")] {
        let mut client = shell!(script).run([]);
        client.expect_line("begun");
        assert!(!is_limited || client.forbid_new_descriptors(), "Linux limits other processes");
        client.write_stdin(b"go\n").expect_output(output.as_bytes()).expect_exit(0);
    }
}

#[test]
fn a_process_that_sleeps_waits_by_itself() {
    let subject = shell!("exec sleep $1");
    let waited = subject.undisturbed(|factor| {
        let time = Duration::from_secs_f64(0.1 * factor);
        let start = Instant::now();
        let client = subject.run([time.as_secs_f64().to_string().as_str()]);
        let run_time = client.run_time(start, Duration::from_secs(10));
        assert!(run_time.at_least <= run_time.at_most, "{run_time:?}");
        assert_eq!(run_time.reaches(run_time.at_most * 2), Some(false));
        run_time.reaches(time)
    });
    assert!(waited != Some(false), "sleep ends too early");
}

#[test]
fn a_process_that_does_not_end_is_watched_to_the_limit() {
    let limit = Duration::from_millis(20);
    let client = shell!(FOR_EVER).run([]);
    assert!(client.run_time(Instant::now(), limit).at_most >= limit);
    assert!(!client.has_ended());
}

#[test]
fn a_look_that_comes_late_proves_no_wait() {
    let client = shell!(FOR_EVER).run([]);
    let looks = Cell::new(0);
    let look = || {
        looks.set(looks.get() + 1);
        // The second look begins after enough time for a proof.
        thread::sleep(Duration::from_millis(if looks.get() == 2 { 1100 } else { 100 }));
        false
    };
    let time = client.time_until(Instant::now(), Duration::from_millis(500), look);
    assert_eq!(looks.get(), 3, "the last one is behind the limit");
    assert_eq!(time.reaches(Duration::from_millis(100)), None, "{time:?}");
}

#[test]
fn a_process_that_may_have_been_slow_is_not_judged() {
    let [short, long] = [100, 900].map(Duration::from_millis);
    let time = RunTime { at_least: short, at_most: long };
    assert_eq!(time.reaches(Duration::from_secs(1)), Some(false));
    assert_eq!(time.reaches(Duration::from_millis(500)), None);
    assert_eq!(time.reaches(Duration::from_millis(120)), Some(true));
}

#[test]
fn a_wake_up_is_counted_and_a_sleep_is_not() {
    let mut client = shell!("echo begun; read go; echo woken; read end").run([]);
    client.expect_line("begun");
    let wakeups = |client: &testkit::Process| {
        assert!(client.wait_until_idle(), "it waits for its input");
        client.resources().expect("Linux has /proc").wakeups
    };
    let before = wakeups(&client);
    assert_eq!(wakeups(&client), before, "it sleeps");
    client.write_stdin(b"go\n").expect_line("woken");
    assert!(wakeups(&client) > before, "its input woke it");
}

/// In a process of its own, because other tests use memory, too.
#[test]
#[cfg(target_os = "linux")]
fn memory_is_counted_to_the_page() {
    const SIZE: usize = 512 * 1024;
    let told = apart!().tell(|| {
        let ours = || Resources::of(process::id()).expect("Linux has /proc").memory;
        let before = ours();
        let block = vec![1_u8; SIZE];
        let grown = ours() - before;
        assert!((SIZE..SIZE + SIZE / 4).contains(&grown), "{grown} for {}", block.len());
    });
    told.succeeds_with(&[]);
}
