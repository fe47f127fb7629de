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
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
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
///
/// # Steps
///
/// 1. Compare, and give the stream back where there is no place for it.
pub fn admit(
    clients: &Clients,
    max_clients: usize,
    stream: TcpStream,
    peer: SocketAddr,
) -> Result<Client, TcpStream> {
    // As long as there is a place, so that the steps before this one can be tried.
    if clients.count() < max_clients {
        return Ok(clients.arrive(stream, peer));
    }
    todo!("lab02, step limits: admit")
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
///
/// # Steps
///
/// 1. Begin the farewell here: the first words on a new connection never have to wait.
/// 2. Finish it in a thread, started with `thread::Builder`, which gives you the error if there
///    is none left.
pub fn turn_away(
    stream: TcpStream,
    peer: SocketAddr,
    farewells: &Farewells,
) -> Option<JoinHandle<()>> {
    todo!("lab02, step limits: turn_away")
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
    ///
    /// # Steps
    ///
    /// 1. Sort the error by its kind: is it only that client's?
    /// 2. If not, log it once (each shortage has a [`Shortage`] of its own), then pause. This is
    ///    a sleep: no event tells when the system has a descriptor for you again.
    pub fn endure(&mut self, error: &io::Error) {
        todo!("lab02, step limits: endure")
    }
}
