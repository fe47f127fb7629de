//! For systems where we do not know how to ask the kernel. It chooses the address that answers
//! leave from.

use super::received::{self, Received};
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

pub const KNOWS_WHERE: bool = false;

pub fn ask_for(_socket: &UdpSocket, _local: SocketAddr) -> io::Result<()> {
    Ok(())
}

pub fn ask_for_header_fields(_socket: &UdpSocket, _local: SocketAddr) -> io::Result<()> {
    Ok(())
}

pub fn receive(socket: &UdpSocket, buffer: &mut [u8]) -> io::Result<Received> {
    received::receive(socket, buffer)
}

pub fn send(
    socket: &UdpSocket,
    datagram: &[u8],
    _ours: IpAddr,
    peer: SocketAddr,
) -> io::Result<()> {
    socket.send_to(datagram, peer).map(|_| ())
}
