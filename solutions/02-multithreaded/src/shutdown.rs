//! Step shutdown: Ctrl-C, while clients are here.
//!
//! ```text
//!   Ctrl-C ─▶ no more clients
//!         ─▶ who sleeps in read      is woken, and has finished
//!         ─▶ who is being answered   goes on, until nothing of it is left to answer
//! ```

use crate::accounting::{Clients, Connection};
use common::shutdown::Shutdown;
use std::io::{self, ErrorKind, Read};
use std::net;
use std::time::Duration;

/// How long a client may be silent when the program is to stop: 20 ms. What it has sent may still
/// be on its way.
pub const MOMENT: Duration = Duration::from_millis(20);

/// Reads from a client until it has finished, or the program is to stop.
#[derive(Debug)]
pub struct UntilShutdown<'a> {
    connection: &'a Connection,
    shutdown: &'a Shutdown,
}

impl<'a> UntilShutdown<'a> {
    /// Reads from `connection` until `shutdown` is requested.
    pub fn new(connection: &'a Connection, shutdown: &'a Shutdown) -> UntilShutdown<'a> {
        UntilShutdown { connection, shutdown }
    }
}

impl Read for UntilShutdown<'_> {
    /// Notes that nothing is being answered while it waits, and that something is after it has
    /// brought something. Once shutdown is requested it waits for [`MOMENT`] at most.
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // First the note, then the question: `wake_all` comes after the request, so that either
        // we see the request or it sees the note. The other way round, both could look too early,
        // and we would sleep for ever.
        self.connection.set_replying(false);
        if self.shutdown.is_requested() {
            self.connection.stream().set_read_timeout(Some(MOMENT))?;
        }
        let count = match self.connection.stream().read(buffer) {
            // Only the timeout above has these names.
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => 0,
            other => other?,
        };
        self.connection.set_replying(count > 0);
        Ok(count)
    }
}

/// Wakes those of `clients` who sleep in read(2), or would when their turn comes: shutdown(2).
///
/// # Contract
///
/// * A read that waits, and each that follows, returns what has arrived, and then 0: as if the
///   client had finished.
/// * Who is being answered is left alone: its next read will see that shutdown is requested.
/// * Does not wait for anybody.
pub fn wake_all(clients: &Clients) {
    clients.each(|connection| {
        // Linux answers data with RST when both directions are shut, and RST would destroy
        // answers that the client has not read: not while there may be such.
        if !connection.is_replying() {
            // An error means that the connection is gone already: nobody sleeps there.
            let _ = connection.stream().shutdown(net::Shutdown::Read);
        }
    });
}
