//! Step limits: client N + 1, and no descriptor left.
//!
//! ```text
//!   client 1 to N     is admitted, and has a place until it leaves
//!   client N + 1      ERROR server full, FIN
//!
//!   no descriptor     the client waits in the kernel's queue; the server pauses and tries again
//! ```
//!
//! [`admit`] has no limit yet, so that the earlier steps can be tried. Write it together with
//! [`turn_away`].

use crate::accounting::{Client, Clients};
use crate::given::closing::Closing;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;
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
    // Step limits: there is no limit yet.
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
///
/// # Steps
///
/// 1. In [`admit`], return the stream if no place is free. [`Clients::register`] takes the stream,
///    so compare [`Clients::count`] first.
/// 2. Here, send the last line. On a new connection that never has to wait.
/// 3. Close the connection in a thread, started with `thread::Builder`, which returns the error if
///    none is left.
pub fn turn_away(stream: TcpStream, peer: SocketAddr, closing: &Closing) -> Option<JoinHandle<()>> {
    todo!("lab02, step limits: turn_away")
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
    ///
    /// # Steps
    ///
    /// 1. Look at the kind of the error: does it concern only one client?
    /// 2. If not, log it once (each shortage has its own [`Shortage`]), then sleep. No event
    ///    reports that the system has a descriptor again.
    pub fn on_accept_error(&mut self, error: &io::Error) {
        todo!("lab02, step limits: on_accept_error")
    }
}
