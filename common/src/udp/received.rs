//! A datagram that was received, and at which address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

/// A datagram that was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Received {
    /// How many bytes of the buffer it fills. What did not fit into the buffer is lost.
    pub len: usize,
    /// The sender.
    pub peer: SocketAddr,
    /// At which of our addresses it arrived; 0.0.0.0 or `[::]` where the system does not tell.
    pub asked: IpAddr,
}

/// 0.0.0.0 or `[::]`, of the family of `like`.
pub(super) fn unspecified(like: SocketAddr) -> IpAddr {
    match like {
        SocketAddr::V4(_) => Ipv4Addr::UNSPECIFIED.into(),
        SocketAddr::V6(_) => Ipv6Addr::UNSPECIFIED.into(),
    }
}
