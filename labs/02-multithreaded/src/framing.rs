//! Step framing: messages, cut out of a stream of bytes.
//!
//! ```text
//!   the stream       h e l l o \n w o r l d \r \n h a l
//!   three reads     [h e l][l o \n w o r l d \r \n][h a l]
//!
//!   --framing line   "hello", "world"                  "hal" was never finished
//!   --framing read   "hel", "lo\nworld\r\n", "hal"     one message for each read
//! ```

// `Line` or `Read`, and `ending`, the bytes behind an answer. It is an option of the command line,
// so it is declared there.
#[doc(inline)]
pub use crate::given::command_line::Framing;
use std::fmt;
use std::io::{self, Read};

/// Longest line that is a message: 1,024 bytes, not counting its ending.
///
/// Without a limit, a peer that never ends its line could fill our memory.
pub const MAX_LINE: usize = 1024;

/// Why there is no next message although the peer has not finished.
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
    /// The bytes that were read and belong to no message yet. A part of a line, or several lines.
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
    /// * `Ok(Some(message))`: with [`Framing::Line`] a line without its ending, `\n` or `\r\n`. It
    ///   may arrive in any number of reads, and one read may bring several lines. It may be empty,
    ///   and need not be text.
    /// * With [`Framing::Read`]: the bytes of one read, at most [`MAX_LINE`].
    /// * `Ok(None)`: the peer has finished. A line that it left unfinished is no message.
    /// * `Err(TooLong)` as soon as the line is too long for a message, also before its ending. Bytes
    ///   of the next line, which may be in `unread` too, do not count.
    /// * A read that a signal interrupts (`Interrupted`) is repeated.
    ///
    /// # Steps
    ///
    /// 1. If `unread` holds a newline, take out the bytes up to it, and only these. Strip the ending,
    ///    check the length, and return the line.
    /// 2. If it holds no newline, and already more bytes than a line may have, that is an error. (The last
    ///    of them may be the `\r` of an ending, which does not count.)
    /// 3. Else read more bytes and append them. 0 bytes mean that the peer has finished. Repeat from
    ///    step 1.
    /// 4. For [`Framing::Read`] one read is one message, and no byte remains in `unread`.
    ///
    /// # Errors
    ///
    /// [`MessageError::TooLong`], and [`MessageError::Io`] with the errors of read(2) except
    /// `Interrupted`.
    pub fn next_message(&mut self) -> Result<Option<Vec<u8>>, MessageError> {
        todo!("lab02, step framing: next_message")
    }
}
