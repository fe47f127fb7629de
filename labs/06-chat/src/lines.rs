//! Step naming: lines out of a stream.
//!
//! ```text
//!   C: "ali"  C: "ce\r\nhel"  C: "lo\n"  C: "unfini" FIN
//!             └ "alice"       └ "hello"  └ the end: what has no ending was never a line
//! ```

use std::io::{self, BufReader, Read};

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
    /// # Steps
    ///
    /// 1. `read_until(b'\n', ..)` of `BufRead` collects a line over many reads. How much it may
    ///    collect must have a limit: `self.reader.by_ref().take(limit)`.
    /// 2. Too long is certain with one byte more than [`MAX_LINE`], unless that is `\r`: then look
    ///    at one more. Who has sent that much may wait for your answer.
    /// 3. What you got ends in `\n`: take the ending off. Else the limit came first, or the end of
    ///    the stream: which of the two, its length tells.
    /// 4. `\r` before `\n` belongs to the ending. Is what is left too long?
    ///
    /// # Errors
    ///
    /// Those of read(2), a reset connection for instance.
    pub fn read(&mut self) -> io::Result<Input> {
        todo!("lab06, step naming: read")
    }
}
