//! What a process uses: `/proc/PID` (proc(5)).

use super::threads::cpu_nanoseconds;
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
}

impl Resources {
    /// Reads the counters of `pid`; `None` where there is no `/proc`, or no such process.
    pub fn of(pid: u32) -> Option<Resources> {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let cpu = Duration::from_nanos(cpu_nanoseconds(pid));
        let field = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.trim_start_matches(':').split_whitespace().next()?.parse::<usize>().ok()
        };
        Some(Resources {
            threads: field("Threads")?,
            descriptors: fs::read_dir(format!("/proc/{pid}/fd")).ok()?.count(),
            memory: field("VmRSS")? * 1024,
            peak_memory: field("VmHWM")? * 1024,
            cpu,
        })
    }

    /// Whether there are no more threads and descriptors than `before`.
    pub fn are_back_at(&self, before: &Resources) -> bool {
        self.threads <= before.threads && self.descriptors <= before.descriptors
    }
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
