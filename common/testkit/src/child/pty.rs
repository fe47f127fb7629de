//! A terminal for a program to write to. Some output appears on a terminal only, not on a pipe.

use std::fs::File;
use std::process::Command;

/// The two ends of a pseudo-terminal (pty(7)). `ours` reads the bytes written to `theirs`.
///
/// When the last of `theirs` is closed, reading from `ours` ends, on Linux with an error (EIO).
#[derive(Debug)]
pub struct Pty {
    ours: File,
    theirs: File,
}

impl Pty {
    /// `None` where the system has none to give.
    #[cfg(unix)]
    pub fn new() -> Option<Pty> {
        use rustix::fs::{Mode, OFlags, open};
        use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).ok()?;
        // This end is for no program.
        rustix::io::fcntl_setfd(&ours, rustix::io::FdFlags::CLOEXEC).ok()?;
        grantpt(&ours).ok()?;
        unlockpt(&ours).ok()?;
        let name = ptsname(&ours, Vec::new()).ok()?;
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        let theirs = open(name, flags, Mode::empty()).ok()?;
        Some(Pty { ours: File::from(ours), theirs: File::from(theirs) })
    }

    #[cfg(not(unix))]
    pub fn new() -> Option<Pty> {
        None
    }

    /// Where to read what `command` will write to stderr. That ends only when `command` is dropped,
    /// too, for it keeps the other end.
    pub fn becomes_stderr_of(self, command: &mut Command) -> File {
        command.stderr(self.theirs);
        self.ours
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::io::{IsTerminal, Read, Write};

    #[test]
    fn what_is_written_to_a_terminal_is_read_at_its_other_end() {
        let Pty { mut ours, mut theirs } = Pty::new().expect("every Unix has terminals");
        assert!(theirs.is_terminal());
        theirs.write_all(b"50 %\r").expect("there is room in it");
        let mut seen = [0; 5];
        ours.read_exact(&mut seen).expect("it was written");
        assert_eq!(&seen, b"50 %\r");
    }
}
