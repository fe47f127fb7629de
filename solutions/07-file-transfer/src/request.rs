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
use crate::given::errors::{LINE_TOO_LONG, RequestError};
use crate::names::Name;
use common::line::{self, Line};
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
/// # Errors
///
/// * Fatal: `LINE_TOO_LONG` for more than 1,024 bytes (not characters) before the ending, as soon
///   as that is certain. The line need not have ended.
/// * [`RequestError::from_read`] for the errors of `input`.
pub fn read_line(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, RequestError> {
    match line::read(input).map_err(RequestError::from_read)? {
        Line::Whole(line) => Ok(Some(line)),
        Line::End => Ok(None),
        // The server would take the rest of the line for the next request.
        Line::TooLong => Err(RequestError::Fatal(LINE_TOO_LONG)),
    }
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
    /// # Errors
    ///
    /// * A refused name, or a line that is not UTF-8: [`RequestError::no_such_file`], with the name
    ///   or the line for the log.
    /// * `/get` and `/put` with a missing word, or with a word that is not a number or sum: refused
    ///   with `expected /get OFFSET NAME` or `expected /put SIZE SHA256 NAME`. Its `why` has the
    ///   line escaped (`{:?}`), because control characters could forge lines of the log.
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
            // An unknown command begins with a slash, so Name::parse refuses it as absolute.
            _ => Ok(Request::Download { name: parse_name(text)?, offset: 0 }),
        }
    }
}

const GET: &str = "expected /get OFFSET NAME";
const PUT: &str = "expected /put SIZE SHA256 NAME";

/// OFFSET and NAME. `None` if a word is missing or is not a number.
fn parse_get(words: &str) -> Option<(u64, &str)> {
    let (offset, name) = words.split_once(' ')?;
    Some((number(offset)?, name))
}

/// SIZE, SHA256 and NAME. `None` if a word is missing or wrong.
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

/// Parses decimal digits that fit 64 bits. `None` for anything else. (Given.)
pub fn number(text: &str) -> Option<u64> {
    // `parse` alone would accept "+5", too.
    let digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| digits)
}
