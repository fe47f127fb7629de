//! Signals, and how a child ended.
//!
//! On Unix the id of a process is its own only until its parent has waited for it; from then on
//! the kernel may give it to another one. So first kill, then wait.
//!
//! Other systems have no signals. There the functions do nothing and return `false`.

use std::io;
use std::process::{Child, ExitStatus};

/// Sends `pid` what Ctrl-C sends: SIGINT. Returns whether it could be sent.
pub fn interrupt(pid: u32) -> bool {
    imp::send(pid, imp::Signal::INT)
}

/// Sends `pid` what a service manager sends to stop it: SIGTERM.
pub fn terminate(pid: u32) -> bool {
    imp::send(pid, imp::Signal::TERM)
}

/// Stops `pid` where it stands: SIGSTOP.
pub fn pause(pid: u32) -> bool {
    imp::send(pid, imp::Signal::STOP)
}

/// Lets `pid` continue: SIGCONT.
pub fn resume(pid: u32) -> bool {
    imp::send(pid, imp::Signal::CONT)
}

/// Ends `pid` alone: SIGKILL.
pub fn kill(pid: u32) -> bool {
    imp::send(pid, imp::Signal::KILL)
}

/// How `child` ended, if it has. It is not waited for, so its id stays its own. (On Windows an open
/// handle keeps it.)
///
/// # Errors
///
/// It is no child of this process any more.
pub fn peek_exit_status(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    imp::peek_exit_status(child)
}

#[cfg(unix)]
pub(crate) use imp::to_pid;

#[cfg(unix)]
mod imp {
    pub use rustix::process::Signal;
    use rustix::process::{Pid, WaitId, WaitIdOptions, WaitIdStatus, kill_process, waitid};
    use std::io;
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, ExitStatus};

    pub fn send(pid: u32, signal: Signal) -> bool {
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

    pub fn to_pid(pid: u32) -> Option<Pid> {
        i32::try_from(pid).ok().and_then(Pid::from_raw)
    }
}

#[cfg(not(unix))]
mod imp {
    use std::io;
    use std::process::{Child, ExitStatus};

    #[expect(clippy::upper_case_acronyms, reason = "they are named as on Unix")]
    pub enum Signal {
        INT,
        TERM,
        STOP,
        CONT,
        KILL,
    }

    pub fn send(_pid: u32, _signal: Signal) -> bool {
        false
    }

    pub fn peek_exit_status(child: &mut Child) -> io::Result<Option<ExitStatus>> {
        child.try_wait()
    }
}
