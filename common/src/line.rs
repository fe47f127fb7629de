//! Lines of a text protocol, bounded: `\n` ends a line, a `\r` before it belongs to the ending.
//!
//! ```text
//!   "8 + 1\r\n2 * "   "3\n"    "4 -" FIN
//!    Whole("8 + 1")  Whole("2 * 3")  End
//! ```
//!
//! Other labs call it instead of writing it again (lab 02).

use std::io::{self, BufRead, Read};

/// Longest line, without its ending: 1,024 bytes. Without a limit, a peer that never ends its line
/// would decide how much memory we use.
pub const MAX_LINE: usize = 1024;

/// What a peer sent where a line is expected.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line, without its ending. Any bytes.
    Whole(Vec<u8>),
    /// More bytes than allowed without an ending. The beginning of the next line is unknown.
    TooLong,
    /// The peer has finished. A line without its ending is dropped, because it may be incomplete.
    End,
}

/// Reads one line of at most [`MAX_LINE`] bytes.
///
/// # Errors
///
/// Those of `reader`. The part of the line that was read is lost then.
pub fn read(reader: &mut impl BufRead) -> io::Result<Line> {
    read_within(reader, MAX_LINE)
}

/// Reads one line of at most `limit` bytes, and leaves what follows it in `reader`. A longer line
/// is reported as soon as it is certain, because its peer may already wait for an answer.
///
/// # Errors
///
/// Those of `reader`. The part of the line that was read is lost then.
pub fn read_within(reader: &mut impl BufRead, limit: usize) -> io::Result<Line> {
    let mut line = Vec::new();
    reader.take(limit as u64 + 1).read_until(b'\n', &mut line)?;
    // Of the longest line, one byte of the ending may still be under way.
    if line.len() > limit && line.ends_with(b"\r") {
        reader.take(1).read_until(b'\n', &mut line)?;
    }
    if !line.ends_with(b"\n") {
        return Ok(if line.len() > limit { Line::TooLong } else { Line::End });
    }
    line.pop();
    line.pop_if(|byte| *byte == b'\r');
    Ok(if line.len() > limit { Line::TooLong } else { Line::Whole(line) })
}
