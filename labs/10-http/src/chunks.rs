//! Step bodies: chunks (RFC 9112, section 7.1).
//!
//! ```text
//!   5 CR LF  hello CR LF     the size in hex, then so many bytes
//!   0 CR LF                  the last chunk
//!   CR LF                    no trailers
//! ```

use crate::fields::Fields;
use crate::given::errors::MessageError;
use crate::line::LineEnding;
use std::io::BufRead;

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
/// # Steps
///
/// 1. Read a line of at most [`MAX_CHUNK_LINE`] bytes.
/// 2. Take the bytes before `;`, and only them as text. Only if there is a `;`, trim spaces and
///    tabs at its end.
/// 3. Check the number of digits, each digit, and the number of bytes behind `;`. Then parse.
///
/// # Errors
///
/// * [`MessageError::Malformed`] with [`CHUNK_SIZE`], also for a line that is too long.
/// * The other errors of `read_line`.
pub fn read_chunk_size(input: &mut impl BufRead) -> Result<u64, MessageError> {
    todo!("lab10, step bodies: read_chunk_size")
}

/// Reads the end of a chunk.
///
/// # Contract
///
/// * Takes exactly CR LF from `input`.
/// * A read that a signal interrupts (`Interrupted`) is repeated.
///
/// # Steps
///
/// 1. Read two bytes, and look at them. If you do not, an attacker chooses where the next chunk
///    begins.
///
/// # Errors
///
/// * [`MessageError::Malformed`] with [`CHUNK_END`].
/// * [`MessageError::Ended`], [`MessageError::Io`].
pub fn read_chunk_end(input: &mut impl BufRead) -> Result<(), MessageError> {
    todo!("lab10, step bodies: read_chunk_end")
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
