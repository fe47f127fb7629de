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
use crate::given::errors::{LINE_TOO_LONG, RequestError};
use crate::names::Name;
use common::line::{self, Line};
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
/// # Errors
///
/// * Fatal: `LINE_TOO_LONG` for more than 1,024 bytes without the ending, as soon as that is
///   certain, wherever the line may end.
/// * [`RequestError::from_read`] for what `input` reports.
pub fn read_line(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, RequestError> {
    match line::read(input).map_err(RequestError::from_read)? {
        Line::Whole(line) => Ok(Some(line)),
        Line::End => Ok(None),
        // The rest of the line would be taken for the next request.
        Line::TooLong => Err(RequestError::Fatal(LINE_TOO_LONG)),
    }
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
    /// # Errors
    ///
    /// * A name that is none, or a line that is not UTF-8: [`RequestError::no_such_file`].
    /// * `/get` and `/put` with words that are no number or sum: refused with
    ///   `expected /get OFFSET NAME` or `expected /put SIZE SHA256 NAME`.
    pub fn parse(line: &[u8]) -> Result<Request, RequestError> {
        let Ok(text) = str::from_utf8(line) else {
            return Err(RequestError::no_such_file(&line.escape_ascii().to_string(), "not UTF-8"));
        };
        match text.split_once(' ') {
            None if text == "/list" => Ok(Request::List),
            Some(("/get", words)) => {
                let (offset, name) = parse_get(words).ok_or_else(|| expected(GET, text))?;
                Ok(Request::Download { name: parse_name(name)?, offset })
            }
            Some(("/sum", name)) => Ok(Request::Sum(parse_name(name)?)),
            Some(("/put", words)) => {
                let (size, digest, name) = parse_put(words).ok_or_else(|| expected(PUT, text))?;
                Ok(Request::Put { size, digest, name: parse_name(name)? })
            }
            // All others begin with a slash, too: absolute, and so refused as names.
            _ => Ok(Request::Download { name: parse_name(text)?, offset: 0 }),
        }
    }
}

const GET: &str = "expected /get OFFSET NAME";
const PUT: &str = "expected /put SIZE SHA256 NAME";

/// OFFSET and NAME; `None` if a word is missing or is no number.
fn parse_get(words: &str) -> Option<(u64, &str)> {
    let (offset, name) = words.split_once(' ')?;
    Some((number(offset)?, name))
}

/// SIZE, SHA256 and NAME; `None` if a word is missing or is not what it should be.
fn parse_put(words: &str) -> Option<(u64, Digest, &str)> {
    let (size, words) = words.split_once(' ')?;
    let (digest, name) = words.split_once(' ')?;
    Some((number(size)?, Digest::parse(digest)?, name))
}

fn parse_name(text: &str) -> Result<Name, RequestError> {
    Name::parse(text).map_err(|why| RequestError::no_such_file(text, why))
}

fn expected(answer: &'static str, text: &str) -> RequestError {
    RequestError::Refused { answer, why: format!("{text:?}") }
}

/// Decimal digits as a number, and nothing else. (Given.)
pub fn number(text: &str) -> Option<u64> {
    // `parse` alone would take "+5", too.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}
