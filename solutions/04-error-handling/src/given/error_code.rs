//! The error codes of the protocol: the server answers a request that fails with `ERROR CODE`.

use std::fmt;

/// What a client is told when a request fails: a word of the protocol, and nothing else. The
/// reason (addresses, file names, positions, the system's words) goes to the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorCode {
    /// A request that is no command of this protocol.
    UnknownCommand,
    /// A frame that is not UTF-8.
    BadEncoding,
    /// A frame that is longer than frames may be.
    TooLong,
    /// A frame that did not arrive in time, or not all of it.
    TimedOut,
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            ErrorCode::UnknownCommand => "UNKNOWN_COMMAND",
            ErrorCode::BadEncoding => "BAD_ENCODING",
            ErrorCode::TooLong => "TOO_LONG",
            ErrorCode::TimedOut => "TIMED_OUT",
        })
    }
}
