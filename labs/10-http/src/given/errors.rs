//! The errors, sorted by what the caller does about them. (Given.)
//!
//! ```text
//!   MessageError   what is wrong with a message, for server and client
//!      └─▶ Refusal      server:  Answer ─▶ a status, then a lingering close
//!                              Answered ─▶ only the lingering close
//!                                Gone   ─▶ no answer, a lingering close
//!                                Broken ─▶ RST: the client must not take the end for the body's
//!      └─▶ GetError     client:  one line on stderr
//! ```

use super::status::Status;
use common::net::{ConnectError, is_timeout, reason};
use std::fmt;
use std::io::{self, ErrorKind};

/// Why a message cannot be read.
#[derive(Debug)]
pub enum MessageError {
    /// It is not what the protocol allows. The text is the reason for the other side.
    Malformed(&'static str),
    /// A line, the fields or the body exceed their limit.
    TooLong,
    /// The stream ended inside the message.
    Ended,
    /// The connection failed, or a deadline passed.
    Io(io::Error),
    /// The body could not be written to its destination.
    Output(io::Error),
}

impl From<io::Error> for MessageError {
    fn from(error: io::Error) -> MessageError {
        MessageError::Io(error)
    }
}

/// Why the server ends a connection.
#[derive(Debug)]
pub enum Refusal {
    /// The client receives this status with `Connection: close`. The body of a 400 has a second
    /// line with the reason.
    Answer(Status, &'static str),
    /// The client has received such a status already, so only the close remains. (Given code only.)
    Answered,
    /// The client has left, so it gets no answer.
    Gone(io::Error),
    /// An answer cannot be completed. The server resets the connection.
    Broken(io::Error),
}

impl From<MessageError> for Refusal {
    fn from(error: MessageError) -> Refusal {
        match error {
            MessageError::Malformed(reason) => Refusal::Answer(Status::BAD_REQUEST, reason),
            MessageError::TooLong => Refusal::Answer(Status::FIELDS_TOO_LARGE, ""),
            MessageError::Ended => Refusal::Gone(ErrorKind::UnexpectedEof.into()),
            MessageError::Io(error) if is_timeout(&error) => {
                Refusal::Answer(Status::REQUEST_TIMEOUT, "")
            }
            MessageError::Io(error) | MessageError::Output(error) => Refusal::Gone(error),
        }
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        MessageError::Io(error).into()
    }
}

/// Why a client did not get a URL.
#[derive(Debug)]
pub enum GetError {
    /// The text is no URL that this client takes, for this reason.
    Url(&'static str),
    /// The connection could not be made.
    Connect(ConnectError),
    /// The server's answer has an error.
    Answer(MessageError),
    /// The status is not 2xx. The text is the status line.
    Status(String),
    /// A redirect has no Location.
    NoLocation,
    /// There were more redirects than allowed.
    TooManyRedirects(u32),
    /// A local file cannot be written.
    File(io::Error),
}

impl fmt::Display for GetError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GetError::Url(why) => formatter.write_str(why),
            GetError::Connect(error) => error.fmt(formatter),
            GetError::Answer(MessageError::Malformed(why)) => {
                write!(formatter, "the answer is malformed ({why})")
            }
            GetError::Answer(MessageError::TooLong) => {
                formatter.write_str("the head of the answer is too long")
            }
            GetError::Answer(MessageError::Ended) => formatter
                .write_str("the server closed the connection before the answer was complete"),
            GetError::Answer(MessageError::Io(error)) => formatter.write_str(&reason(error)),
            GetError::Answer(MessageError::Output(error)) | GetError::File(error) => {
                write!(formatter, "cannot write: {}", reason(error))
            }
            // The line goes to a terminal, and escape codes in it could control that.
            GetError::Status(line) => {
                write!(formatter, "the server answered {}", line.escape_debug())
            }
            GetError::NoLocation => formatter.write_str("the redirect has no Location"),
            GetError::TooManyRedirects(most) => write!(formatter, "more than {most} redirects"),
        }
    }
}

impl std::error::Error for GetError {}

impl From<MessageError> for GetError {
    fn from(error: MessageError) -> GetError {
        GetError::Answer(error)
    }
}

impl From<io::Error> for GetError {
    fn from(error: io::Error) -> GetError {
        GetError::Answer(error.into())
    }
}
