//! How a peer comes to be: it connects, or is accepted.

use super::{Link, Peer};
use crate::deadline::stretched;
use crate::ladder::Way;
use crate::process::Process;
use crate::session::{Complaint, Session};
use common::net::reason;
use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// How long a connection may take. When the backlog is full, the first SYN is dropped, and the
/// system sends the next ones after one and three seconds.
const CONNECTING: Duration = Duration::from_secs(5);

/// SO_RCVBUF of a peer that does not read.
const DEAF_BUFFER: usize = 4096;

/// TCP_MAXSEG of a peer that does not read: what every host must take (RFC 9293, section 3.7.1).
#[cfg(unix)]
const DEAF_SEGMENT: u32 = 536;

impl Peer {
    pub(crate) fn connect(server: &Process, name: &str, address: SocketAddr) -> Peer {
        let stream = TcpStream::connect_timeout(&address, stretched(CONNECTING));
        Peer::connected(server, name, address, stream)
    }

    pub(crate) fn connect_deaf(server: &Process, name: &str, address: SocketAddr) -> Peer {
        let connect = || {
            let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
            // Before connecting: the window that the peer is offered is fixed by then.
            socket.set_recv_buffer_size(DEAF_BUFFER)?;
            // Linux sizes the other end's send buffer by the segment, and loopback's are of 64 KiB:
            // 3 MB would fit in before a write to us had to wait. So it is a tenth of a megabyte.
            #[cfg(unix)]
            socket.set_tcp_mss(DEAF_SEGMENT)?;
            socket.connect_timeout(&address.into(), stretched(CONNECTING))?;
            Ok(socket.into())
        };
        Peer::connected(server, name, address, connect())
    }

    fn connected(
        server: &Process,
        name: &str,
        address: SocketAddr,
        stream: io::Result<TcpStream>,
    ) -> Peer {
        let session = server.session();
        session.note(name, Way::In, "connect");
        match stream {
            Ok(stream) => Peer::over(session, name, "server", stream),
            Err(error) => {
                let sentence =
                    format!("{name} could not connect to {address}: {}.", reason(&error));
                let (peer, mark) = (name, "wanted a connection".to_owned());
                session.fail(Complaint { peer, sentence, mark, think: None })
            }
        }
    }

    pub(crate) fn accepted(session: &Arc<Session>, name: &str, stream: TcpStream) -> Peer {
        // Some systems hand the listener's non-blocking mode on to what it accepts.
        stream.set_nonblocking(false).expect("every socket can block");
        session.note(name, Way::Out, "connect");
        Peer::over(session, name, "client", stream)
    }

    fn over(session: &Arc<Session>, name: &str, them: &'static str, stream: TcpStream) -> Peer {
        // Nagle's algorithm would glue small pieces together. Here and below, macOS refuses when
        // the other end is gone already: what we then read and write will say so.
        let _ = stream.set_nodelay(true);
        let ours = stream.local_addr().unwrap_or(SocketAddr::from(([0; 4], 0)));
        let theirs = stream.peer_addr().unwrap_or(ours);
        let (session, name) = (Arc::clone(session), name.to_owned());
        Peer {
            session,
            name,
            them,
            stream,
            sending: Arc::default(),
            is_half_closed: false,
            inbox: Vec::new(),
            think: None,
            tls: None,
            link: Link { ours, theirs, sent: 0 },
        }
    }
}
