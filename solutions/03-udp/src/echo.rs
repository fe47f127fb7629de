//! Step echo: the server answers each datagram with one datagram.
//!
//! ```text
//!   socket(2) ─▶ bind(2) ─▶ recvfrom(2) ─▶ sendto(2) ─▶ recvfrom(2) ─▶ ...
//! ```
//!
//! There is no listen, no accept and no stream for each client. One socket receives the datagrams
//! of all clients, and recvfrom(2) returns each with the address of its sender.

use common::net::reason;
use common::shutdown::Shutdown;
use common::udp::{Received, Socket};
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};

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
/// # Errors
///
/// Those of socket(2) and bind(2), as they come.
pub fn bind(address: SocketAddr) -> io::Result<Socket> {
    // No SO_REUSEADDR: UDP has no TIME_WAIT. With this option two servers could bind the same
    // port, and each would get some of the datagrams.
    Socket::new(UdpSocket::bind(address)?)
}

/// The answer to `datagram`: `prefix` and the datagram.
///
/// # Contract
///
/// * Every byte comes back unchanged. The datagram may be empty, and need not be text.
/// * [`TOO_LARGE`] if prefix and datagram together are more than [`MAX_DATAGRAM`].
pub fn echo(prefix: &str, datagram: &[u8]) -> Vec<u8> {
    // A stream would take the rest later. A datagram is sent whole or not at all.
    if prefix.len() + datagram.len() > MAX_DATAGRAM {
        return TOO_LARGE.to_owned();
    }
    [prefix.as_bytes(), datagram].concat()
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
/// # Errors
///
/// Those of recvmsg(2) that concern the socket. These do not: `ConnectionReset`,
/// `ConnectionRefused`, `HostUnreachable` and `NetworkUnreachable` report a datagram that we sent
/// earlier, and `Interrupted` reports a signal.
pub fn serve(
    socket: &Socket,
    shutdown: &Shutdown,
    mut answer: impl FnMut(SocketAddr, &[u8]) -> Option<Vec<u8>>,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_LEN];
    loop {
        let received = socket.receive(&mut buffer);
        // Only now: the datagram that woke us may be the empty one that Shutdown sends to us.
        if shutdown.is_requested() {
            return Ok(());
        }
        let received = match received {
            Ok(received) => received,
            Err(error) if concerns_one_peer(&error) => {
                common::log!("a peer is gone: {}", reason(&error));
                continue;
            }
            Err(error) => return Err(error),
        };
        if received.peer.port() == socket.local_addr().port() {
            common::log!("{}: not answered, a server's port", received.peer);
            continue;
        }
        // 0 bytes are a datagram like any other, because UDP has no end of a stream.
        if let Some(bytes) = answer(received.peer, &buffer[..received.len]) {
            send(socket, &received, &bytes);
        }
    }
}

fn send(socket: &Socket, received: &Received, bytes: &[u8]) {
    let sent = socket.send_from(bytes, received.asked, received.peer);
    // The peer sees a lost datagram, and asks again.
    if let Err(error) = sent {
        common::log!("{}: cannot answer: {}", received.peer, reason(&error));
    }
}

/// Errors that a working socket reports. An ICMP message has come back for a datagram that we sent
/// earlier, or a signal has come.
fn concerns_one_peer(error: &io::Error) -> bool {
    use ErrorKind::{
        ConnectionRefused, ConnectionReset, HostUnreachable, Interrupted, NetworkUnreachable,
    };
    matches!(
        error.kind(),
        ConnectionRefused | ConnectionReset | HostUnreachable | Interrupted | NetworkUnreachable
    )
}
