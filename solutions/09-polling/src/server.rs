//! Step loop: one turn of the loop.
//!
//! ```text
//!   timeout ─▶ wait ─▶ each event ─▶ each client that waits for its next share ─▶ each timer
//! ```

use crate::given::dispatch::Server;
use std::io;
use std::mem;
use std::time::{Duration, Instant};

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
/// # Errors
///
/// Those of the poller, and of a listener.
pub fn turn(server: &mut Server) -> io::Result<()> {
    let timeout = match server.again.is_empty() {
        true => server.shared.timers.timeout(Instant::now()),
        false => Some(Duration::ZERO),
    };
    let mut events = Vec::new();
    server.shared.poller.wait(timeout, &mut events)?;
    server.shared.now = Instant::now();
    let mut again = mem::take(&mut server.again);
    for event in &events {
        again.remove(&event.token);
        server.handle_event(event)?;
    }
    for token in again {
        server.serve(token);
    }
    for (key, due) in server.shared.timers.take_due(server.shared.now) {
        server.handle_due(key, due)?;
    }
    Ok(())
}
