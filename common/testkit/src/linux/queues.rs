//! Waits on the queues of the program's sockets.
//!
//! "Has the program read my bytes?" is a question about another process, and sleeping does not
//! answer it. The kernel answers it. The answer is yes when all bytes have arrived at the program's
//! socket and its receive queue is empty.

use super::sock_diag::{self, Lookup, Socket};
use crate::time::{Deadline, poll_until};
use std::mem;
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

/// How long the kit pauses where the kernel cannot be asked.
const FALLBACK: Duration = Duration::from_millis(15);

/// Waits until the program at `theirs` has read all bytes from `ours`, `sent` bytes since it was
/// connected (or the connection is gone). `false`: the deadline passed, some bytes are still
/// unread.
pub fn wait_until_read(
    ours: SocketAddr,
    theirs: SocketAddr,
    sent: u64,
    deadline: Deadline,
) -> bool {
    let is_empty = || match sock_diag::find(theirs, ours) {
        Lookup::Found(socket, _) => socket.receive_queue == 0,
        Lookup::NotFound | Lookup::Unavailable => true,
    };
    // The kernel reads the length of the queue first, and then the number of bytes. Between them, bytes
    // may arrive: those that had to wait while the program was in a write on this socket. So the queue
    // is looked at again.
    wait_for(deadline, theirs, ours, |socket, received| {
        received >= sent && socket.receive_queue == 0 && is_empty()
    })
}

/// Waits until all bytes from `ours` have arrived at `theirs` (or the connection is gone).
pub fn wait_until_arrived(ours: SocketAddr, theirs: SocketAddr, sent: u64, deadline: Deadline) {
    wait_for(deadline, theirs, ours, |_, received| received >= sent);
}

/// What the program at the other end of a connection has not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// How many bytes have ever arrived.
    received: u64,
    /// How many of them wait to be read.
    waiting: usize,
    /// How many bytes the program may send before we read.
    pub window: u32,
}

/// The bytes from `ours` that wait to be read at `theirs`. `None` if there are none, or if segments
/// from `theirs` are not acknowledged yet, or where the kernel cannot be asked.
pub fn unread(ours: SocketAddr, theirs: SocketAddr) -> Option<Unread> {
    match sock_diag::find(theirs, ours) {
        Lookup::Found(socket, received) if socket.unacknowledged == 0 => {
            let waiting = socket.receive_queue;
            (waiting > 0).then_some(Unread { received, waiting, window: socket.send_window })
        }
        _ => None,
    }
}

/// Waits until the end that `ours` has sent has arrived at `theirs`: FIN, unless some of the `sent`
/// bytes are still before it, or RST. On loopback that is mostly so when close(2) returns; on a busy
/// machine the kernel may deliver it later, and a program that knows nothing of it looks idle.
/// `false`: the deadline passed.
pub fn wait_until_ended(
    ours: SocketAddr,
    theirs: SocketAddr,
    sent: u64,
    deadline: Deadline,
) -> bool {
    poll_until(deadline, || match sock_diag::find(theirs, ours) {
        Lookup::Found(socket, received) => received < sent || !socket.state.awaits_end(),
        Lookup::NotFound | Lookup::Unavailable => true,
    })
}

/// Waits until the program at `theirs` has read all datagrams that have arrived there, from us
/// and from other senders. `false`: the deadline passed, some are still unread.
pub fn wait_until_datagrams_read(ours: SocketAddr, theirs: SocketAddr, deadline: Deadline) -> bool {
    // On loopback a datagram is mostly in the receiver's queue before sendto(2) returns. A kernel that
    // hands packets to another thread or processor (PREEMPT_RT, RPS) may put it there later.
    poll_until(deadline, || match sock_diag::find_udp(theirs, ours) {
        Lookup::Found(socket, _) => socket.receive_queue == 0,
        Lookup::NotFound | Lookup::Unavailable => {
            thread::park_timeout(FALLBACK);
            true
        }
    })
}

/// Waits until no client waits to be accepted at `listener`.
pub fn wait_until_accepted(listener: SocketAddr, deadline: Deadline) -> bool {
    wait_for(deadline, listener, unspecified(listener), |socket, _| socket.receive_queue == 0)
}

