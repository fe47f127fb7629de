//! Step many: many clients, and none of them in the way of the others.

use crate::given::session::{self, Shared};
use common::clients;
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
/// # Errors
///
/// Those of accept(2) that concern the listener.
pub fn serve(listener: &TcpListener, shared: &Shared) -> io::Result<()> {
    // What lab 02 is about: a thread for each, a limit, and a pause when there is no descriptor.
    clients::serve(listener, &shared.shutdown, |stream, peer| {
        session::handle(shared, stream, peer);
    })
}
