//! Step listen: a socket that accepts connections.
//!
//! ```text
//!   socket(2) ─▶ setsockopt(2): SO_REUSEADDR ─▶ bind(2) ─▶ listen(2)
//! ```

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
/// # Steps
///
/// 1. Create a `socket2::Socket` of the address's domain, type STREAM.
/// 2. Set SO_REUSEADDR, but only `if cfg!(unix)`. On Windows it means something else.
/// 3. Bind it, listen with the backlog, and turn it into a `TcpListener`.
///
/// # Errors
///
/// Those of socket(2), setsockopt(2), bind(2) and listen(2), unchanged.
///
/// See ip(7), socket(7), and RFC 9293 section 3.6.1 for TIME_WAIT.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    todo!("lab01, step listen: listen")
}
