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

use std::io;
use std::net::SocketAddr;
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
    // Yours: a socket, and perhaps more.
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
    /// # Steps
    ///
    /// 1. Bind a `UdpSocket` to the wildcard address of the same family as `server` (0.0.0.0 or
    ///    ::), port 0. The kernel chooses a port.
    /// 2. Connect it to `server`. connect(2) on a UDP socket sends nothing. It makes the kernel
    ///    drop datagrams from other addresses, and report ICMP errors to you.
    ///
    /// # Errors
    ///
    /// Those of socket(2), bind(2) and connect(2), for example "no route to host".
    pub fn new(server: SocketAddr) -> io::Result<Client> {
        todo!("lab03, step client: new")
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
    /// # Steps
    ///
    /// 1. Send the request. If `send` returns the refusal of an earlier datagram, it has sent
    ///    nothing, so call it again.
    /// 2. Compute the deadline of this try, and call [`Client::receive`] until it returns `None`.
    /// 3. Give each datagram to `understand`. Return the bytes that it returns, or go on waiting.
    /// 4. Double the wait, and begin the next try.
    ///
    /// # Errors
    ///
    /// [`AskError::NoAnswer`] after the last wait; [`AskError::Io`] when the request cannot be
    /// sent.
    pub fn ask(
        &self,
        request: &[u8],
        policy: RetryPolicy,
        understand: impl FnMut(&[u8]) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, AskError> {
        todo!("lab03, step client: ask")
    }

    /// Receives the next datagram from the server; `None` when `deadline` has passed.
    ///
    /// # Contract
    ///
    /// * The datagram is whole, however large it is.
    /// * A refusal sets `refused`, and the wait goes on until `deadline`. So does a wait that a
    ///   signal interrupts (Ctrl-Z and `fg`).
    ///
    /// # Steps
    ///
    /// 1. Before each `recv`, set the remaining time with `set_read_timeout`. (If no time remains,
    ///    the wait is over. `set_read_timeout` refuses zero.)
    /// 2. A refusal is `ConnectionRefused` (on Windows `ConnectionReset`). It reports a datagram
    ///    that you sent before.
    /// 3. `common::net::is_timeout` recognises an expired timeout on every system. After it, and
    ///    after `Interrupted`, compute the remaining time again.
    ///
    /// # Errors
    ///
    /// Those of recv(2), except refusals, timeouts and signals.
    pub fn receive(&self, deadline: Instant, refused: &mut bool) -> io::Result<Option<Vec<u8>>> {
        todo!("lab03, step client: receive")
    }
}
