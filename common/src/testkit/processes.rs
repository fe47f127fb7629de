//! Ending a process with everything that it started, and signals.
//!
//! Killing only a parent leaves its children running: they hold the port, the pipe, and the
//! terminal of whoever comes next. On Linux the children are found through `/proc` (a child may
//! have left the process group); elsewhere on Unix the process group must do; Windows has
//! `taskkill /T`.

/// Kills the process `pid` and all of its descendants (SIGKILL on Unix).
///
/// Does nothing when the process is gone already. The caller still has to `wait` for its own
/// child. On Unix the process should have been started with `process_group(0)`: then children
/// that lost their parent are found too.
pub fn kill_tree(pid: u32) {
    imp::kill_tree(pid);
}

/// Sends `pid` what Ctrl-C sends: SIGINT. Returns whether it could be sent (not on Windows).
pub fn interrupt(pid: u32) -> bool {
    imp::signal(pid, Signal::Interrupt)
}

/// Sends `pid` what a service manager sends to stop it: SIGTERM. Not on Windows.
pub fn terminate(pid: u32) -> bool {
    imp::signal(pid, Signal::Terminate)
}

/// Stops (`true`) or continues (`false`) a process: SIGSTOP, SIGCONT. Not on Windows.
pub fn pause(pid: u32, paused: bool) -> bool {
    imp::signal(pid, if paused { Signal::Stop } else { Signal::Continue })
}

#[derive(Clone, Copy)]
enum Signal {
    Interrupt,
    Terminate,
    Stop,
    Continue,
}

#[cfg(unix)]
mod imp {
    use super::Signal;
    use rustix::process::{Pid, Signal as Unix, kill_process, kill_process_group};

    pub fn signal(pid: u32, signal: Signal) -> bool {
        let signal = match signal {
            Signal::Interrupt => Unix::INT,
            Signal::Terminate => Unix::TERM,
            Signal::Stop => Unix::STOP,
            Signal::Continue => Unix::CONT,
        };
        to_pid(pid).is_some_and(|pid| kill_process(pid, signal).is_ok())
    }

    pub fn kill_tree(pid: u32) {
        // Collected before the first kill: an orphan's parent is init, and tells nothing.
        let descendants = descendants(pid);
        if let Some(pid) = to_pid(pid) {
            // No such group, or gone already: both are what we want. The process itself is
            // named too, for it may not lead a group.
            let _ = kill_process_group(pid, Unix::KILL);
            let _ = kill_process(pid, Unix::KILL);
        }
        for pid in descendants.into_iter().filter_map(to_pid) {
            let _ = kill_process(pid, Unix::KILL);
        }
    }

    fn to_pid(pid: u32) -> Option<Pid> {
        i32::try_from(pid).ok().and_then(Pid::from_raw)
    }

    /// The processes that `pid` started, and those that these started, by `/proc/PID/stat`.
    fn descendants(pid: u32) -> Vec<u32> {
        let pairs = parents();
        let mut found = vec![pid];
        let mut next = 0;
        while next < found.len() {
            let parent = found[next];
            found.extend(pairs.iter().filter(|(_, of)| *of == parent).map(|(child, _)| *child));
            next += 1;
        }
        found.split_off(1)
    }

    /// All processes with their parents; empty where there is no `/proc`.
    fn parents() -> Vec<(u32, u32)> {
        let Ok(entries) = std::fs::read_dir("/proc") else {
            return Vec::new();
        };
        entries
            .flatten()
            .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter_map(|pid: u32| {
                let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
                // "PID (NAME) STATE PPID ...", and NAME may hold anything, even ")".
                let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?;
                Some((pid, parent.parse().ok()?))
            })
            .collect()
    }
}

#[cfg(not(unix))]
mod imp {
    use super::Signal;
    use std::process::{Command, Stdio};

    pub fn signal(_pid: u32, _signal: Signal) -> bool {
        false
    }

    pub fn kill_tree(pid: u32) {
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &pid.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }
}
