//! Signals, and how a child ended.
//!
//! On Unix the id of a process is its own only until its parent has waited for it; from then on
//! the kernel may give it to another one. So first kill, then wait.

use std::io;
use std::process::{Child, ExitStatus};

/// Sends `pid` what Ctrl-C sends: SIGINT. Returns whether it could be sent (not on Windows).
pub fn interrupt(pid: u32) -> bool {
    imp::send(pid, Signal::Interrupt)
}

/// Sends `pid` what a service manager sends to stop it: SIGTERM. Not on Windows.
pub fn terminate(pid: u32) -> bool {
    imp::send(pid, Signal::Terminate)
}

/// Stops `pid` where it stands: SIGSTOP. Not on Windows.
pub fn pause(pid: u32) -> bool {
    imp::send(pid, Signal::Stop)
}

/// Lets `pid` continue: SIGCONT. Not on Windows.
pub fn resume(pid: u32) -> bool {
    imp::send(pid, Signal::Continue)
}

/// Ends `pid` alone: SIGKILL. Not on Windows.
pub(crate) fn kill(pid: u32) -> bool {
    imp::send(pid, Signal::Kill)
}

/// How `child` ended, if it has. It is not waited for, so its id stays its own.
///
/// # Errors
///
/// It is no child of this process any more.
pub fn peek_exit_status(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    imp::peek_exit_status(child)
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
    use rustix::process::{
        Pid, Signal as Unix, WaitId, WaitIdOptions, WaitIdStatus, kill_process, waitid,
    };
    use std::io;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, ExitStatus};

    pub fn send(pid: u32, signal: Signal) -> bool {
        let signal = match signal {
            Signal::Interrupt => Unix::INT,
            Signal::Terminate => Unix::TERM,
            Signal::Stop => Unix::STOP,
            Signal::Continue => Unix::CONT,
            Signal::Kill => Unix::KILL,
        };
        to_pid(pid).is_some_and(|pid| kill_process(pid, signal).is_ok())
    }

    pub fn peek_exit_status(child: &mut Child) -> io::Result<Option<ExitStatus>> {
        let pid = to_pid(child.id()).ok_or(io::ErrorKind::InvalidInput)?;
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let ended = waitid(WaitId::Pid(pid), options)?;
        Ok(ended.and_then(as_wait_status).map(ExitStatus::from_raw))
    }

    /// As wait(2) puts the exit status and the signal into one number.
    fn as_wait_status(ended: WaitIdStatus) -> Option<i32> {
        let code = ended.exit_status().map(|code| (code & 0xff) << 8);
        code.or(ended.terminating_signal())
    }

    fn to_pid(pid: u32) -> Option<Pid> {
        i32::try_from(pid).ok().and_then(Pid::from_raw)
    }
}

#[cfg(not(unix))]
mod imp {
    use super::Signal;
    use std::io;
    use std::process::{Child, ExitStatus};

    pub fn send(_pid: u32, _signal: Signal) -> bool {
        false
    }

    /// On Windows, an open handle keeps the id.
    pub fn peek_exit_status(child: &mut Child) -> io::Result<Option<ExitStatus>> {
        child.try_wait()
    }
}
