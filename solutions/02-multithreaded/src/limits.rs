//! Step limits: client N + 1, and no descriptor left.
//!
//! ```text
//!   client 1 to N     is admitted, and has a place until it leaves
//!   client N + 1      ERROR server full, FIN
//!
//!   no descriptor     the client waits in the kernel's queue; the server pauses and tries again
//! ```

use crate::accounting::{Client, Clients};
use crate::given::closing::Closing;
use common::{close, net};
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// The last line for a client that is not admitted.
pub const SERVER_FULL: &str = "ERROR server full";

/// How long the accept loop pauses when the system has no descriptor left: 20 ms. No client waits
/// much longer than needed, and fifty tries a second cost almost no CPU time.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Admits a client if a place is free for it.
///
/// # Contract
///
/// * `Ok(client)` while fewer than `max_clients` are connected.
/// * Else `Err(stream)`: the client is not registered, and its connection is open.
pub fn admit(
    clients: &Clients,
    max_clients: usize,
    stream: TcpStream,
    peer: SocketAddr,
) -> Result<Client, TcpStream> {
    // Only the accept loop registers clients. Between the check and the registration the count can
    // fall, and cannot rise.
    if clients.count() >= max_clients {
        return Err(stream);
    }
    Ok(clients.register(stream, peer))
}

/// Tells a client that no place is free for it, and closes its connection.
///
/// # Contract
///
/// * The client receives [`SERVER_FULL`] ([`Closing::send`]), and its connection has a lingering
///   close ([`common::close::lingering`]).
/// * That close takes up to a second. So a new thread does it, and its handle is returned. The
///   accept loop does not wait.
/// * `None` if the system has no thread left. Then the log gets a line.
pub fn turn_away(stream: TcpStream, peer: SocketAddr, closing: &Closing) -> Option<JoinHandle<()>> {
    closing.send(&stream, SERVER_FULL);
    let thread = thread::Builder::new().name(format!("full: {peer}"));
    // Without a thread the connection is dropped with the closure, and so closed.
    let started = thread.spawn(|| close::lingering(stream));
    if started.is_err() {
        common::log!("{peer}: the system has no thread left to turn it away in order");
    }
    started.ok()
}

/// A time in which accept(2) fails.
#[derive(Debug, Default)]
pub struct Shortage {
    /// Whether the log has a line about it already.
    is_known: bool,
}

impl Shortage {
    /// Handles an error of accept(2), so that the caller can call it again. (EMFILE is the
    /// error when RLIMIT_NOFILE is reached: getrlimit(2).)
    ///
    /// # Contract
    ///
    /// * A client that gave up while it waited (`ConnectionAborted`, `ConnectionReset`) and a
    ///   signal (`Interrupted`) are no shortage: returns immediately, and logs nothing.
    /// * Any other error may last, above all no descriptor left (EMFILE): pauses for
    ///   [`ACCEPT_PAUSE`]. The log gets a line when the shortage begins, not one for each try.
    pub fn on_accept_error(&mut self, error: &io::Error) {
        use ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
        if matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
            return;
        }
        if !self.is_known {
            common::log!("cannot accept: {}; trying again until it works", net::reason(error));
            self.is_known = true;
        }
        // The client stays in the queue. Without a pause accept would fail again and again, at
        // full speed. No event reports that the system has a descriptor again, because other
        // programs may hold them. Hence this sleep.
        thread::sleep(ACCEPT_PAUSE);
    }
}
