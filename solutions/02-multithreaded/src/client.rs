//! Step framing: the client side of a conversation.
//!
//! ```text
//!   we                              server
//!     │ ──── "hello\n" ─────────────▶ │
//!     │ ◀───────────── "accep" ────── │   not an answer yet
//!     │ ◀───────────── "ted\n" ────── │   now it is one
//! ```

use crate::framing::{Framing, MAX_LINE, MessageError, Messages};
use std::fmt;
use std::io::{self, Write};
use std::net::TcpStream;

/// Why there is no answer.
#[derive(Debug)]
pub enum AskError {
    /// The text holds a newline, and the server would take it for several messages.
    SeveralLines,
    /// The server closed the connection (FIN) before it had answered.
    Closed,
    /// The answer is longer than [`MAX_LINE`].
    EndlessAnswer,
    /// The connection failed.
    Io(io::Error),
}

impl fmt::Display for AskError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AskError::SeveralLines => {
                write!(formatter, "a message is one line, and this one holds a line ending")
            }
            AskError::Closed => write!(formatter, "the server closed the connection"),
            AskError::EndlessAnswer => {
                write!(formatter, "the answer has no end after {MAX_LINE} bytes")
            }
            AskError::Io(error) => write!(formatter, "{}", common::net::reason(error)),
        }
    }
}

impl From<io::Error> for AskError {
    fn from(error: io::Error) -> AskError {
        AskError::Io(error)
    }
}

/// A client that sends messages to a server, over one connection.
#[derive(Debug)]
pub struct MessageClient<'a> {
    stream: &'a TcpStream,
    /// Kept from answer to answer, because one read may bring several.
    answers: Messages<&'a TcpStream>,
}

impl<'a> MessageClient<'a> {
    /// Sends messages over `stream`, in lines.
    pub fn new(stream: &'a TcpStream) -> MessageClient<'a> {
        MessageClient { stream, answers: Messages::new(stream, Framing::Line) }
    }

    /// Sends `text` as a message, and waits for the answer.
    ///
    /// # Contract
    ///
    /// * The text goes out as one line and in one write, whatever its length. A text of several lines is not sent.
    /// * `Ok(answer)`: the next line that the server sends, without its ending. It may arrive in any
    ///   number of reads.
    ///
    /// # Errors
    ///
    /// Each variant of [`AskError`].
    pub fn ask(&mut self, text: &[u8]) -> Result<Vec<u8>, AskError> {
        // Two messages have two answers. We would take the second for the answer to the next
        // text, and be one answer behind from then on.
        if text.contains(&b'\n') {
            return Err(AskError::SeveralLines);
        }
        // In one write. With two, Nagle's algorithm could hold back the newline.
        self.stream.write_all(&[text, b"\n"].concat())?;
        match self.answers.next_message() {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(AskError::Closed),
            Err(MessageError::TooLong) => Err(AskError::EndlessAnswer),
            Err(MessageError::Io(error)) => Err(error.into()),
        }
    }
}
