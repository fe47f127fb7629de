//! Step bodies: chunks (RFC 9112, section 7.1).
//!
//! ```text
//!   5 CR LF  hello CR LF     the size in hex, then so many bytes
//!   0 CR LF                  the last chunk
//!   CR LF                    no trailers
//! ```

use crate::fields::Fields;
use crate::given::errors::MessageError;
use crate::line::{LineEnding, read_line};
use std::io::{BufRead, Read};

/// Most bytes of the line of a chunk: 16 digits, and 256 bytes of an extension.
pub const MAX_CHUNK_LINE: usize = 16 + 256;
/// Most bytes of all trailers.
pub const MAX_TRAILER_BYTES: usize = 16_384;

/// Reads the line in front of a chunk, and returns its size.
///
/// # Contract
///
/// * 1 to 16 hex digits in any case. `;` and an extension of at most 255 bytes may follow, with
///   spaces or tabs before it. The extension is ignored, also if it is not UTF-8.
///
/// # Errors
///
/// * [`MessageError::Malformed`] with [`CHUNK_SIZE`], also for a line that is too long.
/// * The other errors of `read_line`.
pub fn read_chunk_size(input: &mut impl BufRead) -> Result<u64, MessageError> {
    const WRONG: MessageError = MessageError::Malformed(CHUNK_SIZE);
    let line = match read_line(input, MAX_CHUNK_LINE, LineEnding::CrLf) {
        Err(MessageError::TooLong) => return Err(WRONG),
        line => line?,
    };
    // Only the size is text. The extension may be any bytes.
    let size = line.split(|byte| *byte == b';').next().unwrap_or_default();
    let text = str::from_utf8(size).map_err(|_| WRONG)?;
    let digits = match line.len() - size.len() {
        0 => text,
        // The `;` and the extension.
        1..=256 => text.trim_end_matches([' ', '\t']),
        _ => return Err(WRONG),
    };
    let is_hex = digits.len() <= 16 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    u64::from_str_radix(digits, 16).ok().filter(|_| is_hex).ok_or(WRONG)
}

/// Reads the end of a chunk.
///
/// # Contract
///
/// * Takes exactly CR LF from `input`.
/// * A read that a signal interrupts (`Interrupted`) is repeated.
///
/// # Errors
///
/// * [`MessageError::Malformed`] with [`CHUNK_END`].
/// * [`MessageError::Ended`], [`MessageError::Io`].
pub fn read_chunk_end(input: &mut impl BufRead) -> Result<(), MessageError> {
    let mut ending = Vec::new();
    input.take(2).read_until(b'\n', &mut ending)?;
    match &ending[..] {
        b"\r\n" => Ok(()),
        b"" | b"\r" => Err(MessageError::Ended),
        _ => Err(MessageError::Malformed(CHUNK_END)),
    }
}

/// Reads the trailers behind the last chunk, and drops them. (Given.)
///
/// # Errors
///
/// Those of [`Fields::read`]. Too many are [`MessageError::Malformed`].
pub fn skip_trailers(input: &mut impl BufRead) -> Result<(), MessageError> {
    match Fields::read(input, MAX_TRAILER_BYTES, LineEnding::CrLf) {
        Err(MessageError::TooLong) => Err(MessageError::Malformed(TRAILERS)),
        fields => fields.map(drop),
    }
}

/// The reason of a 400 for a wrong size.
pub const CHUNK_SIZE: &str = "a chunk begins with 1 to 16 hex digits";
/// The reason of a 400 for a chunk that is longer than its size.
pub const CHUNK_END: &str = "a chunk ends with CR LF";
/// The reason of a 400 for too many trailers.
pub const TRAILERS: &str = "the trailers are too long";
