//! Step echo: each datagram is answered by one.
//!
//! ```text
//!   socket(2) ─▶ bind(2) ─▶ recvfrom(2) ─▶ sendto(2) ─▶ recvfrom(2) ─▶ ...
//! ```
//!
//! No listen, no accept, no stream for each client: one socket hears everybody, and each
//! datagram says who sent it.

use common::shutdown::Shutdown;
use common::udp::Socket;
use std::io;
use std::net::SocketAddr;

/// Most bytes that a datagram over IPv4 can carry: 65,535 for the whole packet (its length has
/// 16 bits), less 20 for the IPv4 header and 8 for the UDP header. RFC 768, RFC 791.
pub const MAX_DATAGRAM: usize = 65_507;

/// Room for every datagram that there can be, so that none is ever cut: over IPv6, the header
/// does not count, and 20 bytes more fit in.
pub const BUFFER_LEN: usize = 1 << 16;

/// The answer where the right one would not fit into a datagram.
pub const TOO_LARGE: &[u8] = b"ERROR too large";

/// Makes a UDP socket at `address`.
///
/// # Contract
///
/// * IPv4 and IPv6 addresses both work; with port 0 the kernel chooses a free port.
/// * An address that is taken (by UDP: TCP's ports are others), forbidden, or not ours is an
///   error with the system's reason.
///
/// # Steps
///
/// 1. `std::net::UdpSocket::bind` makes the two system calls. There is no listen: a UDP socket is
///    ready as soon as it is bound.
/// 2. `Socket::new` makes it a socket that knows where it was asked (`common/src/udp.rs`).
///
/// # Errors
///
/// Those of socket(2) and bind(2), as they come.
pub fn bind(address: SocketAddr) -> io::Result<Socket> {
    todo!("lab03, step echo: bind")
}

/// What comes back for `datagram`: `prefix` and the datagram.
///
/// # Contract
///
/// * Every byte comes back as it is: it need not be text, and there may be none.
/// * [`TOO_LARGE`] if prefix and datagram together are more than [`MAX_DATAGRAM`].
///
/// # Steps
///
/// 1. Count first; then put the two together in one `Vec`.
pub fn echo(prefix: &str, datagram: &[u8]) -> Vec<u8> {
    todo!("lab03, step echo: echo")
}

/// Answers datagrams until `shutdown` is requested.
///
/// # Contract
///
/// * Each datagram, empty or not, up to [`BUFFER_LEN`] bytes, is given to `answer` by itself and
///   whole. What `answer` returns goes to the peer as one datagram; `None`: nothing does.
/// * The answer comes from the address that was asked (`Received::asked`), also if the socket is
///   bound to 0.0.0.0 and has many.
/// * Who asks from the port that we ourselves listen on is a server like us, or pretends to be
///   one: it is logged (`common::log!`), and gets no answer. Or we would talk for ever.
/// * No datagram, no answer that cannot be sent, and no peer that is gone ends the loop: that is
///   logged, with the peer.
/// * When Ctrl-C comes: `Ok(())`.
///
/// # Steps
///
/// 1. `socket.receive` into a buffer of [`BUFFER_LEN`]. (When Ctrl-C comes, an empty datagram of
///    our own wakes you.)
/// 2. If `shutdown.is_requested()`, return.
/// 3. Sort the errors: whose are they?
/// 4. Compare the peer's port with that of `socket.local_addr()`.
/// 5. Call `answer` with the part of the buffer that is new, and send what it returns to the peer:
///    `send_from`. Log what fails. Repeat.
///
/// # Errors
///
/// Those of recvmsg(2) that concern the socket. `ConnectionReset`, `ConnectionRefused` and their
/// like are about a datagram sent earlier, `Interrupted` about nothing: they do not.
pub fn serve(
    socket: &Socket,
    shutdown: &Shutdown,
    answer: impl FnMut(SocketAddr, &[u8]) -> Option<Vec<u8>>,
) -> io::Result<()> {
    todo!("lab03, step echo: serve")
}
