//! The errors, sorted by what the caller does about them. (Given.)
//!
//! ```text
//!   Refused ─▶ "ERROR reason", the next request is read
//!   Fatal   ─▶ "ERROR reason", FIN: the beginning of the next request is unknown
//!   Broken  ─▶ RST: the client would take a message for bytes of the file
//! ```

use crate::copy::CopyError;
use common::line::MAX_LINE;
use common::net::{ConnectError, is_timeout, reason};
use std::fmt;
use std::io;
use std::path::PathBuf;

/// The answer to every name that is not served, for every reason. A stranger must not learn which
/// files exist outside the shared folder.
pub const NO_SUCH_FILE: &str = "no such file";
/// The answer to `/get` beyond the end.
pub const BEYOND_END: &str = "offset beyond the end of the file";
/// The answer to `/put` when the server runs without `--writable`.
pub const READ_ONLY: &str = "read only";
/// The answer to an upload whose bytes do not have its sum.
pub const WRONG_SUM: &str = "wrong sum";
/// The answer when the server cannot write or rename the file.
pub const CANNOT_STORE: &str = "cannot store the file";
/// The last answer to a client that finished sending in the middle of an upload.
pub const CUT_SHORT: &str = "upload cut short";
/// The last answer to a client whose request line is too long.
pub const LINE_TOO_LONG: &str = "line too long";
/// The last answer to a client that was silent or too slow.
pub const TIMED_OUT: &str = "timed out";

/// Why the server did not fulfil a request.
#[derive(Debug)]
pub enum RequestError {
    /// The client receives `ERROR` and `answer`, and may send another request.
    Refused {
        /// The reason for the client.
        answer: &'static str,
        /// The reason for the log only.
        why: String,
    },
    /// The client receives `ERROR` and this. Then the server closes gracefully.
    Fatal(&'static str),
    /// The connection failed, or a promise cannot be kept. The server resets the connection.
    Broken(io::Error),
}

impl RequestError {
    /// The only answer to a name that is not served. The log shows `why` and the escaped `name`.
    pub fn no_such_file(name: &str, why: &str) -> RequestError {
        RequestError::Refused { answer: NO_SUCH_FILE, why: format!("{name:?}: {why}") }
    }

    /// The error of a read from the client, which timed out or found the connection broken.
    pub fn from_read(error: io::Error) -> RequestError {
        if is_timeout(&error) {
            RequestError::Fatal(TIMED_OUT)
        } else {
            RequestError::Broken(error)
        }
    }
}

impl From<io::Error> for RequestError {
    fn from(error: io::Error) -> RequestError {
        RequestError::Broken(error)
    }
}

impl From<CopyError> for RequestError {
    fn from(error: CopyError) -> RequestError {
        match error {
            CopyError::Source(error) => RequestError::from_read(error),
            CopyError::Sink(error) => {
                common::log!("{CANNOT_STORE}: {}", reason(&error));
                RequestError::Fatal(CANNOT_STORE)
            }
        }
    }
}

/// Why a client did not get, put or list.
#[derive(Debug)]
pub enum ClientError {
    /// The connection could not be made.
    Connect(ConnectError),
    /// The server answered `ERROR` and this.
    Refused(String),
    /// The server sent another answer than the expected one.
    Nonsense {
        /// Its answer.
        answer: String,
        /// What was expected, in words of your choice: `a number`.
        due: &'static str,
    },
    /// The server sent a line that is too long.
    EndlessAnswer,
    /// The server closed the connection instead of an answer.
    NoAnswer,
    /// The server closed the connection in the middle of a file.
    CutShort {
        /// How many bytes arrived on this connection.
        received: u64,
        /// How many bytes it promised on this connection, which may be only the rest of the file.
        promised: u64,
    },
    /// The received file differs from the server's file.
    WrongSum,
    /// The `.part` of an earlier try is longer than the server's file, so it is no beginning of it.
    NoBeginning,
    /// The file became shorter while it was sent.
    Shrank,
    /// A local file cannot be read or written.
    File {
        /// Which file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The connection failed.
    Io(io::Error),
}

impl fmt::Display for ClientError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientError::Connect(error) => error.fmt(formatter),
            // The reason goes to a terminal, and escape codes in it could control that.
            ClientError::Refused(reason) => {
                write!(formatter, "the server reports: {}", reason.escape_debug())
            }
            ClientError::Nonsense { answer, due } => {
                write!(formatter, "the server answered {answer:?} where {due} was expected")
            }
            ClientError::EndlessAnswer => {
                write!(formatter, "the server's answer has no end after {MAX_LINE} bytes")
            }
            ClientError::NoAnswer => {
                write!(formatter, "the server closed the connection without an answer")
            }
            ClientError::CutShort { received, promised } => write!(
                formatter,
                "the server closed the connection after {received} of {promised} bytes \
                 (they are kept, and the same command continues from there)"
            ),
            ClientError::WrongSum => write!(
                formatter,
                "the received file differs from the server's file (it was removed, try again)"
            ),
            ClientError::NoBeginning => write!(
                formatter,
                "the part of an earlier try is longer than the file (it was removed, try again)"
            ),
            ClientError::Shrank => write!(formatter, "the file shrank while it was sent"),
            ClientError::File { path, source } => {
                write!(formatter, "{}: {}", path.display(), reason(source))
            }
            ClientError::Io(error) => write!(formatter, "{}", reason(error)),
        }
    }
}

impl std::error::Error for ClientError {}

impl From<ConnectError> for ClientError {
    fn from(error: ConnectError) -> ClientError {
        ClientError::Connect(error)
    }
}

impl From<io::Error> for ClientError {
    fn from(error: io::Error) -> ClientError {
        ClientError::Io(error)
    }
}
