//! The error of the three clients: why there is no connection, or no answer.
//!
//! `probe`, `send` and `watch` print the same word for the same failure.

use std::fmt;
use std::io::{self, ErrorKind};

/// Why there is no connection, or no answer. Each case is one that a person or a program may
/// treat differently.
#[derive(Debug)]
pub enum ClientError {
    /// A machine answered that no program listens at that port.
    Refused,
    /// No answer came in time.
    TimedOut,
    /// No route leads there.
    Unreachable,
    /// The name stands for no address.
    NoSuchHost,
    /// The server's kernel reset the connection. The server may have crashed.
    Reset,
    /// The server closed the connection where an answer was expected.
    ClosedEarly,
    /// A frame of so many bytes is longer than the protocol allows.
    TooLong(usize),
    /// The answer is not UTF-8.
    BadEncoding,
    /// The server sent this, where another answer, or none, was expected.
    Unexpected(String),
    /// Any other error, as the system reports it.
    Io(io::Error),
}

impl fmt::Display for ClientError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = match self {
            ClientError::Refused => "refused",
            ClientError::TimedOut => "timed out",
            ClientError::Unreachable => "unreachable",
            ClientError::NoSuchHost => "no such host",
            ClientError::Reset => "reset",
            ClientError::ClosedEarly => "closed",
            ClientError::TooLong(len) => {
                return write!(formatter, "a frame of {len} bytes is too long");
            }
            ClientError::BadEncoding => "the answer is not UTF-8",
            // Escaped, because a server must not paint on the user's terminal.
            ClientError::Unexpected(text) => {
                return write!(formatter, "unexpected answer {}", text.escape_debug());
            }
            ClientError::Io(error) => return formatter.write_str(&common::net::reason(error)),
        };
        formatter.write_str(words)
    }
}

impl ClientError {
    /// What a user can do about it; an empty string if there is no advice.
    pub fn advice(&self) -> &'static str {
        match self {
            ClientError::Refused => " (is the server running, and is this its port?)",
            ClientError::TimedOut => " (is a firewall in between, or is the server overloaded?)",
            ClientError::Unreachable => " (is this machine on the network?)",
            ClientError::NoSuchHost => " (is the name spelled right?)",
            ClientError::Reset => " (did the server crash?)",
            ClientError::ClosedEarly
            | ClientError::TooLong(_)
            | ClientError::BadEncoding
            | ClientError::Unexpected(_) => " (is it a server of this protocol?)",
            ClientError::Io(error) if error.kind() == ErrorKind::InvalidInput => {
                " (an address is HOST:PORT)"
            }
            ClientError::Io(_) => "",
        }
    }
}
