//! A multicast group on loopback, at a port of its own.

use super::peer::UdpPeer;
use crate::context::TestContext;
use socket2::{Domain, SockRef, Socket, Type};
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::sync::Arc;
use std::time::Duration;

/// How long a datagram to the group may take to come back to us.
const RETURN_LIMIT: Duration = Duration::from_secs(1);

/// A group and a port that no other test uses, as long as this lives.
#[derive(Debug)]
pub struct MulticastGroup {
    context: Arc<TestContext>,
    address: SocketAddrV4,
    /// Keeps the port ours. It is no member, because Linux delivers to all sockets that are bound
    /// to the group if the machine has one member (ip(7), IP_MULTICAST_ALL).
    _keeper: UdpSocket,
}

impl MulticastGroup {
    /// The group `ip` on a free port; `None` where loopback does not carry datagrams to groups.
    pub(crate) fn on_loopback(context: &Arc<TestContext>, ip: Ipv4Addr) -> Option<MulticastGroup> {
        let keeper = keeper(ip).ok()?;
        let address = SocketAddrV4::new(ip, keeper.local_addr().ok()?.port());
        keeper.set_read_timeout(Some(RETURN_LIMIT)).ok()?;
        sender().ok()?.send_to(b"is this on?", address).ok()?;
        keeper.recv_from(&mut [0; 16]).ok()?;
        keeper.leave_multicast_v4(&ip, &Ipv4Addr::LOCALHOST).ok()?;
        Some(MulticastGroup { context: Arc::clone(context), address, _keeper: keeper })
    }

    /// Its address and port, as text for a command line.
    pub fn address(&self) -> String {
        self.address.to_string()
    }

    /// A peer that receives the datagrams sent to the group, and can answer; `name` is its name in
    /// the ladder.
    pub fn member(&self, name: &str) -> UdpPeer {
        let socket = member(self.address).expect("it worked before");
        // No socket can send from a group's address, so the kernel takes that of the interface.
        let seen_at = SocketAddr::from((Ipv4Addr::LOCALHOST, self.address.port()));
        UdpPeer::server(&self.context, name, socket).seen_at(seen_at)
    }

    /// A peer that sends to the group, and receives the answers.
    pub fn sender(&self, name: &str) -> UdpPeer {
        let socket = sender().expect("it worked before");
        UdpPeer::sender(&self.context, name, socket, SocketAddr::V4(self.address))
    }
}

/// The first member, at a free port. Linux may give the same free port to two sockets that
/// share their ports. So there it says that it shares its port only when it has it.
fn keeper(ip: Ipv4Addr) -> io::Result<UdpSocket> {
    let anywhere = SocketAddrV4::new(ip, 0);
    if cfg!(not(target_os = "linux")) {
        return member(anywhere);
    }
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    meet(&socket, anywhere)?;
    socket.set_reuse_address(true)?;
    Ok(socket.into())
}

/// Any number of sockets can be members of one group at one port.
fn member(group: SocketAddrV4) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    socket.set_reuse_address(true)?;
    meet(&socket, group)?;
    Ok(socket.into())
}

fn meet(socket: &Socket, group: SocketAddrV4) -> io::Result<()> {
    // Windows cannot bind to a group.
    let bound = if cfg!(windows) { Ipv4Addr::UNSPECIFIED } else { *group.ip() };
    socket.bind(&SocketAddrV4::new(bound, group.port()).into())?;
    socket.join_multicast_v4(group.ip(), &Ipv4Addr::LOCALHOST)
}

fn sender() -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0))?;
    SockRef::from(&socket).set_multicast_if_v4(&Ipv4Addr::LOCALHOST)?;
    Ok(socket)
}
