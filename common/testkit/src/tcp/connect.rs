//! Peers that connect, and peers that are accepted.

use super::peer::{Link, Peer};
use crate::context::TestContext;
use crate::party::Party;
use common::net::reason;
use report::env::scale_deadline;
use report::{Direction, Event, Role};
use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
#[cfg(unix)]
use std::os::fd::OwnedFd;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
#[cfg(unix)]
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may take. When the backlog is full, the first SYN is dropped, and the
/// system sends the next ones after one and three seconds.
const CONNECTING: Duration = Duration::from_secs(5);

/// SO_RCVBUF of a peer that does not read. Linux makes the other end's send buffer larger with each
/// segment that arrives. So few arrive, and equal peers stop their servers at nearly the same byte.
const SMALL_BUFFER: usize = 1152;

/// TCP_MAXSEG of a peer that does not read: what every host must take (RFC 9293, section 3.7.1).
#[cfg(unix)]
const SMALL_SEGMENT: u32 = 536;

impl Peer {
    /// A client of the server at `address`.
    pub(crate) fn connect(context: &Arc<TestContext>, name: &str, address: SocketAddr) -> Peer {
        let stream = TcpStream::connect_timeout(&address, scale_deadline(CONNECTING));
        Peer::connected(context, name, address, stream)
    }

    /// A client at `ours`, any port; `None` if this machine does not have that address.
    pub(crate) fn connect_from(
        context: &Arc<TestContext>,
        name: &str,
        ours: IpAddr,
        address: SocketAddr,
    ) -> Option<Peer> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, None).ok()?;
        socket.bind(&SocketAddr::new(ours, 0).into()).ok()?;
        let connected = socket.connect_timeout(&address.into(), scale_deadline(CONNECTING));
        Some(Peer::connected(context, name, address, connected.map(|()| socket.into())))
    }

    /// A client of the Unix socket at `path`. It is a stream like any other, except that it has no
    /// port by which the kernel could be asked about it.
    #[cfg(unix)]
    pub(crate) fn connect_unix(context: &Arc<TestContext>, name: &str, path: &Path) -> Peer {
        let party = Party::peer(context, name, Some(Role::Server));
        party.note(Direction::ToProgram, format!("connect to {}", path.display()));
        match UnixStream::connect(path) {
            // A TcpStream is a descriptor of a stream, whatever its family is.
            Ok(stream) => Peer::over(party, OwnedFd::from(stream).into(), Direction::ToProgram),
            Err(error) => {
                let path = path.display();
                let text = format!("{name} could not connect to {path}: {}.", reason(&error));
                party.fail_as("could-not-connect", text, "wanted a connection")
            }
        }
    }

    /// A client with a small receive buffer.
    pub(crate) fn connect_non_reading(
        context: &Arc<TestContext>,
        name: &str,
        address: SocketAddr,
    ) -> Peer {
        Peer::connected(context, name, address, connect_with_small_buffer(address))
    }

    fn connected(
        context: &Arc<TestContext>,
        name: &str,
        address: SocketAddr,
        stream: io::Result<TcpStream>,
    ) -> Peer {
        let party = Party::peer(context, name, Some(Role::Server));
        party.note(Direction::ToProgram, "connect");
        match stream {
            Ok(stream) => Peer::over(party, stream, Direction::ToProgram),
            Err(error) => {
                let text = format!("{name} could not connect to {address}: {}.", reason(&error));
                party.fail_as("could-not-connect", text, "wanted a connection")
            }
        }
    }

    /// A client that was accepted.
    pub(crate) fn accepted(context: &Arc<TestContext>, name: &str, stream: TcpStream) -> Peer {
        // Some systems hand the listener's non-blocking mode on to what it accepts.
        stream.set_nonblocking(false).expect("every socket can block");
        let party = Party::peer(context, name, Some(Role::Client));
        party.note(Direction::FromProgram, "connect");
        Peer::over(party, stream, Direction::FromProgram)
    }

    /// A peer on `stream`, which was opened in this direction.
    fn over(party: Party, stream: TcpStream, opened: Direction) -> Peer {
        // Nagle's algorithm would glue small pieces together. Here and below, macOS refuses when
        // the other end is gone already. The next read or write will report that.
        let _ = stream.set_nodelay(true);
        let ours = stream.local_addr().unwrap_or(SocketAddr::from(([0; 4], 0)));
        let theirs = stream.peer_addr().unwrap_or(ours);
        let peer = Peer {
            party,
            stream,
            sending: Arc::default(),
            is_half_closed: false,
            noted_end: None,
            inbox: Vec::new(),
            tls: None,
            link: Link { ours, theirs, sent: 0 },
        };
        peer.trace(opened, Event::Connect);
        peer
    }
}

fn connect_with_small_buffer(address: SocketAddr) -> io::Result<TcpStream> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    // Before connecting: the window that the peer is offered is fixed by then.
    socket.set_recv_buffer_size(SMALL_BUFFER)?;
    // Linux sizes the other end's send buffer by the segment, and loopback's are of 64 KiB:
    // 3 MB would fit in before a write to us had to wait. So it is less than a tenth of a megabyte.
    #[cfg(unix)]
    socket.set_tcp_mss(SMALL_SEGMENT)?;
    socket.connect_timeout(&address.into(), scale_deadline(CONNECTING))?;
    Ok(socket.into())
}
