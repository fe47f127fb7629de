//! Step shutdown: Ctrl-C while clients are connected.
//!
//! ```text
//!   Ctrl-C ─▶ no more clients are accepted
//!         ─▶ a thread that sleeps in read    is woken, and reads the end of the stream
//!         ─▶ a thread that is answering      continues until no message is left to answer
//! ```

use crate::accounting::{Client, Clients};
use common::shutdown::Shutdown;
use std::io::{self, ErrorKind, Read};
use std::net;
use std::time::Duration;

/// How long a read waits for a silent client once shutdown is requested: 20 ms. Bytes of the client
/// may still be under way.
pub const FINAL_READ_TIMEOUT: Duration = Duration::from_millis(20);

/// Reads from a client until it has finished, or the program is to stop.
#[derive(Debug)]
pub struct UntilShutdown<'a> {
    client: &'a Client,
    shutdown: &'a Shutdown,
}

impl<'a> UntilShutdown<'a> {
    /// Reads from `client` until `shutdown` is requested.
    pub fn new(client: &'a Client, shutdown: &'a Shutdown) -> UntilShutdown<'a> {
        UntilShutdown { client, shutdown }
    }
}

impl Read for UntilShutdown<'_> {
    /// Notes before it waits that the client is not being answered, and after it has read some
    /// bytes that it is. Once shutdown is requested it waits for [`FINAL_READ_TIMEOUT`] at most.
    /// Before that it has no timeout, because [`wake_all`] wakes it. When the timeout runs out, it
    /// returns 0. Every other error is returned.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // First the note, then the question. `wake_all` runs after the request, so either we see
        // the request, or it sees the note. In the other order both could look too early, and this
        // thread would sleep for ever.
        self.client.set_replying(false);
        if self.shutdown.is_requested() {
            self.client.stream().set_read_timeout(Some(FINAL_READ_TIMEOUT))?;
        }
        let count = match self.client.stream().read(buffer) {
            // The timeout above ran out. Its kind depends on the system.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => 0,
            other => other?,
        };
        self.client.set_replying(count > 0);
        Ok(count)
    }
}

/// Wakes each thread that sleeps in a read of one of `clients`: shutdown(2).
///
/// # Contract
///
/// * A read that waits, and each later read, returns the bytes that have arrived, and then 0, as
///   if the client had finished.
/// * A client that is being answered is skipped. Its next read sees that shutdown is requested.
/// * Does not wait for any client. A shutdown that fails is no error. The client may have sent RST
///   (ENOTCONN), and no thread sleeps in a read of its connection any more.
pub fn wake_all(clients: &Clients) {
    clients.for_each(|stream, is_replying| {
        // Only the reading direction. After a shutdown of both, Linux answers data with RST, and
        // RST destroys answers that the client has not read.
        if !is_replying {
            // An error means that the connection is broken, and no thread sleeps in its read.
            let _ = stream.shutdown(net::Shutdown::Read);
        }
    });
}
