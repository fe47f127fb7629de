//! Step deadlines: no client may keep us waiting for ever.
//!
//! ```text
//!   a request   │ N │ O │ T │ … │      one deadline for the line, however it dribbles in
//!   an upload   │ bytes… │ bytes… │    a deadline for each read: it may be long, not stuck
//! ```

use common::net::is_timeout;
use std::io::{self, Read};
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
/// # Steps
///
/// 1. How much time is left now? None: `TimedOut`, and no read (std refuses a timeout of zero).
/// 2. `set_read_timeout` to that, and read once.
/// 3. An expired timeout has two names ([`is_timeout`]): return it under one.
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
    // Given, so that the steps before this one can be tried: each read may take as long as all.
    stream.set_read_timeout(Some(timeout.limit()))?;
    match stream.read(buffer) {
        Err(error) if is_timeout(&error) => (),
        read => return read,
    }
    todo!("lab07, step deadlines: read_in_time")
}
