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

use std::io;
use std::net::SocketAddr;
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
    // Yours: a socket, and what else?
}

impl Client {
    /// Somebody who can ask `server`.
    ///
    /// # Contract
    ///
    /// * Nothing is sent yet: nobody knows whether `server` is there.
    /// * All requests leave from one port: to the server, that is who we are.
    ///
    /// # Steps
    ///
    /// 1. Bind a `UdpSocket` to any address of the same family as `server`, port 0: the system
    ///    chooses.
    /// 2. connect(2) works on UDP sockets too, though nothing is sent. Find out what it does. You
    ///    can do without, but then you must do by yourself what it does.
    ///
    /// # Errors
    ///
    /// Those of socket(2), bind(2) and connect(2): no route to that address, for instance.
    pub fn new(server: SocketAddr) -> io::Result<Client> {
        todo!("lab03, step client: new")
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
    /// # Steps
    ///
    /// 1. Send the request. `send` can return a refusal of the datagram before, and then has sent
    ///    nothing: send again.
    /// 2. Compute the deadline of this try, and call [`Client::receive`] until it returns `None`.
    /// 3. Show each datagram to `understand`; return what it returns, or go on waiting.
    /// 4. Double the wait, and ask again.
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
    /// * A refusal sets `refused`, and the wait goes on until `deadline`.
    ///
    /// # Steps
    ///
    /// 1. Before each `recv`, give `set_read_timeout` the time that is left. (If none is left, the
    ///    wait is over. A timeout of zero is refused.)
    /// 2. A refusal is `ConnectionRefused` (Windows: `ConnectionReset`). It is about a datagram that
    ///    you sent before.
    /// 3. `common::net::is_timeout` recognises an expired timeout, whatever the system calls it.
    ///    After it, and after `Interrupted`, look at the clock again.
    ///
    /// # Errors
    ///
    /// Those of recv(2), except refusals, timeouts and signals.
    pub fn receive(&self, deadline: Instant, refused: &mut bool) -> io::Result<Option<Vec<u8>>> {
        todo!("lab03, step client: receive")
    }
}
