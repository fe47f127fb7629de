//! Step pool: a fixed number of threads, for any number of clients.
//!
//! ```text
//!                            bounded queue          workers
//!   clients ──▶ send ──▶ [ client client .. ] ──┬──▶ handle
//!                                               └──▶ handle      N at a time, the rest wait
//! ```

use crate::accounting::Client;
use crossbeam_channel::bounded;
use std::io;
use std::thread;

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
/// # Errors
///
/// When a worker cannot be started.
pub fn worker_pool(
    clients: impl Iterator<Item = Client>,
    workers: usize,
    max_clients: usize,
    handle: impl Fn(Client) + Sync,
) -> io::Result<()> {
    let (queue, waiting) = bounded(max_clients);
    thread::scope(|scope| {
        for number in 1..=workers {
            let waiting = waiting.clone();
            let handle = &handle;
            let worker = thread::Builder::new().name(format!("worker {number}"));
            worker.spawn_scoped(scope, move || waiting.iter().for_each(handle))?;
        }
        for client in clients {
            queue.send(client).expect("this function holds a receiver too");
        }
        // Ends `waiting.iter()` of each worker. The scope would wait for them for ever without it.
        // This line also makes the closure own `queue`, so that an early return drops it, too.
        drop(queue);
        Ok(())
    })
}
