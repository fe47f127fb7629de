//! Step client: the head of an answer.

use crate::fields::Fields;
use crate::framing::{Framing, parse_length};
use crate::given::errors::MessageError;
use crate::line::{LineEnding, read_line};
use crate::request::{Method, Version};
use std::io::BufRead;

/// Most bytes of the head of an answer.
pub const MAX_HEAD: usize = 65_536;

/// The head of an answer.
#[derive(Debug)]
pub struct Answer {
    /// The status line.
    pub line: String,
    /// The version in it.
    pub version: Version,
    /// The status code.
    pub code: u16,
    /// The fields.
    pub fields: Fields,
}

/// Reads the head of the final answer.
///
/// # Contract
///
/// * Answers with 1xx are skipped. They have no body, and the final answer follows.
/// * Status line and fields have at most [`MAX_HEAD`] bytes together. A line may end with LF alone,
///   because old servers send that.
///
/// # Errors
///
/// Those of `read_line`, [`parse_status_line`] and [`Fields::read`].
pub fn read_answer(input: &mut impl BufRead) -> Result<Answer, MessageError> {
    let mut left = MAX_HEAD;
    loop {
        let line = read_line(input, left, LineEnding::CrLfOrLf)?;
        left = left.checked_sub(line.len() + 2).ok_or(MessageError::TooLong)?;
        let (version, code) = parse_status_line(&line)?;
        let fields = Fields::read(input, left, LineEnding::CrLfOrLf)?;
        if code >= 200 {
            let line = String::from_utf8_lossy(&line).into_owned();
            return Ok(Answer { line, version, code, fields });
        }
        left = left
            .saturating_sub(fields.iter().map(|(name, value)| name.len() + value.len() + 4).sum());
    }
}

/// Parses a status line, `HTTP/1.1 200 OK`, and returns version and code.
///
/// # Contract
///
/// * `HTTP/1.` and a digit, a space, three digits, and either the end or a space and any text.
/// * A code below 100 is refused.
/// * `HTTP/1.0` is [`Version::Http10`], and each other digit is [`Version::Http11`].
///
/// # Errors
///
/// [`MessageError::Malformed`] with [`STATUS_LINE`].
pub fn parse_status_line(line: &[u8]) -> Result<(Version, u16), MessageError> {
    let rest = line.strip_prefix(b"HTTP/1.");
    match rest {
        Some(
            [
                minor @ b'0'..=b'9',
                b' ',
                a @ b'1'..=b'9',
                b @ b'0'..=b'9',
                c @ b'0'..=b'9',
                text @ ..,
            ],
        ) if text.is_empty() || text[0] == b' ' => {
            let version = if *minor == b'0' { Version::Http10 } else { Version::Http11 };
            let code =
                [a, b, c].iter().fold(0, |code, digit| code * 10 + u16::from(**digit - b'0'));
            Ok((version, code))
        }
        _ => Err(MessageError::Malformed(STATUS_LINE)),
    }
}

/// Finds the end of the body of an answer to `method`.
///
/// # Contract
///
/// * None (`Length(0)`): the answer to HEAD, 204 and 304, whatever the fields are.
/// * `Transfer-Encoding: chunked`: chunks, except in HTTP/1.0 (RFC 9112, section 6.1).
///   `Content-Length`: so many bytes.
/// * Neither: to the end of the connection.
/// * As strict as for requests, except that equal lengths may be repeated: in several fields, or in
///   one as a list with commas. Some servers behind proxies send that.
///
/// # Errors
///
/// [`MessageError::Malformed`] with [`FRAMING`]: both fields, different lengths, another coding, or
/// chunks in HTTP/1.0. Those of `parse_length`.
pub fn framing_of(method: Method, answer: &Answer) -> Result<Framing, MessageError> {
    if method == Method::Head || answer.code == 204 || answer.code == 304 {
        return Ok(Framing::Length(0));
    }
    let codings: Vec<&str> = answer.fields.all("transfer-encoding").collect();
    let values = answer.fields.all("content-length").flat_map(|value| value.split(','));
    let lengths = values
        .map(|text| parse_length(text.trim_matches([' ', '\t'])))
        .collect::<Result<Vec<u64>, _>>()?;
    match (&lengths[..], &codings[..]) {
        ([], []) => Ok(Framing::ToEnd),
        ([first, rest @ ..], []) if rest.iter().all(|length| length == first) => {
            Ok(Framing::Length(*first))
        }
        ([], _) if answer.version == Version::Http10 => Err(MessageError::Malformed(FRAMING)),
        ([], [coding]) if coding.eq_ignore_ascii_case("chunked") => Ok(Framing::Chunked),
        _ => Err(MessageError::Malformed(FRAMING)),
    }
}

/// Why a status line is refused.
pub const STATUS_LINE: &str = "a status line is HTTP/1.1 CODE TEXT";
/// Why an answer without a clear end is refused.
pub const FRAMING: &str = "it has no clear end";
