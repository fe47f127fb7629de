//! Step loop: one turn of the loop.
//!
//! ```text
//!   timeout ─▶ wait ─▶ each event ─▶ each client that waits for its next share ─▶ each timer
//! ```

use crate::given::dispatch::Server;
use std::io;

/// One turn of the loop.
///
/// # Contract
///
/// * It sleeps in [`Poller::wait`](crate::given::poller::Poller::wait) until something happens, at
///   most until the next timer is due. It does not sleep while a client waits for its next share
///   (`server.again`).
/// * Each event is handled, then each client of `again` that had no event, and then each timer that
///   is due. A timer only adds its client to `again`. So a client has one turn at most.
///
/// # Steps
///
/// 1. The timeout is zero if `again` holds a client, otherwise `timers.timeout(Instant::now())`.
/// 2. Wait, then set `shared.now`.
/// 3. Take `again` (`mem::take`), because clients are added to it during the turn. Remove each
///    client that has an event.
/// 4. Call `server.handle_event`, `server.serve` and, for what `timers.take_due` returns,
///    `server.handle_due`.
///
/// # Errors
///
/// Those of the poller, and of a listener.
pub fn turn(server: &mut Server) -> io::Result<()> {
    todo!("lab09, step loop: turn")
}
