//! Step serve: one server for both families, and the two ends of each connection.
//!
//! ```text
//!   socket(AF_INET6)  V6ONLY off   bind [::]:7008
//!        ▲                  ▲
//!        │ from ::1         │ from 127.0.0.9, which looks like ::ffff:127.0.0.9
//!
//!   getpeername  127.0.0.9:40123 ── connection ── 127.0.0.2:7008  getsockname
//! ```

use crate::networks::{self, Network};
use crate::text;
use common::close;
use common::line::{self, Line};
use common::net::reason;
use common::shutdown::Shutdown;
use common::udp::{Received, Socket};
use socket2::{Domain, Type};
use std::io::{self, BufReader, ErrorKind, Write};
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
/// # Errors
///
/// Those of socket(2), setsockopt(2) and bind(2).
pub fn bind(address: SocketAddr, kind: Type, families: Families) -> io::Result<socket2::Socket> {
    let socket = socket2::Socket::new(Domain::for_address(address), kind, None)?;
    if address.is_ipv6() {
        socket.set_only_v6(families == Families::OnlyIpv6)?;
    }
    if cfg!(unix) && kind == Type::STREAM {
        socket.set_reuse_address(true)?;
    }
    socket.bind(&address.into())?;
    Ok(socket)
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
pub fn unmapped(address: SocketAddr) -> SocketAddr {
    match address.ip().to_canonical() {
        IpAddr::V4(ip) => SocketAddr::new(ip.into(), address.port()),
        IpAddr::V6(_) => address,
    }
}

/// Whether a client with the address `ip` may use the server.
///
/// # Contract
///
/// * Without any network in `allowed`, every client may. Otherwise its address is in one of them.
/// * An IPv4 client is in an IPv4 network, also if its address is mapped.
pub fn is_allowed(allowed: &[Network], ip: IpAddr) -> bool {
    allowed.is_empty() || allowed.iter().any(|network| networks::contains(network, ip))
}

/// The first line for a client: `you 127.0.0.9:40123 at 127.0.0.2:7008 ipv4 loopback`.
///
/// # Contract
///
/// * The first address is the client's and the second one ours, both without mapping
///   ([`unmapped`]).
/// * Then come the family and the kind of the client's address, as `show` prints them.
pub fn greeting(peer: SocketAddr, local: SocketAddr) -> String {
    let (peer, local) = (unmapped(peer), unmapped(local));
    let (family, kind) = match peer.ip() {
        IpAddr::V4(ip) => ("ipv4", text::ipv4_kind(ip).to_owned()),
        IpAddr::V6(ip) => ("ipv6", text::ipv6_kind(ip)),
    };
    format!("you {peer} at {local} {family} {kind}")
}

/// The answer to `command` of the client at `peer`, which was greeted by `greeting`.
///
/// # Contract
///
/// * `me` is answered by the greeting.
/// * `in NETWORK` is answered by `yes` or `no`. One space stands between the two words.
/// * Anything else, also a NETWORK that is none, is answered by [`EXPECTED`].
pub fn answer(command: &str, peer: SocketAddr, greeting: &str) -> String {
    if command == "me" {
        return greeting.to_owned();
    }
    let network = command.strip_prefix("in ").and_then(|text| networks::parse(text).ok());
    match network {
        Some(network) if networks::contains(&network, peer.ip()) => "yes".to_owned(),
        Some(_) => "no".to_owned(),
        None => EXPECTED.to_owned(),
    }
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
/// # Errors
///
/// Those of the connection.
pub fn serve_client(stream: TcpStream, allowed: &[Network]) -> io::Result<()> {
    // The client waits for each answer, so Nagle's algorithm must not hold it back.
    stream.set_nodelay(true)?;
    let (peer, local) = (stream.peer_addr()?, stream.local_addr()?);
    if !is_allowed(allowed, peer.ip()) {
        return close_with(stream, NOT_ALLOWED);
    }
    let greeting = greeting(peer, local);
    write_line(&stream, &greeting)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    loop {
        match line::read(&mut reader)? {
            Line::Whole(line) => {
                let command = String::from_utf8_lossy(&line);
                write_line(&stream, &answer(&command, peer, &greeting))?;
            }
            Line::TooLong => return close_with(stream, TOO_LONG),
            Line::End => return Ok(()),
        }
    }
}

fn write_line(mut stream: &TcpStream, line: &str) -> io::Result<()> {
    stream.write_all(format!("{line}\n").as_bytes())
}

fn close_with(stream: TcpStream, last_words: &str) -> io::Result<()> {
    write_line(&stream, last_words)?;
    close::lingering(stream);
    Ok(())
}

/// The answer to a datagram that arrived at port `port`:
/// `you 127.0.0.9:40123 at 127.0.0.2:7008 ttl 64 tos 0x00 length 5`.
///
/// # Contract
///
/// * Both addresses are without mapping. Length is that of the datagram in bytes.
/// * A field that the system does not tell is `-`.
pub fn describe(received: &Received, port: u16) -> String {
    let peer = unmapped(received.peer);
    let asked = unmapped(SocketAddr::new(received.asked, port));
    let ttl = received.ttl.map_or("-".to_owned(), |ttl| ttl.to_string());
    let tos = received.tos.map_or("-".to_owned(), |tos| format!("{tos:#04x}"));
    format!("you {peer} at {asked} ttl {ttl} tos {tos} length {}", received.len)
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
/// # Errors
///
/// Those of the socket itself.
pub fn serve_datagrams(
    socket: &Socket,
    allowed: &[Network],
    shutdown: &Shutdown,
) -> io::Result<()> {
    let port = socket.local_addr().port();
    let mut buffer = vec![0; 1 << 16];
    loop {
        let received = socket.receive(&mut buffer);
        if shutdown.is_requested() {
            return Ok(());
        }
        let received = match received {
            Ok(received) => received,
            Err(error) if concerns_one_datagram(&error) => continue,
            Err(error) => return Err(error),
        };
        let peer = received.peer;
        if peer.port() == port || !is_allowed(allowed, peer.ip()) {
            continue;
        }
        let answer = describe(&received, port);
        if let Err(error) = socket.send_from(answer.as_bytes(), received.asked, peer) {
            common::log!("{peer}: {}", reason(&error));
        }
    }
}

/// An answer that we sent earlier to a peer that was gone, or a signal. The socket still works.
fn concerns_one_datagram(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionRefused | ConnectionReset | Interrupted)
}
