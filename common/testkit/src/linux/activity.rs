//! What a program does while a test waits for it in vain: `/proc/PID/task` (proc(5)).
//!
//! ```text
//!   a thread runs, or is ready to run    ─▶ it computes: so much processor time in the last 0.1 s,
//!                                           or longer on a busy machine
//!   all threads sleep                    ─▶ in these system calls
//! ```

use super::threads::{Task, tasks};
use nix::libc;
use std::collections::BTreeMap;
use std::fs;
use std::thread;
use std::time::{Duration, Instant};

/// How long a busy process is observed, at least.
const SAMPLE: Duration = Duration::from_millis(100);

/// How long on a busy machine, where its threads have to wait for a processor.
const LONGEST_SAMPLE: Duration = Duration::from_secs(2);

/// The pause between two looks.
const LOOK: Duration = Duration::from_millis(10);

/// So much processor time tells a computation from a thread that had to wait for a processor.
const COMPUTATION: Duration = Duration::from_millis(20);

/// The thread of the crate `ctrlc`, which sleeps until a signal comes.
const SIGNAL_THREAD: &str = "ctrl-c";

/// What a process does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Activity {
    /// A thread was hardly ever asleep.
    Busy {
        /// At how many looks one thread was on a processor or ready for one.
        ready: u32,
        /// Of so many.
        looks: u32,
        /// The processor time of all its threads.
        cpu: Duration,
        /// In this time.
        time: Duration,
    },
    /// All its threads sleep: how many in each system call.
    Asleep(BTreeMap<&'static str, usize>),
}

/// What `pid` does. `None`: something else, or the kernel does not say.
pub fn activity(pid: u32) -> Option<Activity> {
    let before: Vec<Task> = tasks(pid).collect();
    if before.iter().all(Task::is_asleep) {
        return asleep(pid, &before);
    }
    let cpu_of = |tasks: &[Task]| tasks.iter().map(|task| task.cpu_nanoseconds()).sum::<u64>();
    let began = Instant::now();
    let (mut looks, mut counts) = (0, BTreeMap::<u32, u32>::new());
    loop {
        looks += 1;
        thread::park_timeout(LOOK);
        let after: Vec<Task> = tasks(pid).collect();
        for task in after.iter().filter(|task| task.is_ready()) {
            *counts.entry(task.id()).or_default() += 1;
        }
        let cpu = Duration::from_nanos(cpu_of(&after).saturating_sub(cpu_of(&before)));
        let time = began.elapsed();
        // A thread in a busy loop is on a processor, or waits for one.
        let ready = counts.values().copied().max().unwrap_or(0);
        let is_busy = ready * 2 >= looks;
        if time >= LONGEST_SAMPLE || (time >= SAMPLE && (!is_busy || cpu >= COMPUTATION)) {
            return (is_busy && cpu >= COMPUTATION).then_some(Activity::Busy {
                ready,
                looks,
                cpu,
                time,
            });
        }
    }
}

fn asleep(pid: u32, tasks: &[Task]) -> Option<Activity> {
    let mut calls = BTreeMap::new();
    for task in tasks {
        let read = |name| fs::read_to_string(format!("/proc/{pid}/task/{}/{name}", task.id())).ok();
        if read("comm").is_some_and(|name| name.trim_end() == SIGNAL_THREAD) {
            continue;
        }
        let line = read("syscall")?;
        let number = line.split_whitespace().next()?.parse().ok()?;
        *calls.entry(name_of(number)?).or_default() += 1;
    }
    (!calls.is_empty()).then_some(Activity::Asleep(calls))
}

/// The name of the system call `number`, of those in which programs of the labs sleep.
fn name_of(number: i64) -> Option<&'static str> {
    #[cfg(target_arch = "x86_64")]
    match number {
        libc::SYS_accept => return Some("accept(2)"),
        libc::SYS_poll => return Some("poll(2)"),
        libc::SYS_select => return Some("select(2)"),
        libc::SYS_epoll_wait => return Some("epoll_wait(2)"),
        _ => (),
    }
    Some(match number {
        libc::SYS_accept4 => "accept(2)",
        libc::SYS_connect => "connect(2)",
        libc::SYS_read | libc::SYS_readv => "read(2)",
        libc::SYS_recvfrom | libc::SYS_recvmsg => "recv(2)",
        libc::SYS_write | libc::SYS_writev => "write(2)",
        libc::SYS_sendto | libc::SYS_sendmsg => "send(2)",
        libc::SYS_futex => "futex(2): a lock, a channel or another thread",
        libc::SYS_ppoll => "poll(2)",
        libc::SYS_pselect6 => "select(2)",
        libc::SYS_epoll_pwait => "epoll_wait(2)",
        libc::SYS_nanosleep | libc::SYS_clock_nanosleep => "sleep",
        libc::SYS_wait4 | libc::SYS_waitid => "wait(2)",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use process_tree::poll::poll_for;
    use std::process::{Child, Command, Stdio};

    fn shell(script: &str) -> Child {
        let mut shell = Command::new("sh");
        shell.args(["-c", script]).stdin(Stdio::piped()).spawn().expect("Linux has sh")
    }

    /// Its activity, as soon as it is `wanted`.
    fn becomes(child: &mut Child, wanted: impl Fn(&Activity) -> bool) -> Option<Activity> {
        let mut found = None;
        poll_for(Duration::from_secs(20), || {
            found = activity(child.id());
            found.as_ref().is_some_and(&wanted)
        });
        child.kill().and_then(|()| child.wait()).expect("it is ours");
        found
    }

    #[test]
    fn a_busy_loop_uses_the_processor() {
        let is_busy = |it: &Activity| matches!(it, Activity::Busy { .. });
        let found = becomes(&mut shell("while :; do :; done"), is_busy);
        assert!(found.as_ref().is_some_and(is_busy), "{found:?}");
    }

    #[test]
    fn a_process_that_waits_for_input_sleeps_in_read() {
        let is_asleep = |it: &Activity| matches!(it, Activity::Asleep(_));
        let mut reader = shell("read line");
        // Yama can forbid it (`ptrace_scope` 2 and 3).
        let is_shown = fs::read_to_string(format!("/proc/{}/syscall", reader.id())).is_ok();
        let found = becomes(&mut reader, |it| !is_shown || is_asleep(it));
        if !is_shown {
            return;
        }
        assert_eq!(found, Some(Activity::Asleep(BTreeMap::from([("read(2)", 1)]))));
    }
}
