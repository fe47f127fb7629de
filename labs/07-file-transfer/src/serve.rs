//! Step many: many clients, none of which delays another.

use crate::given::session::{self, Shared};
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
/// # Steps
///
/// 1. Give each client a thread (lab 02). `common::clients::serve` does it.
/// 2. Then read your functions of the earlier steps. Two clients must share the folder and nothing
///    else, in particular no name of a temporary file.
///
/// # Errors
///
/// The errors of accept(2) that concern the listener.
pub fn serve(listener: &TcpListener, shared: &Shared) -> io::Result<()> {
    // Given, so that earlier steps run. It serves one client after the other.
    while !shared.shutdown.is_requested() {
        let (stream, peer) = listener.accept()?;
        session::handle(shared, stream, peer);
    }
    todo!("lab07, step many: serve")
}
