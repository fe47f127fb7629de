//! Step deadlines: every wait ends when its time is over.
//!
//! ```text
//!   timeout for each read:    ├── 2 s ──┤ byte ├── 2 s ──┤ byte ├── 2 s ──┤ byte ···  for ever
//!   deadline for the frame:   ├──────── 2 s, whatever arrives ──────┤ cut off
//! ```

use crate::frames::{FrameError, read_frame};
use common::net::is_timeout;
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
    /// # Errors
    ///
    /// Kind `TimedOut`, on every platform, when the deadline has passed; else those of read(2).
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // The kernel has timeouts for one call, not deadlines. So each call gets the time left.
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buffer).map_err(normalize_timeout)
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
    /// # Errors
    ///
    /// Kind `TimedOut`, on every platform, when the deadline has passed; else those of write(2).
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // write(2) waits too: for room in the send buffer, when the peer does not read.
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(bytes).map_err(normalize_timeout)
    }

    /// Nothing to do, because no bytes are kept back on our side of write(2).
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One kind for an expired timeout on every platform: `TimedOut`.
fn normalize_timeout(error: io::Error) -> io::Error {
    if is_timeout(&error) { ErrorKind::TimedOut.into() } else { error }
}

/// Waits until `stream` has something to read, or has ended, for at most `time`.
///
/// # Contract
///
/// * `Ok(())`: a byte waits, or the end of the stream. Nothing was consumed.
/// * A wait that a signal interrupted goes on, and ends when it should have.
///
/// # Errors
///
/// Kind `TimedOut`, on every platform, when the time has passed; else those of recv(2).
pub fn wait_for_first_byte(stream: &TcpStream, time: Duration) -> io::Result<()> {
    let waiting = Timed::new(stream, time);
    loop {
        stream.set_read_timeout(Some(waiting.left()?))?;
        // MSG_PEEK looks into the receive queue and takes nothing out (recv(2)).
        match stream.peek(&mut [0]) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(error) => return Err(normalize_timeout(error)),
        }
    }
}

/// Reads the next frame of a client, as [`read_frame`] does, in time.
///
/// # Contract
///
/// * The first byte may take `limits.idle`. From then on the whole frame may take `limits.frame`.
///
/// # Errors
///
/// Those of [`read_frame`]; when the time has passed, [`FrameError::Io`] of kind `TimedOut`.
pub fn next_frame(stream: &TcpStream, limits: Limits) -> Result<Option<Vec<u8>>, FrameError> {
    // A client may be silent for long...
    wait_for_first_byte(stream, limits.idle)?;
    // ...but a frame that has begun must be finished.
    read_frame(&mut Timed::new(stream, limits.frame))
}
