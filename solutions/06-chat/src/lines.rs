//! Step naming: lines out of a stream.
//!
//! ```text
//!   C: "ali"  C: "ce\r\nhel"  C: "lo\n"  C: "unfini" FIN
//!             └ "alice"       └ "hello"  └ the end: what has no ending was never a line
//! ```

use std::io::{self, BufRead, BufReader, Read};

/// Longest line that we take, in bytes, without its ending: 1,024.
///
/// Somebody who never sends a newline must not decide how much memory we use.
pub const MAX_LINE: usize = 1024;

/// What a client sent next.
#[derive(Debug, PartialEq, Eq)]
pub enum Input {
    /// A whole line, without its ending: bytes, which need not be text.
    Line(Vec<u8>),
    /// More than [`MAX_LINE`] bytes and no ending: where the next line begins, nobody knows.
    TooLong,
    /// The client has finished.
    End,
}

/// Lines, read from a stream.
#[derive(Debug)]
pub struct Lines<R> {
    /// Where they come from.
    pub reader: BufReader<R>,
}

impl<R: Read> Lines<R> {
    /// Reads lines from `stream`.
    pub fn new(stream: R) -> Lines<R> {
        Lines { reader: BufReader::new(stream) }
    }

    /// Reads the next line.
    ///
    /// # Contract
    ///
    /// * A line ends in `\n` or in `\r\n`; the ending is not part of it.
    /// * It may come in any pieces, and one piece may hold several lines: none is lost.
    /// * Longer than [`MAX_LINE`]: `TooLong`, as soon as that is certain, and not after the last of
    ///   ten million bytes.
    /// * An unfinished line at the end is dropped: `End`.
    ///
    /// # Errors
    ///
    /// Those of read(2), a reset connection for instance.
    pub fn read(&mut self) -> io::Result<Input> {
        // No more than it takes to see that the line is too long: a reader that takes no more
        // cannot be made to collect more. And who has sent just that may wait for our answer.
        let limit = MAX_LINE + 1;
        let mut line = Vec::new();
        self.reader.by_ref().take(limit as u64).read_until(b'\n', &mut line)?;
        if line.len() == limit && line.ends_with(b"\r") {
            // Of the longest line, the other byte of the ending may still be under way.
            self.reader.by_ref().take(1).read_until(b'\n', &mut line)?;
        }
        if line.pop_if(|byte| *byte == b'\n').is_none() {
            // The limit or the end of the stream came first.
            return Ok(if line.len() >= limit { Input::TooLong } else { Input::End });
        }
        line.pop_if(|byte| *byte == b'\r');
        Ok(if line.len() > MAX_LINE { Input::TooLong } else { Input::Line(line) })
    }
}
