//! Step frames: messages in a stream that has none.
//!
//! ```text
//!    0      1      2      3      4                    4 + length
//!   ┌──────┬──────┬──────┬──────┬──── ··· ────────────┐
//!   │ length, u32, big-endian   │ payload, UTF-8      │
//!   └──────┴──────┴──────┴──────┴──── ··· ────────────┘
//! ```

use std::fmt;
use std::io::{self, Read, Write};

/// How many bytes announce a payload's length: 4, a u32 in network byte order.
pub const HEADER_LEN: usize = 4;

/// Longest payload: 65,536 bytes.
///
/// A header can announce 4 GiB. Without a limit, four bytes from a stranger would decide how
/// much memory we use.
pub const MAX_PAYLOAD: usize = 65_536;

/// Why there is no frame.
#[derive(Debug)]
pub enum FrameError {
    /// The stream ended inside a frame.
    Truncated,
    /// The frame has, or announces, so many bytes: more than [`MAX_PAYLOAD`].
    TooLong(usize),
    /// The connection failed, or no byte arrived in time.
    Io(io::Error),
}

impl fmt::Display for FrameError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            FrameError::Truncated => formatter.write_str("the peer closed inside a frame"),
            FrameError::TooLong(len) => write!(formatter, "a frame of {len} bytes"),
            FrameError::Io(error) => formatter.write_str(&common::net::reason(error)),
        }
    }
}

impl From<io::Error> for FrameError {
    fn from(error: io::Error) -> FrameError {
        FrameError::Io(error)
    }
}

/// Reads one frame from `stream` and returns its payload.
///
/// # Contract
///
/// * `Ok(Some(payload))`: one whole frame, however many reads it took, and not one byte of the
///   next. A payload may be empty.
/// * `Ok(None)`: the peer closed *between* frames, a normal end.
/// * A read that a signal interrupted is tried again.
///
/// # Steps
///
/// 1. Read [`HEADER_LEN`] bytes, in as many reads as it takes. No byte at all means `Ok(None)`.
///    (`read_exact` does not report that. Write a helper that returns how many bytes it read.)
/// 2. Decode the length (`u32::from_be_bytes`: network byte order), and check it.
/// 3. Read exactly that many bytes. For a length of 0, call no `read`: with an empty buffer it
///    waits for the next byte.
///
/// # Errors
///
/// * [`FrameError::Truncated`]: the peer closed *inside* a frame.
/// * [`FrameError::TooLong`]: the length exceeds [`MAX_PAYLOAD`]; nothing was allocated for it,
///   and nothing read after it.
/// * [`FrameError::Io`]: any other error of read(2).
pub fn read_frame(stream: &mut impl Read) -> Result<Option<Vec<u8>>, FrameError> {
    todo!("lab04, step frames: read_frame")
}

/// Writes `payload` as one frame.
///
/// # Contract
///
/// * The whole frame is written, however many writes it takes. Header and payload are one buffer, so
///   that they leave in one packet where they fit.
///
/// # Steps
///
/// 1. Check the length; put header and payload into one buffer; `write_all` it.
///
/// # Errors
///
/// * [`FrameError::TooLong`]: the payload exceeds [`MAX_PAYLOAD`]; nothing was written.
/// * [`FrameError::Io`]: any error of write(2).
pub fn write_frame(stream: &mut impl Write, payload: &[u8]) -> Result<(), FrameError> {
    todo!("lab04, step frames: write_frame")
}
