//! Step pool: a fixed number of threads, for any number of clients.
//!
//! ```text
//!                            bounded queue          workers
//!   clients ──▶ send ──▶ [ client client .. ] ──┬──▶ handle
//!                                               └──▶ handle      N at a time, the rest wait
//! ```

use crate::accounting::Client;
use std::io;

/// Handles `clients` in `workers` threads, one client at a time in each.
///
/// # Contract
///
/// * Exactly `workers` threads are started, before the first client is taken. While all of them are
///   busy, clients wait in a queue. The client that came first is served first.
/// * The queue has room for `max_clients`, the most that can be connected at once, so that `send`
///   never makes the accept loop wait.
/// * When no more clients come, it waits until all connected clients have left, those in the queue
///   too.
///
/// # Steps
///
/// 1. Make a `crossbeam_channel::bounded` channel, from which many threads may receive.
/// 2. In a `std::thread::scope`, start the workers. Each handles what it receives, until the
///    channel is closed.
/// 3. Send each of `clients`. Then drop the sender, which closes the channel. Without that the
///    scope waits for ever. What happens to the sender when a worker cannot be started?
///
/// # Errors
///
/// When a worker cannot be started.
pub fn worker_pool(
    clients: impl Iterator<Item = Client>,
    workers: usize,
    max_clients: usize,
    handle: impl Fn(Client) + Sync,
) -> io::Result<()> {
    todo!("lab02, step pool: worker_pool")
}
