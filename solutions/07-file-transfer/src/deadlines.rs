//! Step deadlines: no client may keep us waiting for ever.
//!
//! ```text
//!   a request   │ N │ O │ T │ … │      one deadline for the line, however it dribbles in
//!   an upload   │ bytes… │ bytes… │    a deadline for each read: it may be long, not stuck
//! ```

use common::net::is_timeout;
use std::io::{self, ErrorKind, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// How long a read from a client may wait.
#[derive(Clone, Copy, Debug)]
pub enum ReadTimeout {
    /// For a whole request: so long from a moment on.
    Request {
        /// When we began to wait for it.
        since: Instant,
        /// How long it may take in all.
        limit: Duration,
    },
    /// For the next bytes of an upload: so long each time.
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

/// Reads from `stream`, but does not wait longer than `timeout` allows.
///
/// # Contract
///
/// * As read(2): what has come, 0 at the end.
/// * [`ReadTimeout::Request`]: waits until `limit` after `since`, and not beyond: a client that sends
///   a byte now and then gains no time by it.
/// * [`ReadTimeout::Stall`]: waits that long, anew at each call.
///
/// # Errors
///
/// `TimedOut` when the time is up (whatever the system calls it), also when it was up before;
/// else those of read(2).
pub fn read_in_time(
    mut stream: &TcpStream,
    buffer: &mut [u8],
    timeout: ReadTimeout,
) -> io::Result<usize> {
    let left = match timeout {
        ReadTimeout::Request { since, limit } => limit.saturating_sub(since.elapsed()),
        ReadTimeout::Stall(limit) => limit,
    };
    // The kernel takes a timeout of zero for "wait for ever"; std refuses it.
    if left.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    stream.set_read_timeout(Some(left))?;
    stream.read(buffer).map_err(|error| match is_timeout(&error) {
        true => ErrorKind::TimedOut.into(),
        false => error,
    })
}
