//! Step bodies: the body itself, for server and client.

use crate::fields::Fields;
use crate::framing::Framing;
use crate::given::errors::{MessageError, Refusal};
use crate::request::Version;
use std::io::{BufRead, ErrorKind, Write};

/// Copies a body to `output`, and returns its number of bytes.
///
/// # Contract
///
/// * Takes exactly the body from `input`. The next message begins behind it.
/// * Uses the same memory for a body of any size.
/// * A body of more than `limit` bytes is an error as soon as that is known, before its bytes are
///   read: at its `Content-Length`, or at the size of the chunk that exceeds the limit.
///
/// # Steps
///
/// 1. A length: compare it with `limit`, then call [`copy_exactly`].
/// 2. Chunks: in a loop, read a size. Zero is the last chunk, and trailers follow. Otherwise compare
///    the size with what is left of `limit`, copy so many bytes, and read the end of the chunk.
/// 3. To the end: call [`copy_some`] until it returns 0.
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
    todo!("lab10, step bodies: copy_body")
}

/// Copies the next `count` bytes, and returns `count`.
///
/// # Contract
///
/// * Takes exactly `count` bytes from `input`, in however many reads they arrive.
///
/// # Steps
///
/// 1. Call [`copy_some`] until nothing is left.
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
    todo!("lab10, step bodies: copy_exactly")
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
/// # Steps
///
/// 1. Call [`copy_body`] with a `Vec`, or with `io::sink`.
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
    // Given, so that earlier steps run.
    if framing == Framing::Length(0) {
        return Ok(Vec::new());
    }
    todo!("lab10, step bodies: receive_body")
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
/// # Steps
///
/// 1. Look at each value of `expect`. One that is not `100-continue` is an error.
/// 2. Look at the version, and at the framing.
///
/// # Errors
///
/// 417: any other expectation.
pub fn expectation(
    version: Version,
    fields: &Fields,
    framing: Framing,
) -> Result<Expectation, Refusal> {
    // Given, so that earlier steps run.
    if fields.first("expect").is_none() {
        return Ok(Expectation::None);
    }
    todo!("lab10, step bodies: expectation")
}
