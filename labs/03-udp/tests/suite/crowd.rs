//! Many clients of the reliable protocol at the same time.

use super::requests::message;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use testkit::{Deadline, Server};

/// The address of client `number`. Each has its own IP address, because the system would reuse
/// ports.
pub fn address(number: u16) -> SocketAddr {
    let [high, low] = number.to_be_bytes();
    SocketAddr::from((Ipv4Addr::new(127, 3, high, low), 0))
}

/// Whether each of the clients gets an answer. They ask at the same time. A datagram that went
/// through another core may arrive later than the next one.
pub fn all_are_answered(server: &Server, numbers: &[u16]) -> bool {
    let clients: io::Result<Vec<UdpSocket>> =
        numbers.iter().map(|number| ask(server, *number)).collect();
    let clients = clients.expect("their addresses are free, and loopback takes datagrams");
    clients.iter().all(is_answered)
}

fn ask(server: &Server, number: u16) -> io::Result<UdpSocket> {
    let mut client = UdpSocket::bind(address(number))?;
    // The server would take a client with its own port for a server, and not answer.
    if client.local_addr()?.port() == server.address().port() {
        client = UdpSocket::bind(address(number))?;
    }
    client.send_to(&message(1, "add 1"), server.address())?;
    Ok(client)
}

fn is_answered(client: &UdpSocket) -> bool {
    let patience = Deadline::usual().left();
    client.set_read_timeout(patience).is_ok() && client.recv(&mut [0; 64]).is_ok()
}
