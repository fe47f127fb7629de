//! Step requests: one line, one request.
//!
//! ```text
//!   NAME \n                    download
//!   /get OFFSET NAME \n        the rest of it
//!   /list \n                   what is there
//!   /sum NAME \n               SHA-256
//!   /put SIZE SHA256 NAME \n   upload, then SIZE bytes that are no lines
//! ```

use crate::digest::Digest;
use crate::given::errors::RequestError;
use crate::names::Name;
use std::io::BufRead;

/// What a client asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// `NAME`, or `/get OFFSET NAME`: a file, from `offset` on.
    Download {
        /// Which file.
        name: Name,
        /// How many of its bytes the client has already.
        offset: u64,
    },
    /// `/list`: all files.
    List,
    /// `/sum NAME`: a file's SHA-256.
    Sum(Name),
    /// `/put SIZE SHA256 NAME`: a file is to follow.
    Put {
        /// How many bytes.
        size: u64,
        /// What their digest must be.
        digest: Digest,
        /// What the file is to be called.
        name: Name,
    },
}

/// Reads the line of one request.
///
/// # Contract
///
/// * `Ok(Some(line))`: without its ending, which is `\n` or `\r\n`, however many reads it took.
///   What comes after it stays in `input`.
/// * `Ok(None)`: the client has finished. An unfinished line at the end is no line: who knows
///   what it would have become.
///
/// # Steps
///
/// 1. `common::line::read` reads a line as you did in lab 02: to the newline, and never more than
///    1,024 bytes of it.
/// 2. It has three outcomes (`common::line::Line`), and can fail. What is each of them here?
///
/// # Errors
///
/// * Fatal: `LINE_TOO_LONG` for more than 1,024 bytes without the ending, as soon as that is
///   certain, wherever the line may end.
/// * [`RequestError::from_read`] for what `input` reports.
pub fn read_line(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, RequestError> {
    todo!("lab07, step requests: read_line")
}

impl Request {
    /// Understands a line.
    ///
    /// # Contract
    ///
    /// * The five requests above. Words are divided by one space; a NAME is the rest of the line,
    ///   spaces and all.
    /// * OFFSET and SIZE are decimal digits, and fit 64 bits.
    ///
    /// # Steps
    ///
    /// 1. Bytes to text, if they are (`str::from_utf8`).
    /// 2. `split_once(' ')` gives the command and its rest; then look at the words of the rest
    ///    ([`number`], [`Digest::parse`]), the NAME last ([`Name::parse`]).
    /// 3. What is no command is a name, and what begins with a slash is never a good one.
    ///
    /// # Errors
    ///
    /// * A name that is none, or a line that is not UTF-8: [`RequestError::no_such_file`].
    /// * `/get` and `/put` with words that are no number or sum: refused with
    ///   `expected /get OFFSET NAME` or `expected /put SIZE SHA256 NAME`.
    pub fn parse(line: &[u8]) -> Result<Request, RequestError> {
        todo!("lab07, step requests: parse")
    }
}

/// Decimal digits as a number, and nothing else. (Given.)
pub fn number(text: &str) -> Option<u64> {
    // `parse` alone would take "+5", too.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}
