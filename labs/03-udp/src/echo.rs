//! Step echo: the server answers each datagram with one datagram.
//!
//! ```text
//!   socket(2) ─▶ bind(2) ─▶ recvfrom(2) ─▶ sendto(2) ─▶ recvfrom(2) ─▶ ...
//! ```
//!
//! There is no listen, no accept and no stream for each client. One socket receives the datagrams
//! of all clients, and recvfrom(2) returns each with the address of its sender.

use common::shutdown::Shutdown;
use common::udp::Socket;
use std::io;
use std::net::SocketAddr;

/// Most bytes that a datagram over IPv4 can carry: 65,535 for the whole packet (its length has
/// 16 bits), minus 20 for the IPv4 header and 8 for the UDP header. RFC 768, RFC 791.
pub const MAX_DATAGRAM: usize = 65_507;

/// A buffer of this length holds every possible datagram, so the kernel never cuts one. Over IPv6
/// a datagram can have 20 bytes more, because the IPv6 header does not count.
pub const BUFFER_LEN: usize = 1 << 16;

/// The answer in place of an answer that does not fit into a datagram.
pub const TOO_LARGE: &[u8] = b"ERROR too large";

/// Makes a UDP socket at `address`.
///
/// # Contract
///
/// * IPv4 and IPv6 addresses both work; with port 0 the kernel chooses a free port.
/// * An address that another UDP socket has, that is forbidden, or that is not ours is an error
///   with the system's reason. (A TCP socket at the same port does not matter.)
///
/// # Steps
///
/// 1. `std::net::UdpSocket::bind` makes the two system calls. There is no listen, because a UDP
///    socket can receive as soon as it is bound.
/// 2. `Socket::new` makes it a socket that knows to which of our addresses a datagram was sent
///    (`common/src/udp.rs`).
///
/// # Errors
///
/// Those of socket(2) and bind(2), as they come.
pub fn bind(address: SocketAddr) -> io::Result<Socket> {
    todo!("lab03, step echo: bind")
}

/// The answer to `datagram`: `prefix` and the datagram.
///
/// # Contract
///
/// * Every byte comes back unchanged. The datagram may be empty, and need not be text.
/// * [`TOO_LARGE`] if prefix and datagram together are more than [`MAX_DATAGRAM`].
///
/// # Steps
///
/// 1. Compare the sum of the lengths with [`MAX_DATAGRAM`].
/// 2. Put prefix and datagram into one `Vec`.
pub fn echo(prefix: &str, datagram: &[u8]) -> Vec<u8> {
    todo!("lab03, step echo: echo")
}

/// Answers datagrams until `shutdown` is requested.
///
/// # Contract
///
/// * `answer` gets each datagram by itself and whole, from 0 to [`BUFFER_LEN`] bytes. The bytes
///   that `answer` returns go to the peer as one datagram. For `None`, `serve` sends nothing.
/// * The answer leaves from the address to which the request was sent (`Received::asked`), also if
///   the socket is bound to 0.0.0.0 and has several addresses.
/// * A datagram from the same port number as ours comes from another server, or its sender's
///   address is forged. `serve` logs its sender (`common::log!`) and does not call `answer`. Two
///   servers that answer each other never stop.
/// * The loop goes on after every datagram, after an answer that cannot be sent, and after a peer
///   that is gone. `serve` logs an answer that cannot be sent, with the peer.
/// * When Ctrl-C comes: `Ok(())`.
///
/// # Steps
///
/// 1. `socket.receive` into a buffer of [`BUFFER_LEN`]. (After Ctrl-C, an empty datagram from our
///    own program wakes you.)
/// 2. If `shutdown.is_requested()`, return.
/// 3. Sort the errors. Which of them concern the socket, and which only one peer?
/// 4. Compare the peer's port with that of `socket.local_addr()`.
/// 5. Call `answer` with the bytes received, and send the returned bytes to the peer with
///    `send_from(bytes, ours, peer)`, where `ours` is `Received::asked`. Log its error. Repeat.
///
/// # Errors
///
/// Those of recvmsg(2) that concern the socket. These do not: `ConnectionReset`,
/// `ConnectionRefused`, `HostUnreachable` and `NetworkUnreachable` report a datagram that we sent
/// earlier, and `Interrupted` reports a signal.
pub fn serve(
    socket: &Socket,
    shutdown: &Shutdown,
    answer: impl FnMut(SocketAddr, &[u8]) -> Option<Vec<u8>>,
) -> io::Result<()> {
    todo!("lab03, step echo: serve")
}
