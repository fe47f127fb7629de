//! Step echo: each datagram is answered by one.
//!
//! ```text
//!   socket(2) ─▶ bind(2) ─▶ recvfrom(2) ─▶ sendto(2) ─▶ recvfrom(2) ─▶ ...
//! ```
//!
//! No listen, no accept, no stream for each client: one socket hears everybody, and each
//! datagram says who sent it.

use common::net::reason;
use common::shutdown::Shutdown;
use common::udp::{Received, Socket};
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, UdpSocket};

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
/// # Errors
///
/// Those of socket(2) and bind(2), as they come.
pub fn bind(address: SocketAddr) -> io::Result<Socket> {
    // No SO_REUSEADDR: UDP has no TIME_WAIT to be excused, and with it two servers could take
    // the same port, and each would get some of the datagrams.
    Socket::new(UdpSocket::bind(address)?)
}

/// What comes back for `datagram`: `prefix` and the datagram.
///
/// # Contract
///
/// * Every byte comes back as it is: it need not be text, and there may be none.
/// * [`TOO_LARGE`] if prefix and datagram together are more than [`MAX_DATAGRAM`].
pub fn echo(prefix: &str, datagram: &[u8]) -> Vec<u8> {
    // A stream would take the rest later. A datagram goes whole or not at all.
    if prefix.len() + datagram.len() > MAX_DATAGRAM {
        return TOO_LARGE.to_owned();
    }
    [prefix.as_bytes(), datagram].concat()
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
/// # Errors
///
/// Those of recvmsg(2) that concern the socket. `ConnectionReset`, `ConnectionRefused` and their
/// like are about a datagram sent earlier, `Interrupted` about nothing: they do not.
pub fn serve(
    socket: &Socket,
    shutdown: &Shutdown,
    mut answer: impl FnMut(SocketAddr, &[u8]) -> Option<Vec<u8>>,
) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER_LEN];
    loop {
        let received = socket.receive(&mut buffer);
        // Asked only now: the datagram that woke us may be the one that Shutdown sends us.
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
        // No byte at all is a datagram like any other: UDP has no end to announce.
        if let Some(bytes) = answer(received.peer, &buffer[..received.len]) {
            send(socket, &received, &bytes);
        }
    }
}

fn send(socket: &Socket, received: &Received, bytes: &[u8]) {
    let sent = socket.send_from(bytes, received.asked, received.peer);
    // Nobody waits for an excuse: to the peer this is a lost datagram, and it will ask again.
    if let Err(error) = sent {
        common::log!("{}: cannot answer: {}", received.peer, reason(&error));
    }
}

/// Errors that a receiving socket reports although it is well: an ICMP message has come back for
/// a datagram that we sent earlier, or a signal came.
fn concerns_one_peer(error: &io::Error) -> bool {
    use ErrorKind::{
        ConnectionRefused, ConnectionReset, HostUnreachable, Interrupted, NetworkUnreachable,
    };
    matches!(
        error.kind(),
        ConnectionRefused | ConnectionReset | HostUnreachable | Interrupted | NetworkUnreachable
    )
}
