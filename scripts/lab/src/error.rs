//! Errors, as the user reads them, and the exit status that goes with each.

use std::fmt;
use std::process::ExitCode;

/// How a command ends. The numbers are a promise to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// All is well.
    Well = 0,
    /// The work that was checked falls short.
    Short = 1,
    /// The command line asks for something that does not exist.
    Usage = 2,
    /// The tool or the machine failed: nothing is said about the work.
    Failed = 3,
}

impl Status {
    /// [`Status::Well`] or [`Status::Short`].
    pub fn of(well: bool) -> Status {
        if well { Status::Well } else { Status::Short }
    }
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> ExitCode {
        ExitCode::from(status as u8)
    }
}

/// Why a command could not do what it was asked to do.
#[derive(Debug)]
pub struct Trouble {
    pub status: Status,
    what: String,
    why: String,
    advice: String,
}

impl Trouble {
    /// The command line is wrong: `why` lists what would be right.
    pub fn usage(what: impl Into<String>, why: impl Into<String>) -> Trouble {
        Trouble::new(Status::Usage, what, why)
    }

    /// The tool, or the machine that it runs on, failed.
    pub fn failed(what: impl Into<String>, why: impl fmt::Display) -> Trouble {
        Trouble::new(Status::Failed, what, why.to_string())
    }

    /// The same trouble with a line that says what to do about it.
    pub fn advice(self, advice: impl Into<String>) -> Trouble {
        Trouble { advice: advice.into(), ..self }
    }

    fn new(status: Status, what: impl Into<String>, why: impl Into<String>) -> Trouble {
        Trouble { status, what: what.into(), why: why.into(), advice: String::new() }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "error: {}: {}", self.what, self.why.trim_end())?;
        if !self.advice.is_empty() {
            write!(formatter, "\n{}", self.advice)?;
        }
        Ok(())
    }
}
