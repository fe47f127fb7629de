//! Step shutdown: Ctrl-C, while clients are here.
//!
//! ```text
//!   Ctrl-C ─▶ no more clients
//!         ─▶ who sleeps in read      is woken, and has finished
//!         ─▶ who is being answered   goes on, until nothing of it is left to answer
//! ```
//!
//! [`UntilShutdown`] does not stop yet, so that the steps before this one can be tried. Write its
//! `read` together with [`wake_all`].

use crate::accounting::{Clients, Connection};
use common::shutdown::Shutdown;
use std::io::{self, Read};
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
        // Step shutdown: it reads until the client has finished, and no sooner.
        self.connection.stream().read(buffer)
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
///
/// # Steps
///
/// 1. [`Clients::each`] shows you every connection. shutdown(2) of the reading direction wakes a
///    read that waits; shutdown of both would cut a reply in two.
/// 2. In [`UntilShutdown::read`], note with [`Connection::set_replying`] when you wait and when
///    you have something to answer; then here skip who is being answered.
/// 3. There, when shutdown is requested, set a read timeout; that it ran out means 0.
/// 4. Which comes first in `read`, the note or the question? Think of Ctrl-C between the two.
pub fn wake_all(clients: &Clients) {
    todo!("lab02, step shutdown: wake_all")
}
