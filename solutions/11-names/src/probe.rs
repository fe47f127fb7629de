//! Step ports: one try, and what its outcome proves about the port.
//!
//! ```text
//!   SYN ─▶ ◀─ SYN ACK     open, unless both ends are one address
//!   SYN ─▶ ◀─ RST         closed: a machine is there, and no server listens
//!   SYN ─▶ …              filtered: nothing is known
//! ```

use common::clients::is_shortage;
use std::io::{self, ErrorKind};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What a try proves about a port.
#[derive(Debug)]
pub enum State {
    /// A server accepts connections. This is the connection.
    Open(TcpStream),
    /// The machine refuses.
    Closed,
    /// No answer comes, or the connection failed on its way.
    Filtered,
}

/// Whether both ends of a connection are one address.
///
/// The kernel chooses a local port for each connection. If it chooses the port that is tried, two
/// SYNs cross, and the socket is connected to itself (RFC 9293, section 3.5, "simultaneous open").
///
/// # Errors
///
/// Those of getsockname(2). A connection that is gone already has no peer, and has not met itself.
pub fn has_met_itself(stream: &TcpStream) -> io::Result<bool> {
    let peer = stream.peer_addr().ok();
    Ok(peer == Some(stream.local_addr()?))
}

/// What the outcome of a connect proves about the port.
///
/// # Contract
///
/// * A connection that has met itself is a closed port.
/// * A refusal or a reset is a closed port. Any other error of the connection is a filtered one: an
///   expired timeout, an unreachable host, a firewall of this machine.
///
/// # Errors
///
/// A shortage ([`is_shortage`](common::clients::is_shortage)) proves nothing about the port, and is
/// returned.
pub fn state(connected: io::Result<TcpStream>) -> io::Result<State> {
    use ErrorKind::{ConnectionRefused, ConnectionReset};
    match connected {
        Ok(stream) if has_met_itself(&stream)? => Ok(State::Closed),
        Ok(stream) => Ok(State::Open(stream)),
        Err(error) => match error.kind() {
            ConnectionRefused | ConnectionReset => Ok(State::Closed),
            _ if is_shortage(&error) => Err(error),
            _ => Ok(State::Filtered),
        },
    }
}

/// Tries one port, for `timeout` at most.
///
/// # Errors
///
/// Those of [`state`].
pub fn probe(address: SocketAddr, timeout: Duration) -> io::Result<State> {
    state(TcpStream::connect_timeout(&address, timeout))
}
