//! A datagram that was received, and at which address.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};

/// A datagram that was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// How many bytes of the buffer it fills. What did not fit into the buffer is lost.
    pub len: usize,
    /// The sender.
    pub peer: SocketAddr,
    /// At which of our addresses it arrived; 0.0.0.0 or `[::]` where the system does not tell.
    pub asked: IpAddr,
    /// The time to live that its IP header arrived with (IPv6: the hop limit), if asked for.
    pub ttl: Option<u8>,
    /// The type of service of its IP header (IPv6: the traffic class), if asked for.
    pub tos: Option<u8>,
}

/// Receives by recvfrom(2), which tells the sender and nothing else.
pub(super) fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<Received> {
    let (len, peer) = socket.recv_from(buffer)?;
    Ok(Received { len, peer, asked: unspecified(peer), ttl: None, tos: None })
}

/// 0.0.0.0 or `[::]`, of the family of `like`.
pub(super) fn unspecified(like: SocketAddr) -> IpAddr {
    match like {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}
