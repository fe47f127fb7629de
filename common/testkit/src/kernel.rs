//! What the kernel says of a connection.
//!
//! "Has the program read my bytes?" is a question about another process, and sleeping does not
//! answer it. The kernel does: all bytes have arrived at the program's socket, and its receive
//! queue is empty.

use super::deadline::{Deadline, poll_until};
use super::sock_diag::{self, Answer};
use std::fs;
use std::mem;
use std::net::{IpAddr, SocketAddr};
use std::thread;
use std::time::Duration;

/// How long the kit pauses where the kernel cannot be asked.
const FALLBACK: Duration = Duration::from_millis(15);

/// State of a socket in `/proc/net/tcp`, as in the kernel's `tcp_states.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpState(pub(super) u8);

impl TcpState {
    /// A client asks to connect; the handshake is not complete.
    pub const SYN_RECV: TcpState = TcpState(0x03);
    /// A listening socket.
    pub const LISTEN: TcpState = TcpState(0x0A);

    /// Whether its peer has not finished yet: ESTABLISHED, FIN_WAIT1, FIN_WAIT2.
    fn awaits_end(self) -> bool {
        matches!(self.0, 0x01 | 0x04 | 0x05)
    }
}

/// One socket of this machine.
#[derive(Debug)]
pub struct Socket {
    /// Its own address.
    pub local: SocketAddr,
    /// Its peer's address.
    pub remote: SocketAddr,
    /// Its state.
    pub state: TcpState,
    /// Bytes written but not acknowledged yet. For a listener: its backlog.
    pub send_queue: usize,
    /// Bytes arrived but not read yet. For a listener: connections not accepted yet.
    pub receive_queue: usize,
}

/// All TCP sockets, by `/proc/net/tcp` and `tcp6` (proc(5)): slow. `None` where the kernel has no
/// such table.
pub fn tcp_sockets() -> Option<Vec<Socket>> {
    let mut sockets = parse(&fs::read_to_string("/proc/net/tcp").ok()?);
    if let Ok(table) = fs::read_to_string("/proc/net/tcp6") {
        sockets.extend(parse(&table));
    }
    Some(sockets)
}

/// Waits until all that `ours` sent, `sent` bytes since it was connected, has been read at
/// `theirs` (or the connection is gone). `false`: the deadline passed, bytes still lie unread.
pub fn wait_until_read(
    ours: SocketAddr,
    theirs: SocketAddr,
    sent: u64,
    deadline: Deadline,
) -> bool {
    wait_for(deadline, theirs, ours, |socket, received| {
        received >= sent && socket.receive_queue == 0
    })
}

/// Waits until all that `ours` sent has arrived at `theirs` (or the connection is gone).
pub fn wait_until_arrived(ours: SocketAddr, theirs: SocketAddr, sent: u64, deadline: Deadline) {
    wait_for(deadline, theirs, ours, |_, received| received >= sent);
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
        Answer::Found(socket, received) => received < sent || !socket.state.awaits_end(),
        Answer::Nothing | Answer::Unknown => true,
    })
}

/// Waits until the program at `theirs` has read all datagrams that have arrived there, from us
/// and from anybody. `false`: the deadline passed, some still lie unread.
pub fn wait_until_datagrams_read(ours: SocketAddr, theirs: SocketAddr, deadline: Deadline) -> bool {
    // On loopback a datagram lies in the receiver's queue before sendto(2) returns.
    poll_until(deadline, || match sock_diag::find_udp(theirs, ours) {
        Answer::Found(socket, _) => socket.receive_queue == 0,
        Answer::Nothing | Answer::Unknown => {
            thread::park_timeout(FALLBACK);
            true
        }
    })
}

/// Waits until nobody waits to be accepted at `listener`.
pub fn wait_until_accepted(listener: SocketAddr, deadline: Deadline) -> bool {
    wait_for(deadline, listener, unspecified(listener), |socket, _| socket.receive_queue == 0)
}

