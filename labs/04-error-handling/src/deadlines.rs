//! Step deadlines: every wait ends when its time is over.
//!
//! ```text
//!   timeout for each read:    ├── 2 s ──┤ byte ├── 2 s ──┤ byte ├── 2 s ──┤ byte ···  for ever
//!   deadline for the frame:   ├──────── 2 s, whatever arrives ──────┤ cut off
//! ```

use crate::frames::{FrameError, read_frame};
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a client may keep the server waiting.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Between frames: until the first byte of the next one.
    pub idle: Duration,
    /// For a whole frame, counted from its first byte; for taking an answer; for the lingering
    /// close.
    pub frame: Duration,
}

/// A stream that reads and writes until a deadline, and not beyond it.
///
/// There is one deadline, however many reads and writes it takes: a peer that sends, or takes,
/// one byte now and then gains no time by it.
#[derive(Debug)]
pub struct Timed<'a> {
    stream: &'a TcpStream,
    /// A moment, not a length of time. It stays where it is while calls come and go.
    deadline: Instant,
}

impl Timed<'_> {
    /// Reads and writes on `stream` for at most `time` from now, in all.
    pub fn new(stream: &TcpStream, time: Duration) -> Timed<'_> {
        Timed { stream, deadline: Instant::now() + time }
    }

    /// How much time is left, for the next call. Never zero, which would mean "for ever" to the
    /// kernel (socket(7), SO_RCVTIMEO), and is an error to std.
    ///
    /// # Errors
    ///
    /// Kind `TimedOut` when the deadline has passed.
    pub fn left(&self) -> io::Result<Duration> {
        match self.deadline.saturating_duration_since(Instant::now()) {
            Duration::ZERO => Err(ErrorKind::TimedOut.into()),
            left => Ok(left),
        }
    }
}

impl Read for Timed<'_> {
    /// Reads the bytes that have arrived, like read(2); waits for them until the deadline.
    ///
    /// # Contract
    ///
    /// * Never waits beyond the deadline, and reads nothing after it.
    ///
    /// # Steps
    ///
    /// 1. Before each call: `set_read_timeout` to the time that is left. Then read.
    /// 2. An expired timeout is `WouldBlock` on Unix, `TimedOut` on Windows
    ///    (`common::net::is_timeout`). Return `TimedOut` for both.
    ///
    /// # Errors
    ///
    /// Kind `TimedOut`, on every platform, when the deadline has passed; else those of read(2).
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        todo!("lab04, step deadlines: read")
    }
}

impl Write for Timed<'_> {
    /// Writes as many bytes as there is room for, like write(2); waits for room until the
    /// deadline.
    ///
    /// # Contract
    ///
    /// * Never waits beyond the deadline, and writes nothing after it.
    ///
    /// # Steps
    ///
    /// 1. The same as `read`, with `set_write_timeout`.
    ///
    /// # Errors
    ///
    /// Kind `TimedOut`, on every platform, when the deadline has passed; else those of write(2).
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Given, so that the steps before this one can be tried: a write without a deadline.
        let count = self.stream.write(bytes)?;
        if count > 0 {
            return Ok(count);
        }
        todo!("lab04, step deadlines: write")
    }

    /// Nothing to do, because no bytes are kept back on our side of write(2).
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Waits until `stream` has something to read, or has ended, for at most `time`.
///
/// # Contract
///
/// * `Ok(())`: a byte waits, or the end of the stream. Nothing was consumed.
/// * A wait that a signal interrupted goes on, and ends when it should have.
///
/// # Steps
///
/// 1. `TcpStream::peek` waits for a byte, like `read`, and leaves it where it is.
/// 2. Before each call: `set_read_timeout` to the time that is left ([`Timed::left`]).
/// 3. `Interrupted`: try again. An expired timeout: `TimedOut`, as in `read`.
///
/// # Errors
///
/// Kind `TimedOut`, on every platform, when the time has passed; else those of recv(2).
pub fn wait_for_first_byte(stream: &TcpStream, time: Duration) -> io::Result<()> {
    todo!("lab04, step deadlines: wait_for_first_byte")
}

/// Reads the next frame of a client, as [`read_frame`] does, in time.
///
/// # Contract
///
/// * The first byte may take `limits.idle`. From then on the whole frame may take `limits.frame`.
///
/// # Steps
///
/// 1. Two clocks: [`wait_for_first_byte`] first, then a new [`Timed`] for the whole frame.
///
/// # Errors
///
/// Those of [`read_frame`]; when the time has passed, [`FrameError::Io`] of kind `TimedOut`.
pub fn next_frame(stream: &TcpStream, limits: Limits) -> Result<Option<Vec<u8>>, FrameError> {
    // Given, so that the steps before this one can be tried: a read without a deadline.
    match read_frame(&mut &*stream) {
        Err(FrameError::Io(_)) => (),
        other => return other,
    }
    todo!("lab04, step deadlines: next_frame")
}
