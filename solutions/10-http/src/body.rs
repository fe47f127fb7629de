//! Step bodies: the body itself, for server and client.

use crate::chunks::{read_chunk_end, read_chunk_size, skip_trailers};
use crate::fields::Fields;
use crate::framing::Framing;
use crate::given::errors::{MessageError, Refusal};
use crate::given::status::Status;
use crate::request::Version;
use std::io::{self, BufRead, ErrorKind, Write};

/// Copies a body to `output`, and returns its number of bytes.
///
/// # Contract
///
/// * Takes exactly the body from `input`. The next message begins behind it.
/// * Uses the same memory for a body of any size.
/// * A body of more than `limit` bytes is an error as soon as that is known, before its bytes are
///   read: at its `Content-Length`, or at the size of the chunk that exceeds the limit.
///
/// # Errors
///
/// * [`MessageError::TooLong`]: more than `limit` bytes.
/// * [`MessageError::Ended`]: the stream ended inside the body.
/// * Those of the functions above.
pub fn copy_body(
    input: &mut impl BufRead,
    framing: Framing,
    limit: u64,
    output: &mut impl Write,
) -> Result<u64, MessageError> {
    match framing {
        Framing::Length(length) if length > limit => Err(MessageError::TooLong),
        Framing::Length(length) => copy_exactly(input, length, output),
        Framing::Chunked => copy_chunks(input, limit, output),
        Framing::ToEnd => {
            let mut copied = 0;
            loop {
                match copy_some(input, u64::MAX, output)? {
                    0 => return Ok(copied),
                    count => copied += count,
                }
            }
        }
    }
}

fn copy_chunks(
    input: &mut impl BufRead,
    limit: u64,
    output: &mut impl Write,
) -> Result<u64, MessageError> {
    let mut copied = 0;
    loop {
        let size = read_chunk_size(input)?;
        if size == 0 {
            skip_trailers(input)?;
            return Ok(copied);
        }
        // Not `copied + size`, which may overflow.
        if size > limit - copied {
            return Err(MessageError::TooLong);
        }
        copied += copy_exactly(input, size, output)?;
        read_chunk_end(input)?;
    }
}

/// Copies the next `count` bytes, and returns `count`.
///
/// # Contract
///
/// * Takes exactly `count` bytes from `input`, in however many reads they arrive.
///
/// # Errors
///
/// * [`MessageError::Ended`]: the stream ended before. The end of the stream is not the end of the
///   body.
/// * Those of [`copy_some`].
pub fn copy_exactly(
    input: &mut impl BufRead,
    count: u64,
    output: &mut impl Write,
) -> Result<u64, MessageError> {
    let mut left = count;
    while left > 0 {
        match copy_some(input, left, output)? {
            0 => return Err(MessageError::Ended),
            some => left -= some,
        }
    }
    Ok(count)
}

/// Copies the bytes of one read, `most` at most, and returns their number. 0 is the end of the
/// stream. (Given.)
///
/// # Errors
///
/// [`MessageError::Io`], and [`MessageError::Output`] when `output` fails.
pub fn copy_some(
    input: &mut impl BufRead,
    most: u64,
    output: &mut impl Write,
) -> Result<u64, MessageError> {
    let bytes = loop {
        match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            bytes => break bytes?,
        }
    };
    let count = bytes.len().min(usize::try_from(most).unwrap_or(usize::MAX));
    output.write_all(&bytes[..count]).map_err(MessageError::Output)?;
    input.consume(count);
    Ok(count as u64)
}

/// The body of a request, as far as the answer needs it.
///
/// # Contract
///
/// * The whole body is read, even if no handler wants it. Otherwise its bytes would be the next
///   request. Only a wanted body is kept in memory and returned.
///
/// # Errors
///
/// * 413: it has more than `limit` bytes.
/// * Those of [`copy_body`].
pub fn receive_body(
    input: &mut impl BufRead,
    framing: Framing,
    limit: u64,
    is_wanted: bool,
) -> Result<Vec<u8>, Refusal> {
    let mut body = Vec::new();
    let outcome = match is_wanted {
        true => copy_body(input, framing, limit, &mut body),
        false => copy_body(input, framing, limit, &mut io::sink()),
    };
    match outcome {
        Ok(_) => Ok(body),
        Err(MessageError::TooLong) => Err(Refusal::Answer(Status::CONTENT_TOO_LARGE, "")),
        Err(error) => Err(error.into()),
    }
}

/// What the client expects before it sends a body (RFC 9110, section 10.1.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expectation {
    /// Nothing. The body follows.
    None,
    /// It waits for `100 Continue` or for a final status.
    Continue,
}

/// Finds what the client expects.
///
/// # Contract
///
/// * `Expect: 100-continue`, in any case, is [`Expectation::Continue`], if a body follows.
/// * HTTP/1.0 does not know 100, so there it is [`Expectation::None`].
///
/// # Errors
///
/// 417: any other expectation.
pub fn expectation(
    version: Version,
    fields: &Fields,
    framing: Framing,
) -> Result<Expectation, Refusal> {
    let mut values = fields.all("expect");
    if values.any(|value| !value.eq_ignore_ascii_case("100-continue")) {
        return Err(Refusal::Answer(Status::EXPECTATION_FAILED, ""));
    }
    let is_asked = fields.first("expect").is_some() && version == Version::Http11;
    match is_asked && framing != Framing::Length(0) {
        true => Ok(Expectation::Continue),
        false => Ok(Expectation::None),
    }
}
