//! Step listen: a socket that waits for clients.
//!
//! ```text
//!   socket(2) ─▶ setsockopt(2): SO_REUSEADDR ─▶ bind(2) ─▶ listen(2)
//! ```

use std::io;
use std::net::{SocketAddr, TcpListener};

/// How many clients may wait, connected but not accepted yet: 128.
///
/// The kernel completes handshakes on its own and queues the connections for `accept`. When the
/// queue is full, further clients are not refused: their SYNs are dropped, and they wait.
pub const BACKLOG: i32 = 128;

/// Makes a TCP socket that listens on `address`.
///
/// # Contract
///
/// * IPv4 and IPv6 addresses both work; with port 0 the kernel chooses a free port.
/// * [`BACKLOG`] clients can wait while none is accepted.
/// * The server can be started again at once on the same port, although connections of its last
///   run are still in TIME_WAIT.
/// * An address that is taken, forbidden, or not ours is an error with the system's reason.
///
/// # Steps
///
/// 1. Make a `socket2::Socket` of the address's domain, type STREAM.
/// 2. Set SO_REUSEADDR (not on Windows, where it means something else: `cfg!(unix)`).
/// 3. Bind it, listen with the backlog, and turn it into a `TcpListener`.
///
/// # Errors
///
/// Those of socket(2), setsockopt(2), bind(2) and listen(2), as they come.
///
/// See ip(7), socket(7), and RFC 9293 section 3.6.1 for TIME_WAIT.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    todo!("lab01, step listen: listen")
}
