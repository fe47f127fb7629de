//! Step listen: a socket that accepts connections.
//!
//! ```text
//!   socket(2) ─▶ setsockopt(2): SO_REUSEADDR ─▶ bind(2) ─▶ listen(2)
//! ```

use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{SocketAddr, TcpListener};

/// The number of clients that may wait in the queue, connected but not accepted yet.
///
/// The kernel completes handshakes by itself and queues the connections for `accept`. A full queue
/// refuses no client. The kernel drops the SYN, and the client's kernel sends it again.
///
/// The standard library's `TcpListener::bind` always asks for 128.
pub const BACKLOG: i32 = 256;

/// Makes a TCP socket that listens on `address`.
///
/// # Contract
///
/// * IPv4 and IPv6 addresses both work; with port 0 the kernel chooses a free port.
/// * At least [`BACKLOG`] clients can wait while the server accepts none.
/// * The server can be started again immediately on the same port, although connections of its last
///   run are still in TIME_WAIT.
/// * An address that is in use, forbidden, or not an address of this machine is an error with the
///   system's reason.
///
/// # Errors
///
/// Those of socket(2), setsockopt(2), bind(2) and listen(2), unchanged.
///
/// See ip(7), socket(7), and RFC 9293 section 3.6.1 for TIME_WAIT.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    // The socket's domain must be that of the address. An IPv4 socket cannot bind to [::1].
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;

    // The side that closes first keeps the connection in TIME_WAIT for a minute. A port with such
    // a connection can be bound again only with this option, set before bind.
    // On Windows the same option would let another program take the port away from us.
    if cfg!(unix) {
        socket.set_reuse_address(true)?;
    }

    socket.bind(&address.into())?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}
