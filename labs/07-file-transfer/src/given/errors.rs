//! What can go wrong, sorted by what has to be done about it. (Given.)
//!
//! ```text
//!   Refused ─▶ "ERROR reason", the next request is read
//!   Fatal   ─▶ "ERROR reason", FIN: nobody knows where the next request begins
//!   Broken  ─▶ RST: a word now would be taken for bytes of the file
//! ```

use crate::copy::CopyError;
use common::line::MAX_LINE;
use common::net::{ConnectError, is_timeout, reason};
use std::fmt;
use std::io;
use std::path::PathBuf;

/// The answer to every name that is not served, whatever the reason: a stranger must not learn
/// what exists outside of the shared folder.
pub const NO_SUCH_FILE: &str = "no such file";
/// The answer to `/get` beyond the end.
pub const BEYOND_END: &str = "offset beyond the end of the file";
/// The answer to `/put` when the server runs without `--writable`.
pub const READ_ONLY: &str = "read only";
/// The answer to an upload whose bytes are not those of its sum.
pub const WRONG_SUM: &str = "wrong sum";
/// The answer when our disk, and not the client, is in trouble.
pub const CANNOT_STORE: &str = "cannot store the file";
/// The last words to a client that finished sending in the middle of an upload.
pub const CUT_SHORT: &str = "upload cut short";
/// The last words to a client whose request line does not end.
pub const LINE_TOO_LONG: &str = "line too long";
/// The last words to a client that was silent, or too slow.
pub const TIMED_OUT: &str = "timed out";

/// Why the server did not fulfil a request.
#[derive(Debug)]
pub enum RequestError {
    /// The client hears `ERROR` and `answer`, and may ask for something else.
    Refused {
        /// What the client hears.
        answer: &'static str,
        /// What only the log says.
        why: String,
    },
    /// The client hears `ERROR` and this; then the connection is closed in order.
    Fatal(&'static str),
    /// The connection failed, or a promise cannot be kept: it is broken off without a word.
    Broken(io::Error),
}

impl RequestError {
    /// The one answer to everything that is not served; `why` is for the log, and `name` is
    /// escaped there.
    pub fn no_such_file(name: &str, why: &str) -> RequestError {
        RequestError::Refused { answer: NO_SUCH_FILE, why: format!("{name:?}: {why}") }
    }

    /// Why a read from the client failed: its time was up, or the connection broke.
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
    /// Nobody listens there.
    Connect(ConnectError),
    /// The server answered `ERROR` and this.
    Refused(String),
    /// The server answered something else than what was due.
    Nonsense {
        /// What it answered.
        answer: String,
        /// What was due.
        due: &'static str,
    },
    /// The server sent a line that does not end.
    EndlessAnswer,
    /// The server closed the connection where an answer was due.
    NoAnswer,
    /// The server closed the connection in the middle of a file.
    CutShort {
        /// How many bytes came.
        received: u64,
        /// How many it had promised.
        promised: u64,
    },
    /// What arrived is not what the server has.
    WrongSum,
    /// What an earlier try left is longer than the server's file: not its beginning.
    NoBeginning,
    /// The file that we send became shorter while we sent it.
    Shrank,
    /// A file of ours cannot be read or written.
    File {
        /// Which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// The connection failed.
    Io(io::Error),
}

impl fmt::Display for ClientError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ClientError::Connect(error) => error.fmt(formatter),
            // What a server says goes to a terminal: escaped, or it could paint there.
            ClientError::Refused(reason) => {
                write!(formatter, "the server says: {}", reason.escape_debug())
            }
            ClientError::Nonsense { answer, due } => {
                write!(formatter, "the server answered {answer:?} where {due} was due")
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
                 (they are kept: the same command goes on from there)"
            ),
            ClientError::WrongSum => write!(
                formatter,
                "what arrived is not what the server has (it was removed: try again)"
            ),
            ClientError::NoBeginning => write!(
                formatter,
                "what an earlier try left is longer than the file (it was removed: try again)"
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
