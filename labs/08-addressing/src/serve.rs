//! Step serve: one server for both families, and the two ends of each connection.
//!
//! ```text
//!   socket(AF_INET6)  V6ONLY off   bind [::]:7008
//!        ▲                  ▲
//!        │ from ::1         │ from 127.0.0.9, which looks like ::ffff:127.0.0.9
//!
//!   getpeername  127.0.0.9:40123 ── connection ── 127.0.0.2:7008  getsockname
//! ```

use crate::networks::Network;
use common::shutdown::Shutdown;
use common::udp::{Received, Socket};
use socket2::Type;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpListener, TcpStream, UdpSocket};

/// The answer to a line that is no command.
pub const EXPECTED: &str = "ERROR expected me or in NETWORK";

/// The answer to a client that is in no allowed network.
pub const NOT_ALLOWED: &str = "ERROR not allowed";

/// The answer to a line of more than 1,024 bytes.
pub const TOO_LONG: &str = "ERROR line too long";

/// How many clients may wait to be accepted.
pub const BACKLOG: i32 = 128;

/// Which families a socket bound to an IPv6 address serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Families {
    /// IPv6, and IPv4 as mapped addresses. This matters for the address `[::]`.
    Both,
    /// IPv6 only.
    OnlyIpv6,
}

/// Makes a socket of `kind` and binds it to `address`.
///
/// # Contract
///
/// * `[::]` takes IPv4 as well with [`Families::Both`], and does not with [`Families::OnlyIpv6`],
///   whatever the system does by default (ipv6(7), IPV6_V6ONLY).
/// * A TCP port with connections in TIME_WAIT can be bound again on Unix (lab 01). A UDP port is
///   not shared with another socket.
///
/// # Steps
///
/// 1. `Domain::for_address` is the family of the socket.
/// 2. For an IPv6 address, set IPV6_V6ONLY (`set_only_v6`) for both values of `families` and before
///    bind, because the default differs between systems. A socket of IPv4 has no such option.
/// 3. SO_REUSEADDR is for TCP on Unix only, and before bind.
///
/// # Errors
///
/// Those of socket(2), setsockopt(2) and bind(2).
pub fn bind(address: SocketAddr, kind: Type, families: Families) -> io::Result<socket2::Socket> {
    todo!("lab08, step serve: bind")
}

/// A TCP listener at `address`.
///
/// # Errors
///
/// Those of [`bind`] and listen(2).
pub fn listen(address: SocketAddr, families: Families) -> io::Result<TcpListener> {
    let socket = bind(address, Type::STREAM, families)?;
    socket.listen(BACKLOG)?;
    Ok(socket.into())
}

/// A UDP socket at `address` that tells where each datagram was sent to, and its TTL and TOS.
///
/// # Errors
///
/// Those of [`bind`], and of the options.
pub fn open(address: SocketAddr, families: Families) -> io::Result<Socket> {
    let socket: UdpSocket = bind(address, Type::DGRAM, families)?.into();
    Socket::new(socket)?.with_header_fields()
}

/// The address without the mapping of IPv4 into IPv6: `[::ffff:127.0.0.1]:7008` is
/// `127.0.0.1:7008`.
///
/// # Contract
///
/// * Any other address stays as it is, with its scope.
///
/// # Steps
///
/// 1. `IpAddr::to_canonical` does it for the address. Keep the scope of an IPv6 address.
pub fn unmapped(address: SocketAddr) -> SocketAddr {
    todo!("lab08, step serve: unmapped")
}

/// Whether a client with the address `ip` may use the server.
///
/// # Contract
///
/// * Without any network in `allowed`, every client may. Otherwise its address is in one of them.
/// * An IPv4 client is in an IPv4 network, also if its address is mapped.
///
/// # Steps
///
/// 1. `networks::contains` knows mapped addresses.
pub fn is_allowed(allowed: &[Network], ip: IpAddr) -> bool {
    todo!("lab08, step serve: is_allowed")
}

/// The first line for a client: `you 127.0.0.9:40123 at 127.0.0.2:7008 ipv4 loopback`.
///
/// # Contract
///
/// * The first address is the client's and the second one ours, both without mapping
///   ([`unmapped`]).
/// * Then come the family and the kind of the client's address, as `show` prints them.
///
/// # Steps
///
/// 1. Call [`unmapped`] for both, and `text::ipv4_kind` or `text::ipv6_kind`.
pub fn greeting(peer: SocketAddr, local: SocketAddr) -> String {
    todo!("lab08, step serve: greeting")
}

/// The answer to `command` of the client at `peer`, which was greeted by `greeting`.
///
/// # Contract
///
/// * `me` is answered by the greeting.
/// * `in NETWORK` is answered by `yes` or `no`. One space stands between the two words.
/// * Anything else, also a NETWORK that is none, is answered by [`EXPECTED`].
///
/// # Steps
///
/// 1. `strip_prefix("in ")`, `networks::parse`, `networks::contains`.
pub fn answer(command: &str, peer: SocketAddr, greeting: &str) -> String {
    todo!("lab08, step serve: answer")
}

/// Serves one TCP client until it closes.
///
/// # Contract
///
/// * A client that is not allowed gets [`NOT_ALLOWED`] and a lingering close.
/// * Any other client gets its greeting first, and then an answer to each line. Nagle's algorithm
///   holds no answer back.
/// * A line of more than 1,024 bytes gets [`TOO_LONG`] and a lingering close. A line that is not
///   UTF-8 is no command.
///
/// # Steps
///
/// 1. `peer_addr` is getpeername(2), and `local_addr` is getsockname(2). Ask both first.
/// 2. Call `set_nodelay(true)`. `common::line::read` reads a line from a `BufReader`, and
///    `common::close::lingering` closes.
/// 3. Write an answer and its newline in one write.
///
/// # Errors
///
/// Those of the connection.
pub fn serve_client(stream: TcpStream, allowed: &[Network]) -> io::Result<()> {
    todo!("lab08, step serve: serve_client")
}

/// The answer to a datagram that arrived at port `port`:
/// `you 127.0.0.9:40123 at 127.0.0.2:7008 ttl 64 tos 0x00 length 5`.
///
/// # Contract
///
/// * Both addresses are without mapping. Length is that of the datagram in bytes.
/// * A field that the system does not tell is `-`.
///
/// # Steps
///
/// 1. `received.asked` is our address. The port is always `port`.
/// 2. `{:#04x}` prints 0 as `0x00`.
pub fn describe(received: &Received, port: u16) -> String {
    todo!("lab08, step serve: describe")
}

/// Answers each datagram at `socket` until `shutdown` is requested.
///
/// # Contract
///
/// * The answer leaves from the address to which the datagram was sent.
/// * A datagram may have 65,507 bytes.
/// * A datagram gets no answer if its sender is not allowed, or has the server's own port number.
///   Two servers could answer each other for ever (lab 03).
/// * An answer that cannot be sent is logged, in the words of `common::net::reason`, and the loop
///   goes on. So it does after a refusal of an earlier answer, and after a signal.
///
/// # Steps
///
/// 1. Receive. When `receive` returns, check `shutdown.is_requested()` first.
/// 2. After `ConnectionRefused`, `ConnectionReset` and `Interrupted`, go on. Return any other
///    error.
/// 3. Check the sender, and answer by `send_from` with `received.asked`. `common::log!` logs.
///
/// # Errors
///
/// Those of the socket itself.
pub fn serve_datagrams(
    socket: &Socket,
    allowed: &[Network],
    shutdown: &Shutdown,
) -> io::Result<()> {
    todo!("lab08, step serve: serve_datagrams")
}
