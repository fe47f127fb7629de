//! A UDP socket that knows at which of its addresses it was asked.
//!
//! A machine has many addresses, and a socket that is bound to 0.0.0.0 or `[::]` is asked at all of
//! them. Answer with plain sendto(2), and the kernel chooses the source address that it would
//! choose for a new conversation. A client that asked another one does not know that address, and
//! throws the answer away:
//!
//! ```text
//!   client ── "hello" to 127.0.0.2 ──▶ server at 0.0.0.0
//!          ◀── "hello" from 127.0.0.1 ──   who is that?
//! ```
//!
//! So the server asks the kernel to say with each datagram where it was sent to (IP_PKTINFO, ip(7);
//! IPV6_RECVPKTINFO, RFC 3542 section 6.1), and says with each answer where it should seem to come
//! from. std has no name for this. On Linux, Android and Apple's systems it is done here with
//! recvmsg(2) and sendmsg(2). On all other systems a wildcard socket answers from the address that
//! the kernel chooses. Bind to one address there.

use crate::shutdown;
use received::unspecified;
use std::io;
use std::net::{IpAddr, SocketAddr, UdpSocket};

// Two files with the same three functions. One asks the kernel, the other does without.
#[cfg_attr(
    not(any(target_os = "linux", target_os = "android", target_vendor = "apple")),
    path = "udp/no_packet_info.rs"
)]
mod packet_info;
mod received;

pub use received::Received;

/// Whether a wildcard socket knows on this system where it was asked.
pub const KNOWS_WHERE: bool = packet_info::KNOWS_WHERE;

/// A UDP socket for servers.
#[derive(Debug)]
pub struct Socket {
    socket: UdpSocket,
    local: SocketAddr,
    /// Whether the kernel adds control messages to each datagram.
    has_control: bool,
}

impl Socket {
    /// Asks the kernel to tell with each datagram where it was sent to, if `socket` is bound to
    /// more than one address.
    ///
    /// # Errors
    ///
    /// When the kernel does not do it, or the socket has no address.
    pub fn new(socket: UdpSocket) -> io::Result<Socket> {
        let local = socket.local_addr()?;
        let has_control = local.ip().is_unspecified();
        if has_control {
            packet_info::ask_for(&socket, local)?;
        }
        Ok(Socket { socket, local, has_control })
    }

    /// Asks the kernel to tell with each datagram two fields of its IP header, too:
    /// [`Received::ttl`] and [`Received::tos`]. Linux and Android do so.
    ///
    /// # Errors
    ///
    /// When the kernel does not do it.
    pub fn with_header_fields(mut self) -> io::Result<Socket> {
        packet_info::ask_for_header_fields(&self.socket, self.local)?;
        self.has_control = true;
        Ok(self)
    }

    /// Where it is bound.
    pub fn local_addr(&self) -> SocketAddr {
        self.local
    }

    /// Waits for the next datagram and puts it into `buffer`.
    ///
    /// # Errors
    ///
    /// Those of recvmsg(2). They may be about a datagram that we sent *earlier* to a peer that was
    /// gone (Windows reports that as `ConnectionReset`). The socket still works.
    pub fn receive(&self, buffer: &mut [u8]) -> io::Result<Received> {
        let received = match self.has_control {
            true => packet_info::receive(&self.socket, buffer)?,
            false => received::receive(&self.socket, buffer)?,
        };
        match self.local.ip() {
            ours if ours.is_unspecified() => Ok(received),
            ours => Ok(Received { asked: ours, ..received }),
        }
    }

    /// Sends `datagram` to `peer`, from whichever of our addresses the kernel chooses.
    ///
    /// # Errors
    ///
    /// Those of sendto(2).
    pub fn send_to(&self, datagram: &[u8], peer: SocketAddr) -> io::Result<()> {
        self.socket.send_to(datagram, peer).map(|_| ())
    }

    /// Sends `datagram` to `peer` from `ours`, one of our own addresses: that of
    /// [`Received::asked`], for an answer.
    ///
    /// # Errors
    ///
    /// Those of sendmsg(2).
    pub fn send_from(&self, datagram: &[u8], ours: IpAddr, peer: SocketAddr) -> io::Result<()> {
        // A socket that is bound to one address can send from no other.
        if ours.is_unspecified() || !self.local.ip().is_unspecified() {
            return self.send_to(datagram, peer);
        }
        packet_info::send(&self.socket, datagram, ours, peer)
    }
}

/// For [`Shutdown::waking`](crate::shutdown::Shutdown::waking): wakes the thread that waits for
/// datagrams at `address`, one of our own, with an empty one.
///
/// A full receive queue may swallow that datagram; but then no thread sleeps at that socket.
///
/// # Errors
///
/// When there is no socket to send from.
pub fn waker(address: SocketAddr) -> io::Result<impl Fn() + Send + 'static> {
    let address = shutdown::reachable(address);
    let socket = UdpSocket::bind((unspecified(address), 0))?;
    Ok(move || {
        // If it cannot be sent, the limit on the time to finish still ends the program.
        let _ = socket.send_to(&[], address);
    })
}
