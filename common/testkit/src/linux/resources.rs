//! What a process uses: `/proc/PID` (proc(5)).

use super::threads::{cpu_nanoseconds, run_count};
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
    /// Time on a CPU so far, of the threads that there are now.
    pub cpu: Duration,
    /// How often a thread began to run so far, of the threads that there are now. Each wake-up is
    /// one, and so is each return after another process had the CPU.
    pub wakeups: u64,
}

impl Resources {
    /// Reads the counters of `pid`; `None` where there is no `/proc`, or no such process.
    pub fn of(pid: u32) -> Option<Resources> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let cpu = Duration::from_nanos(cpu_nanoseconds(pid));
        Some(Resources {
            threads: field(&status, "Threads:")?,
            descriptors: fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count(),
            memory: memory(pid).or_else(|| field(&status, "VmRSS:"))? * 1024,
            peak_memory: field(&status, "VmHWM:")? * 1024,
            cpu,
            wakeups: run_count(pid),
        })
    }

    /// Whether there are no more threads and descriptors than `before`.
    pub fn are_back_at(&self, before: &Resources) -> bool {
        self.threads <= before.threads && self.descriptors <= before.descriptors
    }
}

/// The resident memory of `pid` in kilobytes, counted now. VmRSS misses what each CPU has not added
/// yet, which is more on a machine with many CPUs. `None` where we may not look at another user's
/// process.
fn memory(pid: u32) -> Option<usize> {
    field(&fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?, "Rss:")
}

/// The number behind `name`.
fn field(lines: &str, name: &str) -> Option<usize> {
    let line = lines.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
