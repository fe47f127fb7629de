//! Ending a process with everything that it started, and signals.
//!
//! Killing only a parent leaves its children running: they hold the port, the pipe, and the
//! terminal of whoever comes next. On Linux the children are found through `/proc` (a child may
//! have left the process group); elsewhere on Unix the process group must do; Windows has
//! `taskkill /T`.
//!
//! On Unix the id of a process is its own only until its parent has waited for it; from then on
//! it may be anybody's. So first everything is killed, and then waited for.

use super::deadline::{Deadline, poll_until};
use super::family::{marked, marks_of};
use std::io;
use std::process::{Child, ExitStatus};

/// Kills the process `pid` and all of its descendants (SIGKILL on Unix); if it is a test that uses
/// this kit, also all that it has started and lost sight of.
///
/// Does nothing when the process is gone already. The caller still has to `wait` for its own
/// child. On Unix the process should have been started with `process_group(0)`: then children
/// that lost their parent are found too.
pub fn kill_tree(pid: u32) {
    kill_family(pid);
    kill_marked(&marks_of(pid), pid, Vec::new);
}

/// Kills the process `pid` and all of its descendants.
pub(super) fn kill_family(pid: u32) {
    imp::kill_family(pid);
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

/// Lets others go first where there are not cores for all: a lower priority (setpriority(2)). To be
/// called as soon as `pid` is started: on Linux it counts for its first thread, and for the threads
/// and processes that are started after it. Not on Windows.
pub fn give_way(pid: u32) {
    imp::give_way(pid);
}

/// How `child` ended, if it has; its id stays its own until somebody waits for it.
pub(super) fn peek(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    imp::peek(child)
}

/// Kills all whose [mark](super::family::MARK) begins like this, wherever they have gone since
/// `ancestor` was started. The `others` are known to have another one.
pub(super) fn kill_marked(mark: &str, ancestor: u32, others: fn() -> Vec<u32>) {
    // Again and again: they may be starting others.
    poll_until(Deadline::usual(), || {
        let marked = marked(mark, ancestor, others);
        marked.iter().for_each(|pid| {
            imp::signal(*pid, Signal::Kill);
        });
        marked.is_empty()
    });
}

#[derive(Clone, Copy)]
enum Signal {
    Interrupt,
    Terminate,
    Stop,
    Continue,
    Kill,
}

#[cfg(unix)]
mod imp {
    use super::Signal;
    use crate::family::family;
    use rustix::process::{Pid, Signal as Unix, WaitId, WaitIdOptions, waitid};
    use rustix::process::{getpriority_process, setpriority_process};
    use rustix::process::{kill_process, kill_process_group};
    use std::io;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, ExitStatus};

    pub fn signal(pid: u32, signal: Signal) -> bool {
        let signal = match signal {
            Signal::Interrupt => Unix::INT,
            Signal::Terminate => Unix::TERM,
            Signal::Stop => Unix::STOP,
            Signal::Continue => Unix::CONT,
            Signal::Kill => Unix::KILL,
        };
        to_pid(pid).is_some_and(|pid| kill_process(pid, signal).is_ok())
    }

    pub fn give_way(pid: u32) {
        // Who cannot give way does not: only time is lost.
        let _ = to_pid(pid).map(|pid| {
            setpriority_process(Some(pid), getpriority_process(Some(pid))?.saturating_add(3))
        });
    }

    pub fn kill_family(pid: u32) {
        // Who stands still starts nobody: when there is nobody new, that is all of them. And
        // this comes before the first kill: an orphan's parent is init, and tells nothing.
        let mut found = Vec::new();
        loop {
            let now = family(pid);
            let new: Vec<u32> = now.into_iter().filter(|pid| !found.contains(pid)).collect();
            if new.is_empty() {
                break;
            }
            new.iter().for_each(|pid| {
                signal(*pid, Signal::Stop);
            });
            found.extend(new);
        }
        if let Some(group) = to_pid(pid) {
            // No such group, or gone already: both are what we want.
            let _ = kill_process_group(group, Unix::KILL);
        }
        for pid in found {
            signal(pid, Signal::Kill);
        }
    }

    pub fn peek(child: &mut Child) -> io::Result<Option<ExitStatus>> {
        let pid = to_pid(child.id()).ok_or(io::ErrorKind::InvalidInput)?;
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let ended = waitid(WaitId::Pid(pid), options)?;
        // As wait(2) puts them into one number.
        let raw = ended.and_then(|how| {
            let code = how.exit_status().map(|code| (code & 0xff) << 8);
            code.or(how.terminating_signal())
        });
        Ok(raw.map(ExitStatus::from_raw))
    }

    fn to_pid(pid: u32) -> Option<Pid> {
        i32::try_from(pid).ok().and_then(Pid::from_raw)
    }
}

#[cfg(not(unix))]
mod imp {
    use super::Signal;
    use std::io;
    use std::process::{Child, Command, ExitStatus, Stdio};

    pub fn signal(_pid: u32, _signal: Signal) -> bool {
        false
    }

    pub fn give_way(_pid: u32) {}

    pub fn kill_family(pid: u32) {
        let _ = Command::new("taskkill")
            .args(["/T", "/F", "/PID", &pid.to_string()])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status();
    }

    /// On Windows, an open handle keeps the id.
    pub fn peek(child: &mut Child) -> io::Result<Option<ExitStatus>> {
        child.try_wait()
    }
}
