//! What a program uses, seen from outside: `/proc/PID` (proc(5)), on Linux only.

use super::deadline::{Deadline, poll_until};
use super::family::{family, numbers_in, stat};
use std::fs;
use std::path::Path;
use std::process;
use std::thread;
use std::time::Duration;

/// How long the kit pauses where threads cannot be seen.
const FALLBACK: Duration = Duration::from_millis(50);

/// A reading of what a process uses now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resources {
    /// Threads.
    pub threads: usize,
    /// Open file descriptors, sockets among them.
    pub descriptors: usize,
    /// Resident memory now, in bytes.
    pub memory: usize,
    /// Most resident memory so far, in bytes.
    pub peak_memory: usize,
    /// Time on a CPU so far, of the threads that there are now.
    pub cpu: Duration,
}

impl Resources {
    /// Reads the counters of `pid`; `None` where there is no `/proc`, or no such process.
    pub fn of(pid: u32) -> Option<Resources> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let threads = tasks(pid);
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').split_whitespace().next()?.parse::<usize>().ok()
        };
        Some(Resources {
            threads: field("Threads")?,
            descriptors: fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count(),
            memory: field("VmRSS")? * 1024,
            peak_memory: field("VmHWM")? * 1024,
            cpu: Duration::from_nanos(threads.iter().map(|task| task.cpu_nanoseconds).sum()),
        })
    }

    /// Whether there are no more threads and descriptors than `before`.
    pub fn are_back_at(&self, before: &Resources) -> bool {
        self.threads <= before.threads && self.descriptors <= before.descriptors
    }
}

/// Who is looked at, to see whether there is anything left to wait for.
#[derive(Debug, Default)]
pub(super) struct Watched {
    /// Processes; their children, too: a program may stand behind a wrapper.
    pub pids: Vec<u32>,
    /// Threads of our own: those that type what the processes read, and read what they print.
    pub helpers: Vec<u32>,
}

/// A look at all threads of whom we watch.
///
/// One look at several threads is no snapshot: while we look at the second, the first may be
/// woken. Two equal looks, with no time spent on a CPU between them, are one.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Look(Vec<Task>);

impl Look {
    /// `None` where there is no `/proc`.
    pub fn at(watched: &Watched) -> Option<Look> {
        let theirs = watched.pids.iter().flat_map(|pid| family(*pid)).flat_map(tasks);
        let ours = watched.helpers.iter().filter_map(|id| task(process::id(), *id));
        cfg!(target_os = "linux").then(|| Look(theirs.chain(ours).collect()))
    }

    /// Whether nobody runs or is about to: whoever is left waits for something.
    pub fn is_idle(&self) -> bool {
        self.0.iter().all(Task::is_idle)
    }
}

/// Waits until all threads of whom we watch wait for something. `false`: the deadline has passed,
/// and somebody was always busy.
pub(super) fn wait_until_idle(watched: &Watched, deadline: Deadline) -> bool {
    let mut before = None;
    poll_until(deadline, || match Look::at(watched) {
        Some(now) => {
            let idle = now.is_idle() && before.as_ref() == Some(&now);
            before = Some(now);
            idle
        }
        // Threads cannot be seen here: give them a moment.
        None => {
            thread::park_timeout(FALLBACK);
            true
        }
    })
}

/// Whether one of whom we watch waits for a disk (state D). `false` where threads cannot be seen.
pub(super) fn one_waits_for_a_disk(watched: &Watched) -> bool {
    Look::at(watched).is_some_and(|look| look.0.iter().any(|task| task.state == 'D'))
}

/// Whether all threads of `pid` are stopped (SIGSTOP); `None` where there is no `/proc`.
pub(super) fn is_stopped(pid: u32) -> Option<bool> {
    cfg!(target_os = "linux").then(|| tasks(pid).iter().all(|task| task.state == 'T'))
}

#[derive(Debug, PartialEq, Eq)]
struct Task {
    id: u32,
    /// A letter of proc(5).
    state: char,
    cpu_nanoseconds: u64,
    runs: u64,
}

impl Task {
    /// Asleep; stopped; or dead, though nobody has waited for it yet. Not R, which runs or waits
    /// for a CPU, and not D, which waits for a disk and then goes on by itself.
    fn is_idle(&self) -> bool {
        matches!(self.state, 'S' | 'T' | 't' | 'Z' | 'X')
    }
}

fn tasks(pid: u32) -> Vec<Task> {
    let ids = numbers_in(Path::new(&format!("/proc/{pid}/task")));
    ids.into_iter().filter_map(|id| task(pid, id)).collect()
}

fn task(pid: u32, id: u32) -> Option<Task> {
    let path = format!("/proc/{pid}/task/{id}");
    let state = stat(&path)?.chars().next()?;
    // Time on a CPU, time waiting for one (both in nanoseconds), and how often it ran.
    let schedule = fs::read_to_string(format!("{path}/schedstat")).unwrap_or_default();
    let mut numbers = schedule.split_whitespace().filter_map(|number| number.parse().ok());
    let cpu_nanoseconds = numbers.next().unwrap_or(0);
    Some(Task { id, state, cpu_nanoseconds, runs: numbers.nth(1).unwrap_or(0) })
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn our_own_threads_and_files_are_counted() {
        let before = Resources::of(process::id()).expect("Linux has /proc");
        let files: Vec<_> =
            (0..50).map(|_| fs::File::open("/dev/null").expect("it is there")).collect();
        let after = Resources::of(process::id()).expect("Linux has /proc");
        // Other tests of this process open and close files too, but not fifty.
        assert!(after.descriptors > before.descriptors + 25, "{before:?} {after:?}");
        assert!(after.memory > 0 && after.peak_memory >= after.memory / 2, "{after:?}");
        drop(files);
    }
}
