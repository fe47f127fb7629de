//! Step deadlines: the server waits for no client for ever.
//!
//! ```text
//!   silent between two requests    --idle-timeout     closed without a word
//!   a head                         --header-timeout   408: one deadline for all its pieces
//!   a body                         --body-timeout     408: the same
//! ```

use common::net::is_timeout;
use std::io::{self, BufReader, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// The bytes from a client. All readers share this buffer, because one read may return several
/// requests.
pub type Input<'a> = BufReader<TimeoutReader<'a>>;

/// Reads from a client, and waits no longer than its deadline allows. (Given.)
#[derive(Debug)]
pub struct TimeoutReader<'a> {
    stream: &'a TcpStream,
    since: Instant,
    limit: Duration,
}

impl<'a> TimeoutReader<'a> {
    /// Reads from `stream`. The time begins now.
    pub fn new(stream: &'a TcpStream, limit: Duration) -> TimeoutReader<'a> {
        TimeoutReader { stream, since: Instant::now(), limit }
    }

    /// All reads from now on may take `limit` together.
    pub fn restart(&mut self, limit: Duration) {
        self.since = Instant::now();
        self.limit = limit;
    }
}

impl Read for TimeoutReader<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        read_in_time(self.stream, buffer, self.since, self.limit)
    }
}

/// Reads from `stream`, and waits until `limit` after `since`.
///
/// # Contract
///
/// * Returns the number of bytes read, and 0 at the end, as read(2) does.
/// * A client that sends a byte now and then gains no time.
/// * A signal that interrupts the read (`Interrupted`, signal(7)) gains the client no time, either.
///
/// # Steps
///
/// 1. Compute the remaining time. If nothing remains, return `TimedOut` without a read, because
///    std refuses a timeout of zero.
/// 2. Call `set_read_timeout` with the remaining time, and read once.
///
/// # Errors
///
/// One that is a timeout ([`is_timeout`](common::net::is_timeout)) when the time is over, also when
/// it was over before the call. Otherwise the errors of read(2).
pub fn read_in_time(
    mut stream: &TcpStream,
    buffer: &mut [u8],
    since: Instant,
    limit: Duration,
) -> io::Result<usize> {
    // Given, so that earlier steps run. Each read may wait for the whole limit.
    stream.set_read_timeout(Some(limit))?;
    match stream.read(buffer) {
        Err(error) if is_timeout(&error) => (),
        read => return read,
    }
    todo!("lab10, step deadlines: read_in_time")
}
