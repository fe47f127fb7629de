//! Lines, cut out of bytes as they come. `common::line` reads from a blocking stream. Here the bytes
//! come from outside, and a line that is not whole yet waits for the next ones.

use common::line::MAX_LINE;

/// The next piece.
#[derive(Debug, PartialEq, Eq)]
pub enum Cut {
    /// A line, without its ending. Any bytes.
    Line(Vec<u8>),
    /// More bytes than allowed without an ending.
    TooLong,
}

/// The bytes received that belong to no answered line yet.
#[derive(Debug, Default)]
pub struct Lines {
    bytes: Vec<u8>,
    /// Where the first line that is left begins.
    start: usize,
}

impl Lines {
    /// Adds bytes that were received.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.start);
        self.start = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next line, if a whole one is here. `\n` or `\r\n` ends it.
    pub fn next_line(&mut self) -> Option<Cut> {
        let Some(len) = self.len_of_line() else {
            return self.is_too_long().then_some(Cut::TooLong);
        };
        let line = &self.bytes[self.start..self.start + len];
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let cut = if line.len() > MAX_LINE { Cut::TooLong } else { Cut::Line(line.to_vec()) };
        self.start += len + 1;
        if self.start == self.bytes.len() {
            // A silent client has no buffer.
            self.clear();
        }
        Some(cut)
    }

    /// Whether a whole line is here.
    pub fn has_line(&self) -> bool {
        self.len_of_line().is_some()
    }

    /// Whether [`Lines::next_line`] would return something: a whole line, or one that is too long.
    pub fn has_next(&self) -> bool {
        self.has_line() || self.is_too_long()
    }

    /// Forgets all bytes.
    pub fn clear(&mut self) {
        *self = Lines::default();
    }

    /// Whether the rest, which has no newline, is too long. Its last byte may be the \r of an ending.
    fn is_too_long(&self) -> bool {
        let rest = &self.bytes[self.start..];
        rest.strip_suffix(b"\r").unwrap_or(rest).len() > MAX_LINE
    }

    fn len_of_line(&self) -> Option<usize> {
        self.bytes[self.start..].iter().position(|byte| *byte == b'\n')
    }
}
