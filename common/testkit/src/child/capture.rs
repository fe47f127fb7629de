//! How much of what a program prints is read.

use super::output::{FirstLine, KEPT, OutputReader};
use super::pty::Pty;
use std::fs::File;
use std::io;
use std::process::{Child, Command, Stdio};

/// How much is read of a program's output, before its pipes are closed.
#[derive(Clone, Copy, Debug)]
pub enum Capture {
    /// All is read, and `kept` bytes of the beginning of stdout are kept.
    All { kept: usize },
    /// Of stdout; nothing of stderr.
    FirstLine,
}

impl Capture {
    /// Connects the outputs of `command`, stderr to `pty` if there is one. Returns where to read
    /// what goes there.
    pub fn prepare(command: &mut Command, pty: Option<Pty>) -> Option<File> {
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        pty.map(|pty| pty.becomes_stderr_of(command))
    }

    /// The threads that read what `child` prints on stdout and on stderr; its stderr from
    /// `terminal`, if it has one.
    ///
    /// # Errors
    ///
    /// The system has no thread to give.
    pub fn read(
        self,
        child: &mut Child,
        terminal: Option<File>,
    ) -> io::Result<(OutputReader, OutputReader)> {
        let stdout = child.stdout.take().expect("it is piped");
        let stderr = child.stderr.take();
        Ok(match (self, terminal) {
            (Capture::All { kept }, None) => {
                let stderr = stderr.expect("it is piped");
                (OutputReader::keeping(kept, stdout)?, OutputReader::keeping(KEPT, stderr)?)
            }
            (Capture::All { kept }, Some(terminal)) => {
                (OutputReader::keeping(kept, stdout)?, OutputReader::keeping(KEPT, terminal)?)
            }
            (Capture::FirstLine, _) => {
                let first_line = OutputReader::keeping(KEPT, FirstLine(Some(stdout)))?;
                (first_line, OutputReader::keeping(0, io::empty())?)
            }
        })
    }
}
