//! Step deadlines: the server waits for no client for ever.
//!
//! ```text
//!   silent between two requests    --idle-timeout     closed without a word
//!   a head                         --header-timeout   408: one deadline for all its pieces
//!   a body                         --body-timeout     408: the same
//! ```

use std::io::{self, BufReader, ErrorKind, Read};
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
    let left = limit.saturating_sub(since.elapsed());
    // To the kernel, a timeout of zero means "wait for ever". std refuses it.
    if left.is_zero() {
        return Err(ErrorKind::TimedOut.into());
    }
    stream.set_read_timeout(Some(left))?;
    stream.read(buffer)
}
