//! Step concurrency: a thread for each client.
//!
//! ```text
//!   this thread   door.next ──▶ door.next ──▶ door.next ──▶ ...
//!                     │             │             │
//!                     ▼             ▼             ▼
//!   theirs         attend        attend        attend       each may sleep in read for hours
//! ```

use crate::accounting::Client;

/// Attends to each of `clients` in a thread of its own.
///
/// # Contract
///
/// * A client is attended to as soon as it comes, whatever the others do, or do not do.
/// * When no more clients come, it waits until those who are here have left.
/// * If the system gives us no more threads, that client is dropped with a line in the log, and
///   the next one is taken.
///
/// # Steps
///
/// 1. Open a `std::thread::scope`: it joins whatever is started in it, and its threads may borrow.
/// 2. In it, start a thread for each of `clients` that calls `attend`. `thread::spawn` panics when
///    there are no more threads; `thread::Builder` gives you the error.
pub fn thread_per_client(clients: impl Iterator<Item = Client>, attend: impl Fn(Client) + Sync) {
    // One client, so that step framing can be tried before this one is written.
    let mut clients = clients;
    if let Some(client) = clients.next() {
        attend(client);
    }
    todo!("lab02, step concurrency: thread_per_client")
}
