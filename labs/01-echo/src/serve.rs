//! Step serve: one client after another, until Ctrl-C.

use common::shutdown::Shutdown;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};

/// Accepts clients and gives each to `handle`, one after the other, until `shutdown` is
/// requested.
///
/// # Contract
///
/// * A client is accepted when the one before it is done; those who come meanwhile wait.
/// * What goes wrong with one client is logged (`common::log!`) and is no other's trouble.
/// * When Ctrl-C comes, the client being served may finish; then `Ok(())`, and nobody else is
///   accepted.
///
/// # Steps
///
/// 1. Accept a client. (When Ctrl-C comes, [`Shutdown`] wakes `accept` with a connection of
///    its own.)
/// 2. If `shutdown.is_requested()`, return.
/// 3. Call `handle`; log its error with the client's address. Repeat.
///
/// # Errors
///
/// Those of accept(2) that concern the listener. A connection that was reset before we accepted
/// it (`ConnectionAborted`, `ConnectionReset`) and a signal (`Interrupted`) do not.
pub fn serve(
    listener: &TcpListener,
    shutdown: &Shutdown,
    mut handle: impl FnMut(TcpStream, SocketAddr) -> io::Result<()>,
) -> io::Result<()> {
    // One client, so that steps listen and echo can be tried before this one is written.
    let (stream, peer) = listener.accept()?;
    let _ = handle(stream, peer);
    todo!("lab01, step serve: serve")
}
