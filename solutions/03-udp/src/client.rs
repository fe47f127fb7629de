//! Step client: send a request, wait for the answer, and send the request again.
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
//! Each wait is twice as long as the one before. A network that is full loses datagrams, and
//! clients that send more often make it worse (RFC 8085, section 3.1).

use crate::echo::BUFFER_LEN;
use common::net::is_timeout;
use std::io::{self, ErrorKind};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// How long to wait for an answer, and how often to send the request.
#[derive(Clone, Copy, Debug)]
pub struct RetryPolicy {
    /// The first wait; each further one is twice as long.
    pub timeout: Duration,
    /// How often to send the request in all, 1 or more.
    pub tries: u32,
}

/// Why there is no answer.
#[derive(Debug)]
pub enum AskError {
    /// No answer came. The request or the answer was lost, or no server is there. UDP does not
    /// report which.
    NoAnswer {
        /// Whether the other machine reported (by ICMP) that no socket has that port.
        refused: bool,
    },
    /// The request could not be sent, or the socket is broken.
    Io(io::Error),
}

impl From<io::Error> for AskError {
    fn from(error: io::Error) -> AskError {
        AskError::Io(error)
    }
}

/// A client of one server.
#[derive(Debug)]
pub struct Client {
    socket: UdpSocket,
}

impl Client {
    /// Makes a client of the server at `server`.
    ///
    /// # Contract
    ///
    /// * `new` sends nothing, so it does not find out whether a server is there.
    /// * The socket is bound to the wildcard address, so it can reach every machine.
    /// * All requests leave from one port, because the server knows a client by its address and
    ///   port.
    ///
    /// # Errors
    ///
    /// Those of socket(2), bind(2) and connect(2), for example "no route to host".
    pub fn new(server: SocketAddr) -> io::Result<Client> {
        let any = match server {
            SocketAddr::V4(_) => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
            SocketAddr::V6(_) => IpAddr::V6(Ipv6Addr::UNSPECIFIED),
        };
        // Port 0 is any free port. The server learns it from our datagrams.
        let socket = UdpSocket::bind((any, 0))?;
        // connect(2) on a UDP socket sends nothing. The kernel stores the address, drops datagrams
        // from other addresses, and reports ICMP errors to us.
        socket.connect(server)?;
        Ok(Client { socket })
    }

    /// Sends `request` and waits for its answer. Without an answer it sends the request again, up
    /// to `policy.tries` times in all.
    ///
    /// `ask` gives each datagram of the server to `understand`. It returns the bytes that `ask`
    /// returns, or `None` when the datagram does not belong to this request.
    ///
    /// # Contract
    ///
    /// * The first wait is `policy.timeout`, each further one twice as long.
    /// * `ask` ignores datagrams from any other address or port, and datagrams that do not belong
    ///   to this request. They make no wait longer, however many come.
    /// * Each try sends the same bytes.
    /// * "Connection refused" is no answer and does not end a wait. The server may be starting, and
    ///   an attacker can forge that ICMP message. The wait goes on to its end, and the next try
    ///   follows. `refused` of [`AskError::NoAnswer`] is true if `send` or `recv` reported a refusal
    ///   in any try.
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
            // One deadline for the whole wait. With a new timeout for each datagram, a stranger
            // who goes on sending would keep us here for ever.
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

    /// Sends `request`. send(2) may report that an earlier datagram was refused, and then sends
    /// nothing. In this case we call it once more.
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
    /// * A refusal sets `refused`, and the wait goes on until `deadline`. So does a wait that a
    ///   signal interrupts (Ctrl-Z and `fg`).
    ///
    /// # Errors
    ///
    /// Those of recv(2), except refusals, timeouts and signals.
    pub fn receive(&self, deadline: Instant, refused: &mut bool) -> io::Result<Option<Vec<u8>>> {
        let mut buffer = vec![0; BUFFER_LEN];
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            // For the kernel, a timeout of zero means no timeout.
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
                // The clock decides whether the wait is over.
                Err(error) if is_timeout(&error) || error.kind() == ErrorKind::Interrupted => (),
                Err(error) => return Err(error),
            }
        }
    }
}

/// The ICMP message "port unreachable" has come back. Windows reports it as a reset.
fn is_refusal(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::ConnectionRefused | ErrorKind::ConnectionReset)
}
