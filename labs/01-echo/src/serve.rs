//! Step serve: one client after another, until Ctrl-C.

use common::shutdown::Shutdown;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};

/// Accepts clients and gives each to `handle`, one after the other, until `shutdown` is
/// requested.
///
/// # Contract
///
/// * Accepts a client when the one before it is done. Until then, it waits in the backlog.
/// * An error of `handle` concerns one client. It is logged with the client's address and the
///   system's reason (`common::log!`), and the next client is served.
/// * Keeps nothing of a client after `handle` has returned.
/// * After Ctrl-C, the client that is being served may finish. Then `serve` returns `Ok(())` and
///   accepts no further client.
///
/// # Steps
///
/// 1. Accept a client. (After Ctrl-C, [`Shutdown`] wakes `accept` with a connection of its own.)
/// 2. If `shutdown.is_requested()`, return.
/// 3. Call `handle`. If it fails, log the error with the client's address. Repeat.
///
/// # Errors
///
/// Those of accept(2) that concern the listener. `ConnectionAborted` and `ConnectionReset` concern
/// one client, which reset its connection in the queue. `Interrupted` means that a signal arrived.
pub fn serve(
    listener: &TcpListener,
    shutdown: &Shutdown,
    mut handle: impl FnMut(TcpStream, SocketAddr) -> io::Result<()>,
) -> io::Result<()> {
    // One client, so that steps listen and echo can be tried before this one is written. What to do
    // with an error of `handle` is a question of this step.
    let (stream, peer) = listener.accept()?;
    let result = handle(stream, peer);
    todo!("lab01, step serve: serve")
}
