//! Errors as the user reads them, and the exit status of each.

use std::fmt;
use std::process::{ExitCode, ExitStatus};

/// How a command ends. Scripts rely on these numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// The command found nothing wrong.
    Success = 0,
    /// The work that was checked has a failure.
    WorkFails = 1,
    /// The command line asks for something that does not exist.
    Usage = 2,
    /// The tool or the machine failed. This is no verdict on the work.
    ToolFails = 3,
    /// Ctrl-C: 128 and the number of SIGINT, as shells have it.
    Interrupted = 130,
}

impl Exit {
    /// [`Exit::Success`] or [`Exit::WorkFails`].
    pub fn of(success: bool) -> Exit {
        if success { Exit::Success } else { Exit::WorkFails }
    }

    /// How another program of ours ended, by its exit status.
    pub fn of_status(status: ExitStatus) -> Exit {
        match status.code() {
            Some(0) => Exit::Success,
            Some(1) => Exit::WorkFails,
            Some(2) => Exit::Usage,
            Some(130) => Exit::Interrupted,
            _ => Exit::ToolFails,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}

/// Why a command could not do what it was asked to do.
#[derive(Debug)]
pub struct Error {
    exit: Exit,
    what: String,
    why: String,
    advice: String,
}

impl Error {
    /// The command line is wrong. `why` lists the valid words.
    pub fn usage(what: impl Into<String>, why: impl Into<String>) -> Error {
        Error::new(Exit::Usage, what, why)
    }

    /// The work that the command was to check or to run is wrong: it does not compile, for instance.
    pub fn work_fails(what: impl Into<String>, why: impl fmt::Display) -> Error {
        Error::new(Exit::WorkFails, what, why.to_string())
    }

    /// The tool, or the machine that it runs on, failed.
    pub fn failed(what: impl Into<String>, why: impl fmt::Display) -> Error {
        Error::new(Exit::ToolFails, what, why.to_string())
    }

    /// The same error with a line that says what to do about it.
    pub fn advice(self, advice: impl Into<String>) -> Error {
        Error { advice: advice.into(), ..self }
    }

    /// How a command ends that returns this error.
    pub fn exit(&self) -> Exit {
        self.exit
    }

    /// What failed and why, without the prefix `error:` and without the advice.
    pub fn cause(&self) -> String {
        format!("{}: {}", self.what, self.why.trim_end())
    }

    fn new(exit: Exit, what: impl Into<String>, why: impl Into<String>) -> Error {
        Error { exit, what: what.into(), why: why.into(), advice: String::new() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {}", self.cause())?;
        if !self.advice.is_empty() {
            write!(formatter, "\n{}", self.advice)?;
        }
        Ok(())
    }
}
