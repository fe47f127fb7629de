//! Step serve: one client after another, until Ctrl-C.

use common::net::reason;
use common::shutdown::Shutdown;
use std::io::{self, ErrorKind};
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
/// # Errors
///
/// Those of accept(2) that concern the listener. A connection that was reset before we accepted
/// it (`ConnectionAborted`, `ConnectionReset`) and a signal (`Interrupted`) do not.
pub fn serve(
    listener: &TcpListener,
    shutdown: &Shutdown,
    mut handle: impl FnMut(TcpStream, SocketAddr) -> io::Result<()>,
) -> io::Result<()> {
    loop {
        let accepted = listener.accept();
        // Asked only now: the flag may have been set while we slept in accept, and the
        // connection that woke us may be the one that Shutdown makes for this very purpose.
        if shutdown.is_requested() {
            return Ok(());
        }
        let (stream, peer) = match accepted {
            Ok(client) => client,
            Err(error) if concerns_one_client(&error) => continue,
            Err(error) => return Err(error),
        };
        // The stream moves into `handle` and is closed when that returns, error or not.
        if let Err(error) = handle(stream, peer) {
            common::log!("{peer}: {}", reason(&error));
        }
    }
}

/// Errors that accept(2) reports although the listener is well: the client gave up while it
/// waited in the queue, or a signal came.
fn concerns_one_client(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}
