//! Step client: ask, wait, and ask again.
//!
//! ```text
//!   we                              server
//!     │ ──── "hello" ────────╳        │   wait 0.5 s
//!     │ ──── "hello" ───────────────▶ │   wait 1 s
//!     │         ╳────────── "hello" ─ │
//!     │ ──── "hello" ───────────────▶ │   wait 2 s
//!     │ ◀────────────────── "hello" ─ │
//! ```
//!
//! Each wait is twice as long as the one before: if the network loses datagrams because it is
//! full, clients that ask more often make it worse (RFC 8085, section 3.1).

use crate::echo::BUFFER_LEN;
use common::net::is_timeout;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// How long to wait for an answer, and how often to ask.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// The first wait; each further one is twice as long.
    pub timeout: Duration,
    /// How often to ask before giving up; 1 or more.
    pub tries: u32,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum AskError {
    /// None came. The request may have been lost, or the answer, or nobody is there: UDP does
    /// not say which.
    NoAnswer {
        /// Whether the other machine said (ICMP) that nobody listens at that port.
        refused: bool,
    },
    /// The request could not even be sent, or the socket is broken.
    Io(io::Error),
}

impl From<io::Error> for AskError {
    fn from(error: io::Error) -> AskError {
        AskError::Io(error)
    }
}

/// Asks one server.
#[derive(Debug)]
pub struct Client {
    socket: UdpSocket,
}

impl Client {
    /// Somebody who can ask `server`.
    ///
    /// # Contract
    ///
    /// * Nothing is sent yet: nobody knows whether `server` is there.
    /// * All requests leave from one port: to the server, that is who we are.
    ///
    /// # Errors
    ///
    /// Those of socket(2), bind(2) and connect(2): no route to that address, for instance.
    pub fn new(server: SocketAddr) -> io::Result<Client> {
        let any = match server {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        // Port 0: whichever is free. The server learns it from our datagrams.
        let socket = UdpSocket::bind((any, 0))?;
        // connect(2) on a UDP socket sends nothing. It stores the address, lets only that address
        // through, and makes ICMP errors known to us.
        socket.connect(server)?;
        Ok(Client { socket })
    }

    /// Sends `request` and waits for its answer; asks again, up to `policy.tries` times in all.
    ///
    /// `understand` is shown each datagram that comes from the server. It returns what is to be
    /// returned from here, or `None` when the datagram does not belong to this request.
    ///
    /// # Contract
    ///
    /// * The first wait is `policy.timeout`, each further one twice as long.
    /// * What comes from elsewhere than the server's address and port is ignored, and so is what
    ///   does not belong to this request. It makes no wait longer, however much of it comes.
    /// * Each try sends the very same bytes.
    /// * "Connection refused" is no answer and ends nothing: the server may be starting, and
    ///   anybody can forge that message. The wait goes on to its end, then comes the next try.
    ///
    /// # Errors
    ///
    /// [`AskError::NoAnswer`] after the last wait; [`AskError::Io`] when the request cannot be
    /// sent.
    pub fn ask(
        &self,
        request: &[u8],
        policy: RetryPolicy,
        mut understand: impl FnMut(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, AskError> {
        let mut refused = false;
        let mut wait = policy.timeout;
        for _ in 0..policy.tries {
            self.send(request, &mut refused)?;
            // One deadline for the whole wait: a timeout that began anew with every datagram
            // would let a stranger keep us here for ever.
            let deadline = Instant::now() + wait;
            while let Some(datagram) = self.receive(deadline, &mut refused)? {
                if let Some(answer) = understand(&datagram) {
                    return Ok(answer);
                }
            }
            wait *= 2;
        }
        Err(AskError::NoAnswer { refused })
    }

    /// Sends `request`. If the socket has yet to tell of an earlier datagram's fate, then send(2)
    /// tells that, and sends nothing: once more, then.
    fn send(&self, request: &[u8], refused: &mut bool) -> io::Result<()> {
        for _ in 0..2 {
            match self.socket.send(request) {
                Ok(_) => break,
                Err(error) if is_refusal(&error) => *refused = true,
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    /// Receives the next datagram from the server; `None` when `deadline` has passed.
    ///
    /// # Contract
    ///
    /// * The datagram is whole, however large it is.
    /// * A refusal sets `refused`, and the wait goes on until `deadline`.
    ///
    /// # Errors
    ///
    /// Those of recv(2), except refusals, timeouts and signals.
    pub fn receive(&self, deadline: Instant, refused: &mut bool) -> io::Result<Option<Vec<u8>>> {
        let mut buffer = vec![0; BUFFER_LEN];
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // To the system, a timeout of zero means none at all.
            if left.is_zero() {
                return Ok(None);
            }
            self.socket.set_read_timeout(Some(left))?;
            match self.socket.recv(&mut buffer) {
                Ok(len) => {
                    buffer.truncate(len);
                    return Ok(Some(buffer));
                }
                Err(error) if is_refusal(&error) => *refused = true,
                // The clock decides whether the time is over.
                Err(error) if is_timeout(&error) || error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
    }
}

/// An ICMP message "port unreachable" has come back; Windows calls that a reset.
fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}
