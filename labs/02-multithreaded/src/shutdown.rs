//! Step shutdown: Ctrl-C while clients are connected.
//!
//! ```text
//!   Ctrl-C ─▶ no more clients are accepted
//!         ─▶ a thread that sleeps in read    is woken, and reads the end of the stream
//!         ─▶ a thread that is answering      continues until no message is left to answer
//! ```
//!
//! [`UntilShutdown`] does not stop yet, so that the earlier steps can be tried. Write its `read`
//! together with [`wake_all`].

use crate::accounting::{Client, Clients};
use common::shutdown::Shutdown;
use std::io::{self, Read};
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
        // Step shutdown: this reads until the client has finished.
        self.client.stream().read(buffer)
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
///
/// # Steps
///
/// 1. [`Clients::for_each`] shows you every stream. shutdown(2) of the reading direction wakes a
///    read that waits. A shutdown of both directions would cut a reply in two.
/// 2. In [`UntilShutdown::read`], note with [`Client::set_replying`] when you wait, and when you
///    have bytes to answer. Then skip here each client that is being answered.
/// 3. In `read`, when shutdown is requested, set a read timeout. If it runs out, return 0.
/// 4. Does `read` call `set_replying` or `is_requested` first? Think of Ctrl-C between the two.
pub fn wake_all(clients: &Clients) {
    todo!("lab02, step shutdown: wake_all")
}
