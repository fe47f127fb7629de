//! Step many: many clients, and none of them in the way of the others.

use crate::given::session::{self, Shared};
use std::io;
use std::net::TcpListener;

/// Accepts clients and gives each to [`session::handle`] at once, until `shared.shutdown` is
/// requested.
///
/// # Contract
///
/// * Nobody waits for another client, however silent or slow that is.
/// * Trouble with one client, or in accept(2), or no descriptor to be had, ends nothing.
/// * A client that leaves leaves no thread and no descriptor behind.
/// * When Ctrl-C comes, nobody else is accepted; it returns when all clients have finished.
///
/// # Steps
///
/// 1. A thread for each client. You wrote that in lab 02; `common::clients::serve` has it ready.
/// 2. Then go through what you wrote before: what do two clients share? The shared folder, the
///    names of temporary files, ... nothing else, one hopes.
///
/// # Errors
///
/// Those of accept(2) that concern the listener.
pub fn serve(listener: &TcpListener, shared: &Shared) -> io::Result<()> {
    // Given, so that the steps before this one can be tried: one client after the other.
    while !shared.shutdown.is_requested() {
        let (stream, peer) = listener.accept()?;
        session::handle(shared, stream, peer);
    }
    todo!("lab07, step many: serve")
}
