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
/// * Accepts a client when the one before it is done. Until then, it waits in the backlog.
/// * An error of `handle` concerns one client. It is logged with the client's address and the
///   system's reason (`common::log!`), and the next client is served.
/// * Keeps nothing of a client after `handle` has returned.
/// * After Ctrl-C, the client that is being served may finish. Then `serve` returns `Ok(())` and
///   accepts no further client.
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
    loop {
        let accepted = listener.accept();
        // Not before accept: Ctrl-C may come while we sleep there, and then Shutdown makes a
        // connection to wake us.
        if shutdown.is_requested() {
            return Ok(());
        }
        let (stream, peer) = match accepted {
            Ok(client) => client,
            Err(error) if concerns_one_client(&error) => continue,
            Err(error) => return Err(error),
        };
        // The stream moves into `handle`, which drops it in every case, and so closes it.
        if let Err(error) = handle(stream, peer) {
            common::log!("{peer}: {}", reason(&error));
        }
    }
}

/// Whether accept(2) can be called again. The client reset its connection in the queue, or a
/// signal arrived.
fn concerns_one_client(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted)
}
