//! Step pool: a fixed number of threads, for any number of clients.
//!
//! ```text
//!                              bounded queue          workers
//!   door.next ──▶ send ──▶ [ client client .. ] ──┬──▶ attend
//!                                                 └──▶ attend      N at a time, the others wait
//! ```

use crate::accounting::Client;
use crossbeam_channel::{Receiver, bounded};
use std::io;
use std::thread;

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
/// # Errors
///
/// When a worker cannot be started.
pub fn worker_pool(
    clients: impl Iterator<Item = Client>,
    workers: usize,
    max_clients: usize,
    attend: impl Fn(Client) + Sync,
) -> io::Result<()> {
    let (queue, waiting) = bounded(max_clients);
    thread::scope(|scope| {
        // Dropped when this closure ends, error or not. That is how the workers learn that nobody
        // else comes; and if it lived longer, the scope would wait for them for ever.
        let queue = queue;
        for number in 1..=workers {
            let (waiting, attend): (Receiver<Client>, _) = (waiting.clone(), &attend);
            let worker = thread::Builder::new().name(format!("worker {number}"));
            worker.spawn_scoped(scope, move || waiting.iter().for_each(attend))?;
        }
        for client in clients {
            queue.send(client).expect("this function holds a receiver too");
        }
        Ok(())
    })
}
