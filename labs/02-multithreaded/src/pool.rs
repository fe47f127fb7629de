//! Step pool: a fixed number of threads, for any number of clients.
//!
//! ```text
//!                              bounded queue          workers
//!   door.next ──▶ send ──▶ [ client client .. ] ──┬──▶ attend
//!                                                 └──▶ attend      N at a time, the others wait
//! ```

use crate::accounting::Client;
use std::io;

/// Attends to `clients` in `workers` threads, each to one client at a time.
///
/// # Contract
///
/// * Exactly `workers` threads are started, before the first client is taken. Who finds them all
///   busy waits in a queue, first come, first served.
/// * The queue has room for `max_clients`: as many as can be here at once, so that putting one
///   into it never makes the accept loop wait.
/// * When no more clients come, it waits until those who are here, in the queue too, have left.
///
/// # Steps
///
/// 1. Make a `crossbeam_channel::bounded` channel: many threads may receive from one of these.
/// 2. In a `std::thread::scope`, start the workers; each attends to whatever it receives, until
///    the channel is closed.
/// 3. Send each of `clients`. Then drop the sender, on every way out: that closes the channel, and
///    without it the scope waits for ever.
///
/// # Errors
///
/// When a worker cannot be started.
pub fn worker_pool(
    clients: impl Iterator<Item = Client>,
    workers: usize,
    max_clients: usize,
    attend: impl Fn(Client) + Sync,
) -> io::Result<()> {
    todo!("lab02, step pool: worker_pool")
}
