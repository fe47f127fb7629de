//! Many clients of the reliable protocol at the same time.

use super::requests::message;
use common::udp::Socket;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, UdpSocket};
use testkit::{Deadline, Server};

/// The address of client `number`. Each has its own IP address, because the system would reuse
/// ports.
pub fn address(number: u16) -> SocketAddr {
    let [high, low] = number.to_be_bytes();
    SocketAddr::from((Ipv4Addr::new(127, 3, high, low), 0))
}

/// Clients that share a socket and its port. A socket for each would be most of the work.
pub struct Crowd {
    socket: Socket,
}

impl Crowd {
    pub fn new() -> io::Result<Crowd> {
        let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0))?;
        socket.set_read_timeout(Deadline::usual().left())?;
        Ok(Crowd { socket: Socket::new(socket)? })
    }

    /// Whether each of the clients gets an answer. They ask at the same time.
    pub fn all_are_answered(&self, server: &Server, numbers: &[u16]) -> bool {
        let request = message(1, "add 1");
        for number in numbers {
            let ours = address(*number).ip();
            let sent = self.socket.send_from(&request, ours, server.address());
            sent.expect("loopback takes datagrams from each of its addresses");
        }
        numbers.iter().all(|_| self.socket.receive(&mut [0; 64]).is_ok())
    }
}
