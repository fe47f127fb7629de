//! Step requests: one line is one request.
//!
//! ```text
//!   NAME \n                    download
//!   /get OFFSET NAME \n        download from OFFSET on
//!   /list \n                   all files
//!   /sum NAME \n               SHA-256
//!   /put SIZE SHA256 NAME \n   upload, followed by SIZE bytes
//! ```

use crate::digest::Digest;
use crate::given::errors::RequestError;
use crate::names::Name;
use std::io::BufRead;

/// A client's request.
#[derive(Debug, PartialEq, Eq)]
pub enum Request {
    /// `NAME`, or `/get OFFSET NAME`: a file, from `offset` on.
    Download {
        /// The file.
        name: Name,
        /// How many of its bytes the client already has.
        offset: u64,
    },
    /// `/list`: all files.
    List,
    /// `/sum NAME`: a file's SHA-256.
    Sum(Name),
    /// `/put SIZE SHA256 NAME`: a file follows.
    Put {
        /// Its size in bytes.
        size: u64,
        /// The digest that these bytes must have.
        digest: Digest,
        /// The name of the file.
        name: Name,
    },
}

/// Reads the line of one request.
///
/// # Contract
///
/// * `Ok(Some(line))`: one line without its ending (`\n` or `\r\n`), in however many reads it
///   arrived. The bytes after it stay in `input`.
/// * `Ok(None)`: the client has finished. An unfinished line at the end is dropped, because its
///   missing part could change its meaning.
///
/// # Steps
///
/// 1. `common::line::read` reads a line (lab 02), up to the newline and at most 1,024 bytes.
/// 2. It has three outcomes (`common::line::Line`) and can fail. Return the right value for each.
///
/// # Errors
///
/// * Fatal: `LINE_TOO_LONG` for more than 1,024 bytes (not characters) before the ending, as soon
///   as that is certain. The line need not have ended.
/// * [`RequestError::from_read`] for the errors of `input`.
pub fn read_line(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, RequestError> {
    todo!("lab07, step requests: read_line")
}

impl Request {
    /// Parses a line.
    ///
    /// # Contract
    ///
    /// * Accepts the five requests above. Commands are lower case, and one space divides two words.
    ///   A NAME is the rest of the line with all its spaces.
    /// * OFFSET and SIZE are decimal digits that fit 64 bits.
    ///
    /// # Steps
    ///
    /// 1. `str::from_utf8` makes the bytes text, or fails.
    /// 2. `split_once(' ')` divides the command from the rest. Check the words of the rest
    ///    ([`number`], [`Digest::parse`]), the NAME last ([`Name::parse`]).
    /// 3. Any other line is a name. [`Name::parse`] refuses a name that begins with a slash.
    ///
    /// # Errors
    ///
    /// * A refused name, or a line that is not UTF-8: [`RequestError::no_such_file`], with the name
    ///   or the line for the log.
    /// * `/get` and `/put` with a missing word, or with a word that is not a number or sum: refused
    ///   with `expected /get OFFSET NAME` or `expected /put SIZE SHA256 NAME`. Its `why` has the
    ///   line escaped (`{:?}`), because control characters could forge lines of the log.
    pub fn parse(line: &[u8]) -> Result<Request, RequestError> {
        todo!("lab07, step requests: parse")
    }
}

/// Parses decimal digits that fit 64 bits. `None` for anything else. (Given.)
pub fn number(text: &str) -> Option<u64> {
    // `parse` alone would accept "+5", too.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}
