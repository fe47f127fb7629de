//! Where a datagram was sent to, and where an answer shall seem to come from: control messages.

use super::received::{Received, unspecified};
use nix::libc;
use nix::sys::socket::{
    ControlMessage, ControlMessageOwned, MsgFlags, SockaddrStorage, recvmsg, sendmsg, setsockopt,
    sockopt,
};
use std::io::{self, IoSlice, IoSliceMut};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6, UdpSocket};
use std::os::fd::AsRawFd;

pub const KNOWS_WHERE: bool = true;

/// Room for three control messages: an address (a header and at most 20 bytes), and two numbers.
const CONTROL_LEN: usize = 128;

pub fn ask_for(socket: &UdpSocket, local: SocketAddr) -> io::Result<()> {
    match local {
        SocketAddr::V4(_) => setsockopt(socket, sockopt::Ipv4PacketInfo, &true)?,
        SocketAddr::V6(_) => setsockopt(socket, sockopt::Ipv6RecvPacketInfo, &true)?,
    }
    Ok(())
}

/// A socket for both families gets the messages of the family in which a datagram came.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub fn ask_for_header_fields(socket: &UdpSocket, local: SocketAddr) -> io::Result<()> {
    setsockopt(socket, sockopt::Ipv4RecvTtl, &true)?;
    setsockopt(socket, sockopt::IpRecvTos, &true)?;
    if local.is_ipv6() {
        setsockopt(socket, sockopt::Ipv6RecvHopLimit, &true)?;
        setsockopt(socket, sockopt::Ipv6RecvTClass, &true)?;
    }
    Ok(())
}

#[cfg(target_vendor = "apple")]
pub fn ask_for_header_fields(_socket: &UdpSocket, _local: SocketAddr) -> io::Result<()> {
    Ok(())
}

pub fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<Received> {
    let mut control = [0; CONTROL_LEN];
    let mut pieces = [IoSliceMut::new(buffer)];
    let flags = MsgFlags::empty();
    let message =
        recvmsg::<SockaddrStorage>(socket.as_raw_fd(), &mut pieces, Some(&mut control), flags)?;
    let peer = message.address.as_ref().and_then(to_std);
    let peer = peer.ok_or_else(|| io::Error::other("a datagram without a sender"))?;
    let mut received =
        Received { len: message.bytes, peer, asked: unspecified(peer), ttl: None, tos: None };
    for message in message.cmsgs()? {
        received.asked = destination(&message).unwrap_or(received.asked);
        note_header_field(&mut received, &message);
    }
    Ok(received)
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn note_header_field(received: &mut Received, message: &ControlMessageOwned) {
    match message {
        ControlMessageOwned::Ipv4Ttl(ttl) | ControlMessageOwned::Ipv6HopLimit(ttl) => {
            received.ttl = u8::try_from(*ttl).ok();
        }
        ControlMessageOwned::Ipv4Tos(tos) => received.tos = Some(*tos),
        ControlMessageOwned::Ipv6TClass(class) => received.tos = u8::try_from(*class).ok(),
        _ => (),
    }
}

#[cfg(target_vendor = "apple")]
fn note_header_field(_received: &mut Received, _message: &ControlMessageOwned) {}

pub fn send(socket: &UdpSocket, datagram: &[u8], ours: IpAddr, peer: SocketAddr) -> io::Result<()> {
    let pieces = [IoSlice::new(datagram)];
    let peer = SockaddrStorage::from(peer);
    let (fd, flags) = (socket.as_raw_fd(), MsgFlags::empty());
    match ours {
        IpAddr::V4(ours) => {
            let source = libc::in_addr { s_addr: u32::from(ours).to_be() };
            let any = libc::in_addr { s_addr: 0 };
            let info = libc::in_pktinfo { ipi_ifindex: 0, ipi_spec_dst: source, ipi_addr: any };
            sendmsg(fd, &pieces, &[ControlMessage::Ipv4PacketInfo(&info)], flags, Some(&peer))?;
        }
        IpAddr::V6(ours) => {
            let source = libc::in6_addr { s6_addr: ours.octets() };
            let info = libc::in6_pktinfo { ipi6_addr: source, ipi6_ifindex: 0 };
            sendmsg(fd, &pieces, &[ControlMessage::Ipv6PacketInfo(&info)], flags, Some(&peer))?;
        }
    }
    Ok(())
}

/// `ipi_spec_dst` and not `ipi_addr`, which may be a broadcast or multicast address. No socket can
/// send from one of those.
fn destination(message: &ControlMessageOwned) -> Option<IpAddr> {
    match message {
        ControlMessageOwned::Ipv4PacketInfo(info) => {
            Some(Ipv4Addr::from(u32::from_be(info.ipi_spec_dst.s_addr)).into())
        }
        ControlMessageOwned::Ipv6PacketInfo(info) => {
            let address = Ipv6Addr::from(info.ipi6_addr.s6_addr);
            (!address.is_multicast()).then_some(address.into())
        }
        _ => None,
    }
}

fn to_std(address: &SockaddrStorage) -> Option<SocketAddr> {
    let v4 = address.as_sockaddr_in().map(|v4| SocketAddr::V4(SocketAddrV4::from(*v4)));
    v4.or_else(|| address.as_sockaddr_in6().map(|v6| SocketAddr::V6(SocketAddrV6::from(*v6))))
}
