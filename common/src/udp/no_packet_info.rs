//! For systems where we do not know how to ask the kernel. It chooses the address that answers
//! leave from.

use super::received::{Received, unspecified};
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

pub const KNOWS_WHERE: bool = false;

pub fn ask_for(_socket: &UdpSocket, _local: SocketAddr) -> io::Result<()> {
    Ok(())
}

pub fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<Received> {
    let (len, peer) = socket.recv_from(buffer)?;
    Ok(Received { len, peer, asked: unspecified(peer) })
}

pub fn send(
    socket: &UdpSocket,
    datagram: &[u8],
    _ours: IpAddr,
    peer: SocketAddr,
) -> io::Result<()> {
    socket.send_to(datagram, peer).map(|_| ())
}
