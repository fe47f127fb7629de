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
use std::io::{self, ErrorKind, Read};

/// Longest line that is a message: 1,024 bytes, not counting its ending.
///
/// Without a limit, a peer that never ends its line could fill our memory.
pub const MAX_LINE: usize = 1024;

/// Most bytes of one read. One read may bring several lines.
const READ_LEN: usize = 4096;

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
    /// # Errors
    ///
    /// [`MessageError::TooLong`], and [`MessageError::Io`] with the errors of read(2) except
    /// `Interrupted`.
    pub fn next_message(&mut self) -> Result<Option<Vec<u8>>, MessageError> {
        match self.framing {
            Framing::Line => self.next_line(),
            Framing::Read => self.next_read(),
        }
    }

    /// Whether the next message has arrived, so that it takes no read.
    pub(crate) fn has_next(&self) -> bool {
        self.unread.contains(&b'\n')
    }

    fn next_line(&mut self) -> Result<Option<Vec<u8>>, MessageError> {
        loop {
            if let Some(end) = self.unread.iter().position(|byte| *byte == b'\n') {
                let line = without_ending(&self.unread[..=end]);
                // The bytes behind the newline stay, because the next message begins there.
                self.unread.drain(..=end);
                return line.map(Some);
            }
            // One byte more is allowed only if it is the `\r` of an ending.
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

    /// Reads up to `limit` bytes and appends them. 0 means that the peer has finished.
    fn fill(&mut self, limit: usize) -> io::Result<usize> {
        let mut buffer = [0; READ_LEN];
        loop {
            match self.stream.read(&mut buffer[..limit]) {
                Ok(count) => {
                    self.unread.extend_from_slice(&buffer[..count]);
                    return Ok(count);
                }
                // A signal came while we waited (EINTR), and no byte was lost.
                Err(error) if error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
    }
}

/// Removes `\n`, and one `\r` before it, because telnet (RFC 854) sends both.
fn without_ending(line: &[u8]) -> Result<Vec<u8>, MessageError> {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    let text = text.strip_suffix(b"\r").unwrap_or(text);
    // The newline may have come in the same read as far too many bytes before it.
    if text.len() > MAX_LINE {
        return Err(MessageError::TooLong);
    }
    Ok(text.to_vec())
}
