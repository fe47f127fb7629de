//! Lines of a text protocol, bounded: `\n` ends a line, a `\r` before it belongs to the ending.
//!
//! Lab 02 teaches what happens in here; labs whose lesson is another call it.

use std::io::{self, BufRead, Read};

/// Longest line, without its ending: 1,024 bytes. Without a limit, a peer that never ends its line
/// would decide how much memory we use.
pub const MAX_LINE: usize = 1024;

/// What a peer sent where a line was due.
#[derive(Debug, PartialEq, Eq)]
pub enum Line {
    /// A line, without its ending. Any bytes.
    Whole(Vec<u8>),
    /// More than [`MAX_LINE`] bytes without an ending: where the next line begins, nobody knows.
    TooLong,
    /// The peer has finished. A line that it had begun is dropped: nobody said that it was whole.
    End,
}

/// Reads one line.
///
/// # Errors
///
/// Those of `reader`. What was read of the line is lost then.
pub fn read(reader: &mut impl BufRead) -> io::Result<Line> {
    let mut line = Vec::new();
    // The line, and an ending of two bytes.
    reader.take(MAX_LINE as u64 + 2).read_until(b'\n', &mut line)?;
    if line.pop() != Some(b'\n') {
        // Nothing was popped, or the last byte of a line without its ending.
        return Ok(if line.len() > MAX_LINE { Line::TooLong } else { Line::End });
    }
    if line.last() == Some(&b'\r') {
        line.pop();
    }
    Ok(if line.len() > MAX_LINE { Line::TooLong } else { Line::Whole(line) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(bytes: &[u8]) -> Vec<Line> {
        let mut reader = bytes;
        let mut lines = Vec::new();
        loop {
            lines.push(read(&mut reader).expect("memory does not fail"));
            if matches!(lines.last(), Some(Line::End | Line::TooLong)) {
                return lines;
            }
        }
    }

    #[test]
    fn both_endings_are_taken_and_an_unfinished_line_is_dropped() {
        let whole = |text: &str| Line::Whole(text.as_bytes().to_vec());
        assert_eq!(lines(b"a\r\n\nb\nc"), [whole("a"), whole(""), whole("b"), Line::End]);
    }

    #[test]
    fn a_line_may_be_as_long_as_the_limit_and_no_longer() {
        let just = [vec![b'x'; MAX_LINE], b"\r\n".to_vec()].concat();
        assert_eq!(lines(&just), [Line::Whole(vec![b'x'; MAX_LINE]), Line::End]);
        for ending in ["\n", "\r\n", ""] {
            let long = [vec![b'x'; MAX_LINE + 1], ending.as_bytes().to_vec()].concat();
            let expected = if ending.is_empty() { Line::End } else { Line::TooLong };
            assert_eq!(lines(&long), [expected], "{ending:?}");
        }
        assert_eq!(lines(&[b'x'; 5000]), [Line::TooLong]);
    }
}
