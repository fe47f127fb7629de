//! Asking the kernel about one socket: sock_diag(7), on Linux.
//!
//! `/proc/net/tcp` says the same, but the kernel walks a table of a quarter of a million slots
//! to print it: five milliseconds on a machine with much memory, for each look. Asked by its
//! addresses, one socket is found at once; and here the kernel also tells how many bytes have
//! arrived, which no table does.
//!
//! ```text
//!   nlmsghdr  (16 bytes)  length, type 20, flags, sequence, port
//!   inet_diag_req_v2 (56) family, protocol, wanted attributes, states, addresses
//!                         ─▶ kernel ─▶
//!   nlmsghdr  (16 bytes)  length, type 20 (or 2: an error, no such socket)
//!   inet_diag_msg    (72) family, state, ..., addresses, ..., receive queue, send queue, user, inode
//!   attributes            length, type, value; of type 2: struct tcp_info; of type 8: one byte,
//!                         the directions that are shut down
//! ```

use socket2::{Domain, Protocol, Type};
use std::io::{self, Read, Write};
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};
use std::sync::OnceLock;

const AF_NETLINK: i32 = 16;
const NETLINK_SOCK_DIAG: i32 = 4;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLMSG_ERROR: u16 = 2;
const ENOENT: u32 = 2;
const NLM_F_REQUEST: u16 = 1;
const IPPROTO_TCP: u8 = 6;
const IPPROTO_UDP: u8 = 17;
const INET_DIAG_INFO: u16 = 2;
const INET_DIAG_SHUTDOWN: u16 = 8;
/// The bit of INET_DIAG_SHUTDOWN for the reading direction (RCV_SHUTDOWN, net/sock.h).
const READING: u8 = 1;

const HEADER_LEN: usize = 16;
const MESSAGE_LEN: usize = 72;

/// Where `tcpi_unacked`, `tcpi_bytes_received`, `tcpi_data_segs_in` and `tcpi_snd_wnd` stand in
/// `struct tcp_info` (linux/tcp.h). The last is there since Linux 5.4.
const UNACKNOWLEDGED: usize = 24;
const BYTES_RECEIVED: usize = 128;
const DATA_SEGMENTS: usize = 152;
const SEND_WINDOW: usize = 228;

/// The state of a TCP socket, as in the kernel's `tcp_states.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TcpState(pub u8);

impl TcpState {
    /// A client asks to connect; the handshake is not complete.
    pub const SYN_RECV: TcpState = TcpState(0x03);
    /// A listening socket.
    pub const LISTEN: TcpState = TcpState(0x0A);

    /// Whether its peer has not finished yet: ESTABLISHED, FIN_WAIT1, FIN_WAIT2.
    pub fn awaits_end(self) -> bool {
        matches!(self.0, 0x01 | 0x04 | 0x05)
    }
}

/// One socket of this machine.
#[derive(Debug)]
pub struct Socket {
    pub state: TcpState,
    /// Bytes written but not acknowledged yet. For a listener: its backlog.
    pub send_queue: usize,
    /// Bytes arrived but not read yet. For a listener: connections not accepted yet.
    pub receive_queue: usize,
    /// Segments that are sent and not acknowledged yet. TCP only.
    pub unacknowledged: u32,
    /// How many bytes its peer offers to take; 0 where the kernel does not tell. TCP only.
    pub send_window: u32,
    /// How many segments with data have ever arrived; 0 where the kernel does not tell. TCP only.
    pub data_segments: u32,
    /// Whether its reading direction is shut down: shutdown(2), or the FIN of its peer. TCP only.
    pub is_shut_for_reading: bool,
    /// Its number in `/proc/PID/fd`; 0 if its process has closed it.
    pub inode: u32,
}

/// What the kernel answered.
pub enum Lookup {
    /// The socket, and how many bytes it has ever received.
    Found(Socket, u64),
    /// There is no such socket, or its program has closed it and the kernel keeps only a remainder
    /// of it.
    NotFound,
    /// The kernel cannot be asked: not Linux, or forbidden here.
    Unavailable,
}

/// The TCP socket with these addresses. With `remote` unspecified, port 0: the listener.
pub fn find(local: SocketAddr, remote: SocketAddr) -> Lookup {
    if !is_at_work() {
        return Lookup::Unavailable;
    }
    look_up(IPPROTO_TCP, local, remote)
}

/// The UDP socket that receives the datagrams from `remote` to `local`.
pub fn find_udp(local: SocketAddr, remote: SocketAddr) -> Lookup {
    if !is_at_work_for_udp() {
        return Lookup::Unavailable;
    }
    // For UDP the kernel takes the two addresses the other way round, "for historical reasons"
    // (net/ipv4/udp_diag.c).
    look_up(IPPROTO_UDP, remote, local)
}

/// Whether this kernel knows about TCP sockets. One that does not says of each that it does not
/// exist, so we ask for one that does.
fn is_at_work() -> bool {
    static AT_WORK: OnceLock<bool> = OnceLock::new();
    *AT_WORK.get_or_init(|| {
        let listener = TcpListener::bind("127.0.0.1:0");
        let address = listener.as_ref().ok().and_then(|it| it.local_addr().ok());
        address.is_some_and(|address| finds(IPPROTO_TCP, address, SocketAddr::from(([0; 4], 0))))
    })
}

/// The same for UDP sockets, because another part of the kernel answers for them.
fn is_at_work_for_udp() -> bool {
    static AT_WORK: OnceLock<bool> = OnceLock::new();
    *AT_WORK.get_or_init(|| {
        let socket = UdpSocket::bind("127.0.0.1:0");
        let address = socket.as_ref().ok().and_then(|it| it.local_addr().ok());
        address.is_some_and(|address| finds(IPPROTO_UDP, address, address))
    })
}