/// Waits until `count` clients wait to be accepted at `listener`.
pub fn wait_until_waiting(listener: SocketAddr, count: usize, deadline: Deadline) -> bool {
    wait_for(deadline, listener, unspecified(listener), |socket, _| socket.receive_queue >= count)
}

/// The backlog of `listener`; `None` where the kernel cannot be asked.
pub fn backlog(listener: SocketAddr) -> Option<usize> {
    match sock_diag::find(listener, unspecified(listener)) {
        Lookup::Found(socket, _) => Some(socket.send_queue),
        _ => None,
    }
}

/// Whether the socket at `local` is still connected to `remote`, or the kernel still sends what its
/// program has left behind; `None` where the kernel cannot be asked.
pub fn is_open(local: SocketAddr, remote: SocketAddr) -> Option<bool> {
    match sock_diag::find(local, remote) {
        Lookup::Found(..) => Some(true),
        Lookup::NotFound => Some(false),
        Lookup::Unavailable => None,
    }
}

/// How many segments with data the socket at `local` has ever received from `remote`; `None` where
/// the kernel cannot be asked.
pub fn data_segments(local: SocketAddr, remote: SocketAddr) -> Option<u32> {
    match sock_diag::find(local, remote) {
        Lookup::Found(socket, _) => Some(socket.data_segments),
        Lookup::NotFound | Lookup::Unavailable => None,
    }
}

/// Whether the socket at `local` that is connected to `remote` is shut down for reading; `None`
/// where the kernel cannot be asked, or knows no such socket.
pub fn is_shut_for_reading(local: SocketAddr, remote: SocketAddr) -> Option<bool> {
    match sock_diag::find(local, remote) {
        Lookup::Found(socket, _) => Some(socket.is_shut_for_reading),
        Lookup::NotFound | Lookup::Unavailable => None,
    }
}

fn wait_for(
    deadline: Deadline,
    local: SocketAddr,
    remote: SocketAddr,
    mut condition: impl FnMut(&Socket, u64) -> bool,
) -> bool {
    let mut was_missing = false;
    poll_until(deadline, || match sock_diag::find(local, remote) {
        Lookup::Found(socket, received) => condition(&socket, received),
        // At the end of its handshake a connection changes its place in the kernel's table, and a
        // look in this moment misses it. A second look does not.
        Lookup::NotFound => mem::replace(&mut was_missing, true),
        Lookup::Unavailable => {
            thread::park_timeout(FALLBACK);
            true
        }
    })
}

