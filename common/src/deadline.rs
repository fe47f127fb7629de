//! A stream with one deadline for all reads and writes, however slowly the bytes arrive.
//!
//! A socket's timeout (SO_RCVTIMEO) begins again with every read. A peer that sends one byte just
//! before the timeout expires can make ten bytes last ten timeouts. A deadline for the whole message
//! prevents that (lab 04).

use crate::net::is_timeout;
use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Reads from and writes to a stream, until a moment that no progress puts off.
///
/// When the time is over, reads and writes fail with `TimedOut`. Afterwards the stream keeps a
/// timeout: [`Until::lift`] takes it away.
#[derive(Debug)]
pub struct Until<'a> {
    stream: &'a TcpStream,
    deadline: Instant,
}

impl<'a> Until<'a> {
    /// A view of `stream` that ends at `deadline`.
    pub fn new(stream: &'a TcpStream, deadline: Instant) -> Until<'a> {
        Until { stream, deadline }
    }

    /// The stream may take its time again.
    ///
    /// # Errors
    ///
    /// Those of setsockopt(2).
    pub fn lift(self) -> io::Result<()> {
        self.stream.set_read_timeout(None)?;
        self.stream.set_write_timeout(None)
    }

    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Until<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.stream.set_read_timeout(Some(self.left()?))?;
        self.stream.read(buffer).map_err(normalize_timeout)
    }
}

impl Write for Until<'_> {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.stream.set_write_timeout(Some(self.left()?))?;
        self.stream.write(buffer).map_err(normalize_timeout)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

/// One kind for an expired timeout on every platform: `TimedOut`.
fn normalize_timeout(error: io::Error) -> io::Error {
    if is_timeout(&error) { ErrorKind::TimedOut.into() } else { error }
}
