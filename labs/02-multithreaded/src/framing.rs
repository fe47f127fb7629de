//! Step framing: messages, cut out of a stream that knows of none.
//!
//! ```text
//!   the stream       h e l l o \n w o r l d \r \n h a l
//!   three reads     [h e l][l o \n w o r l d \r \n][h a l]
//!
//!   --framing line   "hello", "world"                  "hal" was never finished
//!   --framing read   "hel", "lo\nworld\r\n", "hal"     whatever the reads happened to bring
//! ```

// A choice on the command line, so it is declared there: `Line` or `Read`, and `ending`, what
// follows an answer.
#[doc(inline)]
pub use crate::given::command_line::Framing;
use std::fmt;
use std::io::{self, Read};

/// Longest line that is a message: 1,024 bytes, not counting its ending.
///
/// A peer that never ends its line must not make us keep all that it ever sent.
pub const MAX_LINE: usize = 1024;

/// Why there is no next message, though the peer has not finished.
#[derive(Debug)]
pub enum MessageError {
    /// The line is longer than [`MAX_LINE`], or would be if it ended now.
    TooLong,
    /// The connection failed.
    Io(io::Error),
}

impl fmt::Display for MessageError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            MessageError::TooLong => write!(formatter, "line too long"),
            MessageError::Io(error) => write!(formatter, "{}", common::net::reason(error)),
        }
    }
}

impl From<io::Error> for MessageError {
    fn from(error: io::Error) -> MessageError {
        MessageError::Io(error)
    }
}

/// The messages of a stream, one after the other.
#[derive(Debug)]
pub struct Messages<R> {
    stream: R,
    framing: Framing,
    /// What was read but belongs to no message yet: a part of a line, or several lines.
    unread: Vec<u8>,
}

impl<R: Read> Messages<R> {
    /// The messages of `stream`.
    pub fn new(stream: R, framing: Framing) -> Messages<R> {
        Messages { stream, framing, unread: Vec::new() }
    }

    /// Waits for the next message.
    ///
    /// # Contract
    ///
    /// * `Ok(Some(message))`: with [`Framing::Line`] a line without its ending, `\n` or `\r\n`,
    ///   however many reads it took, and however many lines one read brought. It may be empty, and
    ///   need not be text.
    /// * With [`Framing::Read`]: what one read brought, at most [`MAX_LINE`] bytes.
    /// * `Ok(None)`: the peer has finished. A line that it left unfinished is no message.
    /// * `Err(TooLong)` as soon as the line cannot be one any more: its ending need not come.
    ///
    /// # Steps
    ///
    /// 1. If a newline lies in `unread`, take the bytes up to it out, and only these; strip the
    ///    ending; check the length; return it.
    /// 2. If there is none, and there are already too many bytes for a line, that is an error.
    ///    (The last of them may be the `\r` of an ending, which does not count.)
    /// 3. Else read some more and put it behind what is there. 0 bytes mean that the peer has
    ///    finished. Back to 1.
    /// 4. For [`Framing::Read`] one read is one message, and nothing is ever left over.
    ///
    /// # Errors
    ///
    /// [`MessageError::TooLong`]; [`MessageError::Io`] with those of read(2), but for
    /// `Interrupted`.
    pub fn next_message(&mut self) -> Result<Option<Vec<u8>>, MessageError> {
        todo!("lab02, step framing: next_message")
    }
}
