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
use std::io::{self, ErrorKind, Read};

/// Longest line that is a message: 1,024 bytes, not counting its ending.
///
/// A peer that never ends its line must not make us keep all that it ever sent.
pub const MAX_LINE: usize = 1024;

/// How much is read at once, at most: several lines may come in one read.
const READ_LEN: usize = 4096;

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
    /// # Errors
    ///
    /// [`MessageError::TooLong`]; [`MessageError::Io`] with those of read(2), but for
    /// `Interrupted`.
    pub fn next_message(&mut self) -> Result<Option<Vec<u8>>, MessageError> {
        match self.framing {
            Framing::Line => self.next_line(),
            Framing::Read => self.next_read(),
        }
    }

    fn next_line(&mut self) -> Result<Option<Vec<u8>>, MessageError> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line = without_ending(&self.unread[..=end]);
                // What stands behind the newline stays: the next message begins there.
                self.unread.drain(..=end);
                return line.map(Some);
            }
            // One byte more is allowed only if it may turn out to belong to the ending.
            let text = self.unread.strip_suffix(b"\r").unwrap_or(&self.unread);
            if text.len() > MAX_LINE {
                return Err(MessageError::TooLong);
            }
            if self.fill(READ_LEN)? == 0 {
                return Ok(None);
            }
        }
    }

    fn next_read(&mut self) -> Result<Option<Vec<u8>>, MessageError> {
        let count = self.fill(MAX_LINE)?;
        Ok((count > 0).then(|| self.unread.drain(..).collect()))
    }

    /// Reads up to `limit` bytes behind those that are here. 0: the peer has finished.
    fn fill(&mut self, limit: usize) -> io::Result<usize> {
        let mut buffer = [0; READ_LEN];
        loop {
            match self.stream.read(&mut buffer[..limit]) {
                Ok(count) => {
                    self.unread.extend_from_slice(&buffer[..count]);
                    return Ok(count);
                }
                // A signal came while we waited (EINTR): nothing was lost.
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
    }
}

/// Takes off `\n`, and a `\r` before it: telnet, and whoever follows RFC 854, sends both.
fn without_ending(line: &[u8]) -> Result<Vec<u8>, MessageError> {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    // The newline may have come in the same read as far too many bytes before it.
    if text.len() > MAX_LINE {
        return Err(MessageError::TooLong);
    }
    Ok(text.to_vec())
}
