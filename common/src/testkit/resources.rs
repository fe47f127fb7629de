//! What a program uses, seen from outside: `/proc/PID` (proc(5)), on Linux only.

use std::fs;
use std::time::Duration;

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
    /// Time on a CPU so far, of all threads.
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
}

/// A look at all threads of `pid` and of its children (the program may stand behind a wrapper).
///
/// One look at several threads is no snapshot: while we look at the second, the first may be
/// woken. Two equal looks, with no time spent on a CPU between them, are one.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Look(Vec<Task>);

impl Look {
    /// `None` where there is no `/proc`.
    pub fn at(pid: u32) -> Option<Look> {
        cfg!(target_os = "linux").then(|| Look(family(pid).into_iter().flat_map(tasks).collect()))
    }

    /// Whether all threads sleep in the kernel: the program waits for something.
    pub fn sleeps(&self) -> bool {
        !self.0.is_empty() && self.0.iter().all(|task| task.state == 'S')
    }
}

/// Whether all threads of `pid` are stopped (SIGSTOP); `None` where there is no `/proc`.
pub(super) fn is_stopped(pid: u32) -> Option<bool> {
    cfg!(target_os = "linux").then(|| tasks(pid).iter().all(|task| task.state == 'T'))
}

#[derive(Debug, PartialEq, Eq)]
struct Task {
    id: u32,
    /// A letter of proc(5): R runs, S sleeps, T is stopped, and more.
    state: char,
    cpu_nanoseconds: u64,
    runs: u64,
}

fn tasks(pid: u32) -> Vec<Task> {
    let Ok(entries) = fs::read_dir(format!("/proc/{pid}/task")) else {
        return Vec::new();
    };
    let ids = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    ids.filter_map(|id| task(pid, id)).collect()
}

fn task(pid: u32, id: u32) -> Option<Task> {
    let path = format!("/proc/{pid}/task/{id}");
    let stat = fs::read_to_string(format!("{path}/stat")).ok()?;
    let state = stat.rsplit_once(')')?.1.trim_start().chars().next()?;
    // Time on a CPU, time waiting for one (both in nanoseconds), and how often it ran.
    let schedule = fs::read_to_string(format!("{path}/schedstat")).unwrap_or_default();
    let mut numbers = schedule.split_whitespace().filter_map(|number| number.parse().ok());
    let cpu_nanoseconds = numbers.next().unwrap_or(0);
    Some(Task { id, state, cpu_nanoseconds, runs: numbers.nth(1).unwrap_or(0) })
}

/// `pid` and its descendants.
fn family(pid: u32) -> Vec<u32> {
    let mut found = vec![pid];
    let mut next = 0;
    while next < found.len() {
        let parent = found[next];
        for task in tasks(parent) {
            let path = format!("/proc/{parent}/task/{}/children", task.id);
            let children = fs::read_to_string(path).unwrap_or_default();
            found.extend(children.split_whitespace().filter_map(|pid| pid.parse::<u32>().ok()));
        }
        next += 1;
    }
    found
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use std::process;

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
