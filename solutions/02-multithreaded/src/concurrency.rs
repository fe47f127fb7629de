//! Step concurrency: a thread for each client.
//!
//! ```text
//!   this thread   door.next ──▶ door.next ──▶ door.next ──▶ ...
//!                     │             │             │
//!                     ▼             ▼             ▼
//!   theirs         attend        attend        attend       each may sleep in read for hours
//! ```

use crate::accounting::Client;
use std::thread;

/// Attends to each of `clients` in a thread of its own.
///
/// # Contract
///
/// * A client is attended to as soon as it comes, whatever the others do, or do not do.
/// * When no more clients come, it waits until those who are here have left.
/// * If the system gives us no more threads, that client is dropped with a line in the log, and
///   the next one is taken.
pub fn thread_per_client(clients: impl Iterator<Item = Client>, attend: impl Fn(Client) + Sync) {
    // A scope joins the threads that were started in it before it ends, so that nobody needs to
    // keep their handles; and what it lends to them lives long enough, so that nobody needs Arc.
    thread::scope(|scope| {
        for client in clients {
            let peer = client.peer();
            // `thread::spawn` panics when there are no more threads (EAGAIN), and with it would
            // fall the server. A builder gives the error to us.
            let thread = thread::Builder::new().name(peer.to_string());
            if thread.spawn_scoped(scope, || attend(client)).is_err() {
                common::log!("{peer}: the system has no thread left for it");
            }
        }
    });
}
