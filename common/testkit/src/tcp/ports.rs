//! Addresses at which no server listens, or none answers.

use crate::linux;
use crate::time::{Deadline, poll_until};
use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

/// Any free port of 127.0.0.1.
const ANY_PORT: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

/// How long one look at a backlog may take.
const POLL: Duration = Duration::from_micros(200);

/// A port that refuses: bound, so that no other process gets it, but never listening.
#[derive(Debug)]
pub struct ClosedPort {
    port: u16,
    address: String,
    socket: Socket,
}

impl ClosedPort {
    /// A free port of 127.0.0.1, closed as long as this lives.
    #[expect(clippy::new_without_default, reason = "it takes a port")]
    pub fn new() -> ClosedPort {
        ClosedPort::at(ANY_PORT).expect("loopback has free ports")
    }

    /// The same at `address`. `None` if its port is taken, or this machine does not have it.
    pub fn at(address: SocketAddr) -> Option<ClosedPort> {
        let (socket, address) = bound(address).ok()?;
        Some(ClosedPort { port: address.port(), address: address.to_string(), socket })
    }

    /// The same port, open from now on: a server that has come up. It listens in
    /// [`Subject::scripted_server_at`](crate::Subject::scripted_server_at).
    pub(crate) fn open(self) -> TcpListener {
        self.socket.listen(128).expect("a bound socket can listen");
        self.socket.into()
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address, as text for a command line. Borrowed: once the port is
    /// released, the address may belong to another process.
    pub fn address(&self) -> &str {
        &self.address
    }
}

/// An address that never answers: a client that connects there waits, as at a filter that drops packets.
///
/// It listens, with the shortest backlog that there is, and that is full. Linux then drops further
/// SYNs, always; other systems refuse, or take some more.
#[derive(Debug)]
pub struct BlackHole {
    address: SocketAddr,
    _listener: Socket,
    /// A client in the backlog, never to be accepted.
    _waiting: TcpStream,
}

impl BlackHole {
    /// At a free port of 127.0.0.1. `None` where a full backlog does not drop SYNs.
    pub fn new() -> Option<BlackHole> {
        BlackHole::at(ANY_PORT)
    }

    /// The same at `address`; port 0 is any free port. `None` also if it cannot be had, because its
    /// port is taken, or this machine does not have it.
    pub fn at(address: SocketAddr) -> Option<BlackHole> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let (listener, address) = bound(address).ok()?;
        listener.listen(0).expect("a bound socket can listen");
        // For the kernel a backlog of 0 is full when more than 0 clients wait, so one is enough.
        let waiting = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
        let no_client_waits =
            || linux::wait_until_accepted(address, Deadline::after_unscaled(POLL));
        poll_until(Deadline::usual(), || !no_client_waits());
        Some(BlackHole { address, _listener: listener, _waiting: waiting })
    }

    /// Its address, as text for a command line.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }
}

/// A socket that is bound to `address`, and does nothing yet.
fn bound(address: SocketAddr) -> io::Result<(Socket, SocketAddr)> {
    let socket = Socket::new(Domain::for_address(address), Type::STREAM, None)?;
    socket.bind(&address.into())?;
    let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
    Ok((socket, address))
}
