//! Step deadlines: waiting, but never longer than we said.
//!
//! ```text
//!   timeout for each read:    ├── 2 s ──┤ byte ├── 2 s ──┤ byte ├── 2 s ──┤ byte ···  for ever
//!   deadline for the frame:   ├──────── 2 s, whatever comes ────────┤ cut off
//! ```

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

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
/// 2. Before each call: `set_read_timeout` to what is left ([`Timed::left`] knows).
/// 3. `Interrupted`: go round again. `WouldBlock` is what Unix calls `TimedOut`.
///
/// # Errors
///
/// Kind `TimedOut`, on every platform, when the time has passed; else those of recv(2).
pub fn wait_for_first_byte(stream: &TcpStream, time: Duration) -> io::Result<()> {
    // Given, so that the steps before this one can be tried: enough for a client in a hurry.
    let waiting = Timed::new(stream, time);
    stream.peek(&mut [0])?;
    if waiting.left().is_ok() {
        return Ok(());
    }
    todo!("lab04, step deadlines: wait_for_first_byte")
}

/// A stream that reads and writes until a deadline, and not beyond it.
///
/// It is all one deadline, however many reads and writes it takes: a peer that sends, or takes,
/// one byte now and then gains nothing by it.
#[derive(Debug)]
pub struct Timed<'a> {
    stream: &'a TcpStream,
    /// A moment, not a length of time: it stays where it is while calls come and go.
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
    /// Reads what has come, like read(2); waits for it until the deadline.
    ///
    /// # Contract
    ///
    /// * Never waits beyond the deadline, and reads nothing after it.
    ///
    /// # Steps
    ///
    /// 1. Before each call: `set_read_timeout` to what is left. Then read.
    /// 2. `WouldBlock` is what Unix calls `TimedOut`.
    ///
    /// # Errors
    ///
    /// Kind `TimedOut`, on every platform, when the deadline has passed; else those of read(2).
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // Given, so that the steps before this one can be tried: enough for a peer in a hurry.
        let count = self.stream.read(buffer)?;
        if self.left().is_ok() {
            return Ok(count);
        }
        todo!("lab04, step deadlines: read")
    }
}

impl Write for Timed<'_> {
    /// Writes what there is room for, like write(2); waits for room until the deadline.
    ///
    /// # Contract
    ///
    /// * Never waits beyond the deadline, and writes nothing after it.
    ///
    /// # Steps
    ///
    /// 1. The same with `set_write_timeout`: write(2) waits too, for a peer that does not read.
    ///
    /// # Errors
    ///
    /// Kind `TimedOut`, on every platform, when the deadline has passed; else those of write(2).
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // Given, so that the steps before this one can be tried: enough for a peer in a hurry.
        let count = self.stream.write(bytes)?;
        if self.left().is_ok() {
            return Ok(count);
        }
        todo!("lab04, step deadlines: write")
    }

    /// Nothing to do: a socket keeps nothing back on our side of write(2).
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
