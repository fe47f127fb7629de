//! Step limits: one client too many, and no descriptor left.
//!
//! ```text
//!   client 1 to N     a place, until it leaves
//!   client N + 1      ERROR server full, FIN
//!
//!   no descriptor     who waits, waits in the kernel's queue; we pause, and try again
//! ```

use crate::accounting::{Client, Clients};
use crate::given::farewell::Farewells;
use common::net::reason;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// How long the accept loop pauses when the system has nothing left to give: 20 ms. Nobody waits
/// much longer than needed, and fifty tries a second cost next to nothing.
pub const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// Takes a client in if there is a place for it.
///
/// # Contract
///
/// * `Ok(client)` while fewer than `max_clients` are here, else `Err(stream)`: the client is not
///   counted, and its connection is open.
pub fn admit(
    clients: &Clients,
    max_clients: usize,
    stream: TcpStream,
    peer: SocketAddr,
) -> Result<Client, TcpStream> {
    // Only the accept loop takes clients in: between the question and the deed the number can
    // become smaller, but not larger.
    if clients.count() < max_clients {
        return Ok(clients.arrive(stream, peer));
    }
    Err(stream)
}

/// Tells a client that there is no place for it, and closes its connection in order.
///
/// # Contract
///
/// * It hears `ERROR server full` ([`Farewells::begin`]).
/// * What takes time ([`Farewell::finish`](crate::given::farewell::Farewell::finish)) is done in a thread
///   of its own, whose handle is returned: however long that client takes to go, the accept loop
///   does not wait for it.
/// * `None` if there is nothing to wait for, or no more threads; the latter is a line in the log.
pub fn turn_away(
    stream: TcpStream,
    peer: SocketAddr,
    farewells: &Farewells,
) -> Option<JoinHandle<()>> {
    let farewell = farewells.begin(stream, peer, "ERROR server full")?;
    let thread = thread::Builder::new().name(format!("full: {peer}"));
    // If there is no thread, the connection is dropped with the closure, unheard.
    let started = thread.spawn(|| farewell.finish());
    if started.is_err() {
        common::log!("{peer}: the system has no thread left to turn it away in order");
    }
    started.ok()
}

/// Times in which accept(2) fails.
#[derive(Debug, Default)]
pub struct Shortage {
    /// Whether the log knows of this one already.
    is_known: bool,
}

impl Shortage {
    /// Deals with an error of accept(2), so that calling it again makes sense. (For RLIMIT_NOFILE,
    /// which brings EMFILE, see getrlimit(2).)
    ///
    /// # Contract
    ///
    /// * A client that gave up while it waited (`ConnectionAborted`, `ConnectionReset`) and a
    ///   signal (`Interrupted`) are nothing: returns at once, without a word.
    /// * Anything else, no descriptor left (EMFILE) above all, may go on for long: pauses for
    ///   [`ACCEPT_PAUSE`]. The log gets a line when it begins, and not one for each try.
    pub fn endure(&mut self, error: &io::Error) {
        use ErrorKind::{ConnectionAborted, ConnectionReset, Interrupted};
        if matches!(error.kind(), ConnectionAborted | ConnectionReset | Interrupted) {
            return;
        }
        if !self.is_known {
            common::log!("cannot accept: {}; trying again until it works", reason(error));
            self.is_known = true;
        }
        // The client stays in the queue, so that accept would fail again at once, and again: a
        // loop at full speed that helps nobody. No event tells when the system has a descriptor
        // for us, for another program may have them. Hence this sleep.
        thread::sleep(ACCEPT_PAUSE);
    }
}