fn unspecified(like: SocketAddr) -> SocketAddr {
    match like {
        SocketAddr::V4(_) => SocketAddr::from(([0; 4], 0)),
        SocketAddr::V6(_) => SocketAddr::from(([0_u16; 8], 0)),
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use crate::linux::sock_diag::TcpState;
    use std::io::{Read, Write};
    use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};

    const FIN_WAIT2: TcpState = TcpState(0x05);

    /// A client and the server's end of its connection, with their addresses.
    fn connection(listener: &TcpListener) -> (TcpStream, TcpStream, SocketAddr, SocketAddr) {
        let theirs = listener.local_addr().expect("bound");
        let client = TcpStream::connect(theirs).expect("listening");
        let ours = client.local_addr().expect("connected");
        (client, listener.accept().expect("a client waits").0, ours, theirs)
    }

    fn listener() -> TcpListener {
        TcpListener::bind("127.0.0.1:0").expect("a free port")
    }

    fn short() -> Deadline {
        Deadline::after(Duration::from_millis(20))
    }

    #[test]
    fn a_listener_tells_its_backlog_and_who_waits() {
        let listener = listener();
        let address = listener.local_addr().expect("bound");
        assert_eq!(backlog(address), Some(128), "what std asks for");
        let waiting = TcpStream::connect(address).expect("listening");
        assert!(wait_until_waiting(address, 1, Deadline::usual()));
        assert!(!wait_until_waiting(address, 2, short()));
        assert!(!wait_until_accepted(address, short()));
        listener.accept().expect("a client waits");
        assert!(wait_until_accepted(address, Deadline::usual()));
        drop(waiting);
    }

    #[test]
    fn datagrams_lie_in_the_queue_until_they_are_read() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(server) = UdpSocket::bind(address) else { continue };
            let client = UdpSocket::bind(address).expect("a free port");
            let (ours, theirs) = (client.local_addr(), server.local_addr());
            let (ours, theirs) = (ours.expect("bound"), theirs.expect("bound"));
            // An empty datagram takes up room too.
            for datagram in [b"".as_slice(), b"hello"] {
                client.send_to(datagram, theirs).expect("loopback takes it");
                let is_there = || !wait_until_datagrams_read(ours, theirs, short());
                assert!(poll_until(Deadline::usual(), is_there));
                server.recv_from(&mut [0; 5]).expect("it was sent");
                assert!(wait_until_datagrams_read(ours, theirs, Deadline::usual()));
            }
        }
    }

    #[test]
    fn bytes_lie_in_the_queue_until_they_are_read() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(address) else { continue };
            let (mut client, mut server, ours, theirs) = connection(&listener);
            client.write_all(b"hello").expect("fits the buffer");

            assert!(!wait_until_read(ours, theirs, 5, short()));
            server.read_exact(&mut [0; 5]).expect("it was sent");
            assert!(wait_until_read(ours, theirs, 5, Deadline::usual()));
        }
    }

    #[test]
    fn unread_bytes_are_seen_with_the_window_for_answers() {
        let (mut client, mut server, ours, theirs) = connection(&listener());
        assert_eq!(unread(ours, theirs), None);
        client.write_all(b"hello").expect("fits the buffer");
        let is_seen = || unread(ours, theirs).is_some_and(|unread| unread.window > 0);
        assert!(poll_until(Deadline::usual(), is_seen));
        server.read_exact(&mut [0; 5]).expect("it was sent");
        assert_eq!(unread(ours, theirs), None);
    }

    #[test]
    fn nobody_waits_for_a_server_that_has_read_and_gone() {
        let listener = listener();
        let (mut client, mut server, ours, theirs) = connection(&listener);
        client.write_all(b"hello").expect("fits the buffer");
        server.read_exact(&mut [0; 5]).expect("it was sent");
        server.shutdown(Shutdown::Write).expect("connected");
        let acknowledged = || {
            let found = sock_diag::find(theirs, ours);
            matches!(found, Lookup::Found(socket, _) if socket.state == FIN_WAIT2)
        };
        assert!(poll_until(Deadline::usual(), acknowledged));
        drop(server);
        // What the kernel keeps of it now, for the client's FIN, counts no bytes any more.
        assert!(wait_until_read(ours, theirs, 5, Deadline::after(Duration::from_millis(200))));
    }

    #[test]
    fn nobody_waits_for_a_connection_that_was_reset() {
        let listener = listener();
        let (mut client, server, ours, theirs) = connection(&listener);
        client.write_all(b"hello").expect("fits the buffer");
        // Closed with input unread: RST, and nothing is kept. The listener lives on.
        drop(server);
        assert_eq!(is_open(theirs, ours), Some(false));
        assert!(wait_until_read(ours, theirs, 5, Deadline::after(Duration::from_millis(200))));
    }

    #[test]
    fn a_shutdown_of_the_reading_direction_is_seen() {
        let (_client, server, ours, theirs) = connection(&listener());
        assert_eq!(is_shut_for_reading(theirs, ours), Some(false));
        server.shutdown(Shutdown::Write).expect("connected");
        assert_eq!(is_shut_for_reading(theirs, ours), Some(false));
        server.shutdown(Shutdown::Read).expect("connected");
        assert_eq!(is_shut_for_reading(theirs, ours), Some(true));
    }

    #[test]
    fn an_end_is_waited_for() {
        for unread in [false, true] {
            let (client, mut server, ours, theirs) = connection(&listener());
            assert!(!wait_until_ended(ours, theirs, 0, short()));
            if unread {
                // Closed with input unread: RST.
                server.write_all(b"hello").expect("fits the buffer");
                client.peek(&mut [0; 5]).expect("it was sent");
            }
            drop(client);
            assert!(wait_until_ended(ours, theirs, 0, Deadline::usual()));
        }
    }
}