fn finds(protocol: u8, local: SocketAddr, remote: SocketAddr) -> bool {
    cfg!(target_os = "linux") && matches!(look_up(protocol, local, remote), Lookup::Found(..))
}

fn look_up(protocol: u8, local: SocketAddr, remote: SocketAddr) -> Lookup {
    let reply = ask(protocol, local, remote);
    reply.map_or(Lookup::Unavailable, |reply| read_reply(&reply, protocol, remote))
}

fn ask(protocol: u8, local: SocketAddr, remote: SocketAddr) -> io::Result<Vec<u8>> {
    let (domain, kind) = (Domain::from(AF_NETLINK), Protocol::from(NETLINK_SOCK_DIAG));
    let mut netlink = socket2::Socket::new(domain, Type::DGRAM, Some(kind))?;
    netlink.write_all(&request(protocol, local, remote))?;
    let mut reply = vec![0; 4096];
    let len = netlink.read(&mut reply)?;
    reply.truncate(len);
    Ok(reply)
}

fn request(protocol: u8, local: SocketAddr, remote: SocketAddr) -> Vec<u8> {
    // AF_INET is 2 and AF_INET6 is 10 (bits/socket.h).
    let family = if local.is_ipv4() { 2 } else { 10 };
    let wanted = 1 << (INET_DIAG_INFO - 1);
    let mut body = vec![family, protocol, wanted, 0];
    body.extend(u32::MAX.to_ne_bytes()); // in any state
    body.extend(local.port().to_be_bytes());
    body.extend(remote.port().to_be_bytes());
    body.extend(octets(local.ip()));
    body.extend(octets(remote.ip()));
    body.extend(0_u32.to_ne_bytes()); // through any interface
    body.extend([0xff; 8]); // no cookie, so any socket with these addresses

    let len = u32::try_from(HEADER_LEN + body.len()).expect("72 bytes");
    let mut message = len.to_ne_bytes().to_vec();
    message.extend(SOCK_DIAG_BY_FAMILY.to_ne_bytes());
    message.extend(NLM_F_REQUEST.to_ne_bytes());
    message.extend([0; 8]); // sequence and port: one request on a socket of its own
    message.extend(body);
    message
}

/// An address in the 16 bytes that both families have.
fn octets(ip: IpAddr) -> [u8; 16] {
    match ip {
        IpAddr::V6(ip) => ip.octets(),
        IpAddr::V4(ip) => {
            let mut octets = [0; 16];
            octets[..4].copy_from_slice(&ip.octets());
            octets
        }
    }
}

fn read_reply(reply: &[u8], protocol: u8, remote: SocketAddr) -> Lookup {
    let Some(body) = reply.get(HEADER_LEN..) else { return Lookup::Unavailable };
    match u16_at(reply, 4) {
        Some(SOCK_DIAG_BY_FAMILY) => {
            read_socket(body, protocol, remote).unwrap_or(Lookup::Unavailable)
        }
        // An error is its number, negative.
        Some(NLMSG_ERROR) if u32_at(body, 0) == Some(ENOENT.wrapping_neg()) => Lookup::NotFound,
        _ => Lookup::Unavailable,
    }
}

fn read_socket(body: &[u8], protocol: u8, remote: SocketAddr) -> Option<Lookup> {
    let socket = Socket {
        state: TcpState(*body.get(1)?),
        receive_queue: u32_at(body, 56)? as usize,
        send_queue: u32_at(body, 60)? as usize,
        unacknowledged: 0,
        send_window: 0,
        data_segments: 0,
        is_shut_for_reading: false,
        inode: u32_at(body, 68)?,
    };
    // Of datagrams the kernel keeps no count.
    if protocol == IPPROTO_UDP {
        return Some(Lookup::Found(socket, 0));
    }
    // For a connection that is gone the kernel answers with the listener that it came to.
    if socket.state == TcpState::LISTEN && remote.port() != 0 {
        return Some(Lookup::NotFound);
    }
    let attributes = body.get(MESSAGE_LEN..)?;
    match attribute(attributes, INET_DIAG_INFO) {
        Some(info) => {
            let unacknowledged = u32_at(info, UNACKNOWLEDGED)?;
            let received = info.get(BYTES_RECEIVED..BYTES_RECEIVED + 8)?.try_into().ok()?;
            let shut = attribute(attributes, INET_DIAG_SHUTDOWN).and_then(|value| value.first());
            let is_shut_for_reading = shut.is_some_and(|directions| directions & READING != 0);
            let send_window = u32_at(info, SEND_WINDOW).unwrap_or(0);
            let data_segments = u32_at(info, DATA_SEGMENTS).unwrap_or(0);
            let socket = Socket {
                unacknowledged,
                send_window,
                data_segments,
                is_shut_for_reading,
                ..socket
            };
            Some(Lookup::Found(socket, u64::from_ne_bytes(received)))
        }
        // Not a whole socket: on its way to become one, or what TIME_WAIT keeps.
        None if socket.state == TcpState::SYN_RECV => Some(Lookup::Found(socket, 0)),
        None => Some(Lookup::NotFound),
    }
}

/// Finds the value of the attribute of type `wanted`. Each attribute has its length, its type and its value, and is
/// padded to four bytes.
fn attribute(mut attributes: &[u8], wanted: u16) -> Option<&[u8]> {
    loop {
        let (len, kind) = (u16_at(attributes, 0)? as usize, u16_at(attributes, 2)?);
        if kind == wanted {
            return attributes.get(4..len);
        }
        attributes = attributes.get(len.max(4).next_multiple_of(4)..)?;
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_ne_bytes(bytes.get(at..at + 2)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_ne_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}
