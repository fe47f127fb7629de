//! Step client: the head of an answer.

use crate::fields::Fields;
use crate::framing::Framing;
use crate::given::errors::MessageError;
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
/// # Steps
///
/// 1. Read a line, call [`parse_status_line`], and read the fields with what is left of the limit.
/// 2. Repeat while the code is 1xx. A server that sends those for ever has the same limit.
///
/// # Errors
///
/// Those of `read_line`, [`parse_status_line`] and [`Fields::read`].
pub fn read_answer(input: &mut impl BufRead) -> Result<Answer, MessageError> {
    todo!("lab10, step client: read_answer")
}

/// Parses a status line, `HTTP/1.1 200 OK`, and returns version and code.
///
/// # Contract
///
/// * `HTTP/1.` and a digit, a space, three digits, and either the end or a space and any text.
/// * A code below 100 is refused.
/// * `HTTP/1.0` is [`Version::Http10`], and each other digit is [`Version::Http11`].
///
/// # Steps
///
/// 1. Compare the parts of the slice one by one, or match on a slice pattern.
///
/// # Errors
///
/// [`MessageError::Malformed`] with [`STATUS_LINE`].
pub fn parse_status_line(line: &[u8]) -> Result<(Version, u16), MessageError> {
    todo!("lab10, step client: parse_status_line")
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
/// # Steps
///
/// 1. Look at the method and the code.
/// 2. Collect both fields. Split each length at its commas, and trim spaces.
///
/// # Errors
///
/// [`MessageError::Malformed`] with [`FRAMING`]: both fields, different lengths, another coding, or
/// chunks in HTTP/1.0. Those of `parse_length`.
pub fn framing_of(method: Method, answer: &Answer) -> Result<Framing, MessageError> {
    todo!("lab10, step client: framing_of")
}

/// Why a status line is refused.
pub const STATUS_LINE: &str = "a status line is HTTP/1.1 CODE TEXT";
/// Why an answer without a clear end is refused.
pub const FRAMING: &str = "it has no clear end";
