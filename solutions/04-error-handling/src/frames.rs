//! Step frames: messages in a stream that has none.
//!
//! ```text
//!    0      1      2      3      4                    4 + length
//!   ┌──────┬──────┬──────┬──────┬──── ··· ────────────┐
//!   │ length, u32, big-endian   │ payload, UTF-8      │
//!   └──────┴──────┴──────┴──────┴──── ··· ────────────┘
//! ```

use std::fmt;
use std::io::{self, ErrorKind, Read, Write};

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
/// # Errors
///
/// * [`FrameError::Truncated`]: the peer closed *inside* a frame.
/// * [`FrameError::TooLong`]: the length exceeds [`MAX_PAYLOAD`]; nothing was allocated for it,
///   and nothing read after it.
/// * [`FrameError::Io`]: any other error of read(2).
pub fn read_frame(stream: &mut impl Read) -> Result<Option<Vec<u8>>, FrameError> {
    let mut header = [0; HEADER_LEN];
    match fill(stream, &mut header)? {
        0 => return Ok(None),
        HEADER_LEN => (),
        _ => return Err(FrameError::Truncated),
    }

    // The peer chose this number. Check it before it sizes an allocation.
    let len = u32::from_be_bytes(header) as usize;
    if len > MAX_PAYLOAD {
        return Err(FrameError::TooLong(len));
    }

    let mut payload = vec![0; len];
    if fill(stream, &mut payload)? < len {
        return Err(FrameError::Truncated);
    }
    Ok(Some(payload))
}

/// Reads until `buffer` is full or the stream ends, and returns how many bytes it read.
///
/// `read_exact` would not tell an end between frames (0 bytes) from one inside a header.
fn fill(stream: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match stream.read(&mut buffer[filled..]) {
            Ok(0) => break,
            Ok(count) => filled += count,
            // EINTR: a signal came during the wait, and nothing was lost. Ctrl-Z and `fg` do
            // this to a socket that has a timeout, without any handler (signal(7)).
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    Ok(filled)
}

/// Writes `payload` as one frame.
///
/// # Contract
///
/// * The whole frame is written, however many writes it takes. Header and payload are one buffer, so
///   that they leave in one packet where they fit.
///
/// # Errors
///
/// * [`FrameError::TooLong`]: the payload exceeds [`MAX_PAYLOAD`]; nothing was written.
/// * [`FrameError::Io`]: any error of write(2).
pub fn write_frame(stream: &mut impl Write, payload: &[u8]) -> Result<(), FrameError> {
    if payload.len() > MAX_PAYLOAD {
        return Err(FrameError::TooLong(payload.len()));
    }
    let len = u32::try_from(payload.len()).expect("at most MAX_PAYLOAD");
    // One buffer and one write, because a header that travels alone may wait for its
    // acknowledgement before the payload follows (Nagle's algorithm, RFC 896).
    let mut frame = Vec::with_capacity(HEADER_LEN + payload.len());
    frame.extend(len.to_be_bytes());
    frame.extend(payload);
    Ok(stream.write_all(&frame)?)
}
