//! Step concurrency: a thread for each client.
//!
//! ```text
//!   this thread     clients.next ──▶ clients.next ──▶ clients.next ──▶ ...
//!                        │                │                │
//!                        ▼                ▼                ▼
//!   their threads      handle           handle           handle     each may sleep in read for hours
//! ```

use crate::accounting::Client;
use std::thread;

/// Handles each of `clients` in its own thread.
///
/// # Contract
///
/// * A client is handled as soon as it comes, also while other clients are silent.
/// * When no more clients come, it waits until all connected clients have left.
/// * If the system has no thread left, that client is dropped with a line in the log, in words of
///   your own, and the next one is taken.
pub fn thread_per_client(clients: impl Iterator<Item = Client>, handle: impl Fn(Client) + Sync) {
    // A scope joins its threads before it ends, so that their handles need not be kept. What the
    // threads borrow lives longer than the scope, so that no `Arc` is needed.
    thread::scope(|scope| {
        for client in clients {
            let peer = client.peer();
            // `scope.spawn` panics when the system has no thread left (EAGAIN), and that would end
            // the server. A builder returns the error.
            let thread = thread::Builder::new().name(peer.to_string());
            if thread.spawn_scoped(scope, || handle(client)).is_err() {
                common::log!("{peer}: the system has no thread left for it");
            }
        }
    });
}
