//! A server of ours, for judging clients: it listens, and the test says what it does.

use super::deadline::{Deadline, poll_until};
use super::kernel;
use super::peer::Peer;
use super::session::{Complaint, Session};
use socket2::{Domain, SockRef, Socket, Type};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// How long one look at a backlog may take.
const POLL: Duration = Duration::from_micros(200);

/// Socket buffers of a narrow host. In less, no whole segment of the loopback interface has room
/// (64 KiB), and TCP waits with the next one for its persist timer.
const NARROW: usize = 64 * 1024;

/// Listens on a free port of 127.0.0.1.
#[derive(Debug)]
pub struct Host {
    session: Arc<Session>,
    name: String,
    listener: TcpListener,
    address: SocketAddr,
    /// Who was seen waiting: the system's queue cannot be looked at but by taking from it.
    seen: Mutex<Option<TcpStream>>,
    think: Option<String>,
}

impl Host {
    pub(super) fn listen(session: &Arc<Session>, name: &str) -> Host {
        let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
        Host::over(session, name, listener)
    }

    pub(super) fn over(session: &Arc<Session>, name: &str, listener: TcpListener) -> Host {
        let address = listener.local_addr().expect("a bound socket has an address");
        listener.set_nonblocking(true).expect("every socket can be made non-blocking");
        let (session, name) = (Arc::clone(session), name.to_owned());
        Host { session, name, listener, address, seen: Mutex::default(), think: None }
    }

    /// Small socket buffers, 128 KiB each way, for all whom it accepts: the system can hold little
    /// for a client that writes without reading.
    pub fn narrow(self) -> Host {
        let socket = SockRef::from(&self.listener);
        // Accepted sockets inherit both (socket(7)); Linux doubles what it is asked for.
        let set =
            socket.set_recv_buffer_size(NARROW).and_then(|()| socket.set_send_buffer_size(NARROW));
        set.expect("every TCP socket has buffers");
        self
    }

    /// Where it listens, as text for a command line.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// What to think about should nobody come.
    pub fn says(&mut self, think: &str) -> &mut Self {
        self.think = Some(think.to_owned());
        self
    }

    /// The next client that connects.
    pub fn accept(&mut self) -> Peer {
        let mut stream = None;
        poll_until(Deadline::usual(), || {
            // Asked first: who connected and ended is among those who wait by now.
            let nobody_is_left = self.session.all_have_ended();
            stream = self.next();
            stream.is_some() || nobody_is_left
        });
        let Some(stream) = stream else {
            let sentence = format!("The client did not connect to {}.", self.address);
            let (peer, mark) = (self.name.as_str(), "wanted: connect".to_owned());
            self.session.fail(Complaint { peer, sentence, mark, think: self.think.clone() })
        };
        Peer::accepted(&self.session, &self.name, stream)
    }

    /// Whether nobody waits to be accepted now.
    pub fn is_lonely(&self) -> bool {
        let next = self.next();
        let is_lonely = next.is_none();
        *self.seen.lock().expect("no panic under the lock") = next;
        is_lonely
    }

    /// Who waits. An error means nobody, or somebody who has left again.
    fn next(&self) -> Option<TcpStream> {
        let seen = self.seen.lock().expect("no panic under the lock").take();
        seen.or_else(|| Some(self.listener.accept().ok()?.0))
    }
}

/// A port that refuses: bound, so that nobody else gets it, but never listening.
#[derive(Debug)]
pub struct ClosedPort {
    port: u16,
    address: String,
    socket: Socket,
}

impl ClosedPort {
    /// A free port of 127.0.0.1, closed as long as this lives.
    pub fn new() -> ClosedPort {
        let (socket, address) = bound();
        ClosedPort { port: address.port(), address: address.to_string(), socket }
    }

    /// The same port, open from now on: a server that has come up. It listens in
    /// [`Subject::host_at`](super::Subject::host_at).
    pub(super) fn open(self) -> TcpListener {
        self.socket.listen(128).expect("a bound socket can listen");
        self.socket.into()
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its address, as text for a command line. Borrowed: whoever lets go of the port has no
    /// business with its address, which may be somebody else's then.
    pub fn address(&self) -> &str {
        &self.address
    }
}

impl Default for ClosedPort {
    fn default() -> ClosedPort {
        ClosedPort::new()
    }
}

/// An address that never answers: who connects there waits, as at a filter that drops packets.
///
/// It listens, with the shortest backlog that there is, and that is full. Linux then drops further
/// SYNs, always; other systems refuse, or take some more.
#[derive(Debug)]
pub struct BlackHole {
    address: SocketAddr,
    _listener: Socket,
    /// Who waits in the backlog, never to be accepted.
    _waiting: TcpStream,
}

impl BlackHole {
    /// `None` where a full backlog does not drop SYNs.
    pub fn new() -> Option<BlackHole> {
        if !cfg!(target_os = "linux") {
            return None;
        }
        let (listener, address) = bound();
        listener.listen(0).expect("a bound socket can listen");
        // "More than 0 wait" is what the kernel calls full: one is enough.
        let waiting = TcpStream::connect_timeout(&address, Duration::from_secs(1)).ok()?;
        let nobody_waits = || kernel::wait_until_accepted(address, Deadline::in_just(POLL));
        poll_until(Deadline::usual(), || !nobody_waits());
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

/// A socket that is bound to a free port of 127.0.0.1, and does nothing yet.
fn bound() -> (Socket, SocketAddr) {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None).expect("sockets can be made");
    let loopback = SocketAddr::from(([127, 0, 0, 1], 0));
    socket.bind(&loopback.into()).expect("loopback has free ports");
    let address = socket.local_addr().ok().and_then(|address| address.as_socket());
    (socket, address.expect("a bound socket has an address"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn a_black_hole_neither_answers_nor_refuses() {
        let Some(hole) = BlackHole::new() else { return };
        for _ in 0..3 {
            let outcome = TcpStream::connect_timeout(&hole.address, Duration::from_millis(30));
            assert_eq!(outcome.expect_err("nobody answers").kind(), io::ErrorKind::TimedOut);
        }
    }

    #[test]
    fn a_closed_port_refuses_until_it_is_opened() {
        let port = ClosedPort::new();
        let address = port.address().to_owned();
        let refused = TcpStream::connect(&address).expect_err("closed").kind();
        assert_eq!(refused, io::ErrorKind::ConnectionRefused);
        let _listener = port.open();
        TcpStream::connect(&address).expect("open");
    }
}
