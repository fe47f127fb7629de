//! What UDP ports of this machine can be, and carry.

use crate::time::{Deadline, poll_until};
use std::net::{Ipv4Addr, UdpSocket};

/// A socket at a free port of 127.0.0.1.
pub fn open() -> UdpSocket {
    UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback has free ports")
}

/// A UDP port at which no socket receives. The answer to a datagram sent there is an ICMP error.
#[derive(Debug)]
pub struct ClosedUdpPort {
    address: String,
    /// Connected to itself, and so open to no other socket.
    _socket: UdpSocket,
}

impl ClosedUdpPort {
    /// A free port of 127.0.0.1, closed as long as this lives.
    #[expect(clippy::new_without_default, reason = "it takes a port")]
    pub fn new() -> ClosedUdpPort {
        let socket = open();
        let address = socket.local_addr().expect("a bound socket has an address");
        socket.connect(address).expect("loopback can be reached");
        ClosedUdpPort { address: address.to_string(), _socket: socket }
    }

    /// Its address, as text for a command line; borrowed, as that of a
    /// [`ClosedPort`](crate::ClosedPort) is.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Opens the port: a socket is bound to it from now on.
    pub(crate) fn open(self) -> UdpSocket {
        let address = self.address.clone();
        std::mem::drop(self);
        let mut opened = None;
        poll_until(Deadline::usual(), || {
            opened = UdpSocket::bind(&address).ok();
            opened.is_some()
        });
        opened.expect("no other process took the port in this moment")
    }
}

/// Whether loopback takes datagrams of `len` bytes (on macOS, by default, up to 9,216).
pub fn loopback_carries(len: usize) -> bool {
    let socket = open();
    let itself = socket.local_addr().expect("a bound socket has an address");
    socket.send_to(&vec![0; len], itself).is_ok()
}
