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
//!   inet_diag_msg    (72) family, state, ..., addresses, ..., receive queue, send queue, ...
//!   attributes            length, type, value; of type 2: struct tcp_info
//! ```

use super::kernel::{Socket, TcpState};
use socket2::{Domain, Protocol, Type};
use std::io::{Read, Write};
use std::net::{IpAddr, SocketAddr};

const AF_NETLINK: i32 = 16;
const NETLINK_SOCK_DIAG: i32 = 4;
const SOCK_DIAG_BY_FAMILY: u16 = 20;
const NLM_F_REQUEST: u16 = 1;
const IPPROTO_TCP: u8 = 6;
const INET_DIAG_INFO: u16 = 2;

const HEADER_LEN: usize = 16;
const MESSAGE_LEN: usize = 72;

/// Where `tcpi_bytes_received` stands in `struct tcp_info` (linux/tcp.h).
const BYTES_RECEIVED: usize = 128;

/// What the kernel answered.
pub enum Answer {
    /// The socket, and how many bytes it has ever received.
    Found(Socket, u64),
    /// There is no such socket.
    Nothing,
    /// The kernel cannot be asked: not Linux, or forbidden here.
    Unknown,
}

/// The TCP socket with these addresses. With `remote` unspecified, port 0: the listener.
pub fn find(local: SocketAddr, remote: SocketAddr) -> Answer {
    if !cfg!(target_os = "linux") {
        return Answer::Unknown;
    }
    ask(local, remote).map_or(Answer::Unknown, |reply| read_reply(&reply, local, remote))
}

fn ask(local: SocketAddr, remote: SocketAddr) -> std::io::Result<Vec<u8>> {
    let kind = Type::DGRAM;
    let mut netlink = socket2::Socket::new(
        Domain::from(AF_NETLINK),
        kind,
        Some(Protocol::from(NETLINK_SOCK_DIAG)),
    )?;
    netlink.write_all(&request(local, remote))?;
    let mut reply = vec![0; 4096];
    let len = netlink.read(&mut reply)?;
    reply.truncate(len);
    Ok(reply)
}

fn request(local: SocketAddr, remote: SocketAddr) -> Vec<u8> {
    // AF_INET is 2 and AF_INET6 is 10 (bits/socket.h).
    let family = if local.is_ipv4() { 2 } else { 10 };
    let wanted = 1 << (INET_DIAG_INFO - 1);
    let mut body = vec![family, IPPROTO_TCP, wanted, 0];
    body.extend(u32::MAX.to_ne_bytes()); // in any state
    body.extend(local.port().to_be_bytes());
    body.extend(remote.port().to_be_bytes());
    body.extend(octets(local.ip()));
    body.extend(octets(remote.ip()));
    body.extend(0_u32.to_ne_bytes()); // through any interface
    body.extend([0xff; 8]); // no cookie: whichever socket has these addresses

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

fn read_reply(reply: &[u8], local: SocketAddr, remote: SocketAddr) -> Answer {
    if u16_at(reply, 4) != Some(SOCK_DIAG_BY_FAMILY) {
        return Answer::Nothing;
    }
    let Some(body) = reply.get(HEADER_LEN..) else { return Answer::Unknown };
    let queues = u32_at(body, 56).zip(u32_at(body, 60));
    let (Some(&state), Some((receive, send))) = (body.get(1), queues) else {
        return Answer::Unknown;
    };
    let socket = Socket {
        local,
        remote,
        state: TcpState(state),
        receive_queue: receive as usize,
        send_queue: send as usize,
    };
    let received = body.get(MESSAGE_LEN..).and_then(bytes_received).unwrap_or(0);
    Answer::Found(socket, received)
}

/// Finds `tcp_info` among the attributes: each has its length, its type, its value, and is
/// padded to four bytes.
fn bytes_received(mut attributes: &[u8]) -> Option<u64> {
    loop {
        let (len, kind) = (u16_at(attributes, 0)? as usize, u16_at(attributes, 2)?);
        if kind == INET_DIAG_INFO {
            let value = attributes.get(4 + BYTES_RECEIVED..4 + BYTES_RECEIVED + 8)?;
            return Some(u64::from_ne_bytes(value.try_into().ok()?));
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