/// The backlog of `listener`; `None` where the kernel cannot be asked.
pub fn backlog(listener: SocketAddr) -> Option<usize> {
    match sock_diag::find(listener, unspecified(listener)) {
        Answer::Found(socket, _) => Some(socket.send_queue),
        _ => None,
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
        Answer::Found(socket, received) => condition(&socket, received),
        // At the end of its handshake a connection changes its place in the kernel's table, and a
        // look in this moment misses it: a second one does not.
        Answer::Nothing => mem::replace(&mut was_missing, true),
        Answer::Unknown => {
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

fn parse(table: &str) -> Vec<Socket> {
    table.lines().skip(1).filter_map(parse_row).collect()
}

/// `sl local_address rem_address st tx_queue:rx_queue ...`, all in hex.
fn parse_row(row: &str) -> Option<Socket> {
    let mut columns = row.split_ascii_whitespace().skip(1);
    let (local, remote) = (parse_address(columns.next()?)?, parse_address(columns.next()?)?);
    let state = TcpState(u8::from_str_radix(columns.next()?, 16).ok()?);
    let (send, receive) = columns.next()?.split_once(':')?;
    let number = |hex| usize::from_str_radix(hex, 16).ok();
    Some(Socket {
        local,
        remote,
        state,
        send_queue: number(send)?,
        receive_queue: number(receive)?,
    })
}

/// `0100007F:1B59` is 127.0.0.1:7001: groups of four bytes, each in the machine's order.
fn parse_address(column: &str) -> Option<SocketAddr> {
    let (ip, port) = column.split_once(':')?;
    let mut bytes = Vec::new();
    for group in ip.as_bytes().chunks(8) {
        let group = u32::from_str_radix(std::str::from_utf8(group).ok()?, 16).ok()?;
        bytes.extend(group.to_ne_bytes());
    }
    let ip = match <[u8; 4]>::try_from(bytes.as_slice()) {
        Ok(v4) => IpAddr::from(v4),
        // A dual-stack listener's IPv4 peers stand in tcp6 as ::ffff:a.b.c.d.
        Err(_) => IpAddr::from(<[u8; 16]>::try_from(bytes).ok()?).to_canonical(),
    };
    Some(SocketAddr::new(ip, u16::from_str_radix(port, 16).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_of_the_kernels_table_is_understood() {
        let table = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when\n   \
                     0: 0100007F:1B59 0100007F:D431 08 00000005:00000A10 00:00000000 00000000";
        let socket = parse(table).pop().expect("one row");
        if cfg!(target_endian = "little") {
            assert_eq!(socket.local.to_string(), "127.0.0.1:7001");
        }
        assert_eq!(socket.state, TcpState(0x08)); // CLOSE_WAIT
        assert_eq!((socket.send_queue, socket.receive_queue), (5, 0xA10));
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod linux_tests {
    use super::*;
    use std::io::{Read, Write};
    use std::net::{Shutdown, TcpListener, TcpStream, UdpSocket};

    const FIN_WAIT2: TcpState = TcpState(0x05);

    #[test]
    fn a_listener_tells_its_backlog_and_who_waits() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("bound");
        assert_eq!(backlog(address), Some(128), "what std asks for");
        let waiting = TcpStream::connect(address).expect("listening");
        assert!(!wait_until_accepted(address, Deadline::after(Duration::from_millis(20))));
        listener.accept().expect("a client waits");
        assert!(wait_until_accepted(address, Deadline::usual()));
        drop(waiting);
    }

    #[test]
    fn datagrams_lie_in_the_queue_until_they_are_read() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(server) = UdpSocket::bind(address) else {
                continue;
            };
            let client = UdpSocket::bind(address).expect("a free port");
            let (ours, theirs) = (client.local_addr(), server.local_addr());
            let (ours, theirs) = (ours.expect("bound"), theirs.expect("bound"));
            let short = || Deadline::after(Duration::from_millis(20));
            // An empty datagram takes up room too.
            for datagram in [b"".as_slice(), b"hello"] {
                client.send_to(datagram, theirs).expect("loopback takes it");
                assert!(!wait_until_datagrams_read(ours, theirs, short()));
                server.recv_from(&mut [0; 5]).expect("it was sent");
                assert!(wait_until_datagrams_read(ours, theirs, Deadline::usual()));
            }
        }
    }

    #[test]
    fn bytes_lie_in_the_queue_until_they_are_read() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(address) else {
                continue;
            };
            let theirs = listener.local_addr().expect("bound");
            let mut client = TcpStream::connect(theirs).expect("listening");
            let ours = client.local_addr().expect("connected");
            let (mut server, _) = listener.accept().expect("a client waits");
            client.write_all(b"hello").expect("fits the buffer");

            assert!(!wait_until_read(ours, theirs, 5, Deadline::after(Duration::from_millis(20))));
            server.read_exact(&mut [0; 5]).expect("it was sent");
            assert!(wait_until_read(ours, theirs, 5, Deadline::usual()));
        }
    }

    #[test]
    fn nobody_waits_for_a_server_that_has_read_and_gone() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let theirs = listener.local_addr().expect("bound");
        let mut client = TcpStream::connect(theirs).expect("listening");
        let ours = client.local_addr().expect("connected");
        let (mut server, _) = listener.accept().expect("a client waits");
        client.write_all(b"hello").expect("fits the buffer");
        server.read_exact(&mut [0; 5]).expect("it was sent");
        server.shutdown(Shutdown::Write).expect("connected");
        let acknowledged = || {
            let answer = sock_diag::find(theirs, ours);
            matches!(answer, Answer::Found(socket, _) if socket.state == FIN_WAIT2)
        };
        assert!(poll_until(Deadline::usual(), acknowledged));
        drop(server);
        // What the kernel keeps of it now, for the client's FIN, counts no bytes any more.
        assert!(wait_until_read(ours, theirs, 5, Deadline::after(Duration::from_millis(200))));
    }

    #[test]
    fn nobody_waits_for_a_connection_that_was_reset() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let theirs = listener.local_addr().expect("bound");
        let mut client = TcpStream::connect(theirs).expect("listening");
        let ours = client.local_addr().expect("connected");
        client.write_all(b"hello").expect("fits the buffer");
        // Closed with input unread: RST, and nothing is kept. The listener lives on.
        drop(listener.accept().expect("a client waits"));
        assert!(wait_until_read(ours, theirs, 5, Deadline::after(Duration::from_millis(200))));
    }

    #[test]
    fn an_end_is_waited_for() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let theirs = listener.local_addr().expect("bound");
        for unread in [false, true] {
            let client = TcpStream::connect(theirs).expect("listening");
            let ours = client.local_addr().expect("connected");
            let (mut server, _) = listener.accept().expect("a client waits");
            let short = || Deadline::after(Duration::from_millis(20));
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
