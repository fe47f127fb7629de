//! Step many: many clients, none of which delays another.

use crate::given::session::{self, Shared};
use common::clients;
use std::io;
use std::net::TcpListener;

/// Accepts clients and gives each to [`session::handle`] immediately, until `shared.shutdown` is
/// requested.
///
/// # Contract
///
/// * No client waits for another one, even if that is silent or slow.
/// * The server goes on after an error of one client or of accept(2), also when no descriptor is
///   free.
/// * At most 256 clients are served at the same time. The next one waits.
/// * When a client has left, its thread has ended and its descriptors are closed.
/// * After Ctrl-C it accepts no client, and returns when all clients have finished.
///
/// # Errors
///
/// The errors of accept(2) that concern the listener.
pub fn serve(listener: &TcpListener, shared: &Shared) -> io::Result<()> {
    // As in lab 02: a thread for each client, a limit, and a pause when no descriptor is free.
    clients::serve(listener, &shared.shutdown, |stream, peer| {
        session::handle(shared, stream, peer);
    })
}
