//! Step requests: one line, one request.
//!
//! ```text
//!   NAME \n                    download
//!   /get OFFSET NAME \n        the rest of it
//!   /list \n                   what is there
//!   /sum NAME \n               SHA-256
//!   /put SIZE SHA256 NAME \n   upload, then SIZE bytes that are no lines
//! ```

use crate::given::errors::RequestError;
use crate::names::Name;
use crate::sum::Sum;
use std::io::{self, BufRead, Read};

/// Longest line that is read, without its ending: 1,024 bytes.
///
/// A client chooses how much it sends before a newline. We choose how much we keep.
pub const MAX_LINE: usize = 1024;

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
        /// What their sum must be.
        sum: Sum,
        /// What the file is to be called.
        name: Name,
    },
}

/// Why there is no line.
#[derive(Debug)]
pub enum LineError {
    /// More than [`MAX_LINE`] bytes without a newline.
    TooLong,
    /// The connection failed, or the time was up.
    Io(io::Error),
}

/// Reads one line.
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
/// [`LineError::TooLong`] as soon as more than [`MAX_LINE`] bytes have come (and an ending would
/// have fitted), wherever the line may end; [`LineError::Io`].
pub fn read_line(input: &mut impl BufRead) -> Result<Option<Vec<u8>>, LineError> {
    let mut line = Vec::new();
    // The limit makes an endless line end: `read_until` alone would collect it, all of it.
    let limit = MAX_LINE + b"\r\n".len();
    input.take(limit as u64).read_until(b'\n', &mut line).map_err(LineError::Io)?;

    if line.pop_if(|byte| *byte == b'\n').is_none() {
        return if line.len() < limit { Ok(None) } else { Err(LineError::TooLong) };
    }
    line.pop_if(|byte| *byte == b'\r');
    if line.len() > MAX_LINE { Err(LineError::TooLong) } else { Ok(Some(line)) }
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
            Some(("/get", rest)) => parse_get(rest).ok_or_else(|| expected(GET, text))?,
            Some(("/sum", name)) => Ok(Request::Sum(parse_name(name)?)),
            Some(("/put", rest)) => parse_put(rest).ok_or_else(|| expected(PUT, text))?,
            // All others begin with a slash, too: absolute, and so refused as names.
            _ => Ok(Request::Download { name: parse_name(text)?, offset: 0 }),
        }
    }
}

const GET: &str = "expected /get OFFSET NAME";
const PUT: &str = "expected /put SIZE SHA256 NAME";

/// `None`: a word is missing or wrong. The name is judged only then.
fn parse_get(rest: &str) -> Option<Result<Request, RequestError>> {
    let (offset, name) = rest.split_once(' ')?;
    let offset = number(offset)?;
    Some(parse_name(name).map(|name| Request::Download { name, offset }))
}

fn parse_put(rest: &str) -> Option<Result<Request, RequestError>> {
    let (size, rest) = rest.split_once(' ')?;
    let (sum, name) = rest.split_once(' ')?;
    let (size, sum) = (number(size)?, Sum::parse(sum)?);
    Some(parse_name(name).map(|name| Request::Put { size, sum, name }))
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
