//! Step bodies: where the body of a message ends (RFC 9112, section 6).
//!
//! ```text
//!   Content-Length: 5             five bytes
//!   Transfer-Encoding: chunked    chunks, up to the last one
//!   neither                       a request has no body; an answer ends with the connection
//!   both, or one twice            two programs would see two different ends
//! ```

use crate::fields::Fields;
use crate::given::errors::MessageError;
use crate::request::Version;

/// Where a body ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// After this many bytes.
    Length(u64),
    /// After the last chunk and its trailers.
    Chunked,
    /// With the connection. Only answers.
    ToEnd,
}

impl Framing {
    /// Finds the end of the body of a request.
    ///
    /// # Contract
    ///
    /// * `Content-Length`: one field with one number ([`parse_length`]).
    /// * `Transfer-Encoding`: one field with the one word `chunked`, in any case of its ASCII letters,
    ///   and HTTP/1.1.
    /// * Neither: `Length(0)`.
    ///
    /// # Steps
    ///
    /// 1. Collect the values of both fields.
    /// 2. Match on both slices. All that is not above is an error.
    ///
    /// # Errors
    ///
    /// [`MessageError::Malformed`]:
    ///
    /// * [`TWO_LENGTHS`]: both fields, or one of them twice, even with equal values. RFC 9112,
    ///   section 6.3, allows both fields together and then prefers chunks. That is where attackers
    ///   begin, and no honest client sends it.
    /// * [`CODING`]: any other coding, or a coding in HTTP/1.0.
    /// * [`LENGTH`]: a length that is no number.
    pub fn of_request(version: Version, fields: &Fields) -> Result<Framing, MessageError> {
        // Given, so that earlier steps run. No request has a body.
        if fields.first("content-length").is_none() && fields.first("transfer-encoding").is_none() {
            return Ok(Framing::Length(0));
        }
        todo!("lab10, step bodies: of_request")
    }
}

/// Parses the value of a `Content-Length`.
///
/// # Contract
///
/// * Accepts decimal digits that fit 64 bits, and nothing else: no sign, no space, no comma.
///
/// # Steps
///
/// 1. Check that there is a byte, and that each is an ASCII digit. (`parse` alone accepts `+5`.)
/// 2. Parse.
///
/// # Errors
///
/// [`MessageError::Malformed`] with [`LENGTH`].
pub fn parse_length(text: &str) -> Result<u64, MessageError> {
    todo!("lab10, step bodies: parse_length")
}

/// The reason of a 400 for more than one statement about the length.
pub const TWO_LENGTHS: &str = "a message has one Content-Length or one Transfer-Encoding";
/// The reason of a 400 for a length that is no number.
pub const LENGTH: &str = "a Content-Length is decimal digits";
/// The reason of a 400 for a transfer coding.
pub const CODING: &str = "the only transfer coding is chunked, and only in HTTP/1.1";
