//! Step deadlines: the server waits for no client for ever.
//!
//! ```text
//!   a request   │ N │ O │ T │ … │      one deadline for all pieces of the line
//!   an upload   │ bytes… │ bytes… │    a timeout for each read: long is allowed, stalled is not
//! ```

use std::io::{self, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a read from a client may wait.
#[derive(Clone, Copy, Debug)]
pub enum ReadTimeout {
    /// For a whole request: until `limit` after `since`.
    Request {
        /// When the server began to wait for it.
        since: Instant,
        /// How long all its reads together may take.
        limit: Duration,
    },
    /// For the next bytes of an upload, with this time for each read.
    Stall(Duration),
}

impl ReadTimeout {
    /// The longest that a single read may wait. (Given.)
    pub fn limit(&self) -> Duration {
        match *self {
            ReadTimeout::Request { limit, .. } | ReadTimeout::Stall(limit) => limit,
        }
    }
}

/// Reads from a client, and waits no longer than its timeout allows. (Given.)
#[derive(Debug)]
pub struct TimeoutReader<'a> {
    stream: &'a TcpStream,
    /// How long the next read may wait.
    pub timeout: ReadTimeout,
}

impl<'a> TimeoutReader<'a> {
    /// Reads from `stream`.
    pub fn new(stream: &'a TcpStream, timeout: ReadTimeout) -> TimeoutReader<'a> {
        TimeoutReader { stream, timeout }
    }
}

impl Read for TimeoutReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_in_time(self.stream, buffer, self.timeout)
    }
}

/// Reads from `stream`, and waits no longer than `timeout` allows.
///
/// # Contract
///
/// * Returns the number of bytes read, and 0 at the end, as read(2) does.
/// * [`ReadTimeout::Request`]: waits until `limit` after `since`. A client that sends a byte now
///   and then gains no time.
/// * [`ReadTimeout::Stall`]: each call may wait that long.
///
/// # Steps
///
/// 1. Compute the remaining time. If nothing remains, return `TimedOut` without a read, because
///    std refuses a timeout of zero.
/// 2. Call `set_read_timeout` with the remaining time, and read once.
/// 3. An expired timeout has two names ([`common::net::is_timeout`]). `RequestError::from_read` knows both.
///
/// # Errors
///
/// `TimedOut` when the time was over before the call. When it ends during the call, `TimedOut`, or
/// `WouldBlock`, as some systems call it. Otherwise the errors of read(2).
pub fn read_in_time(
    mut stream: &TcpStream,
    buffer: &mut [u8],
    timeout: ReadTimeout,
) -> io::Result<usize> {
    // Given, so that earlier steps run. Each read may wait for the whole limit.
    stream.set_read_timeout(Some(timeout.limit()))?;
    match stream.read(buffer) {
        Err(error) if common::net::is_timeout(&error) => (),
        read => return read,
    }
    todo!("lab07, step deadlines: read_in_time")
}
