//! Step connect: try all addresses, but not one after the other.
//!
//! ```text
//!    0.00 s   [2001:db8::7]:7008   SYN ─▶ … no answer …              closed when another wins
//!    0.25 s   192.0.2.7:7008           SYN ─▶ ◀─ SYN ACK             the winner
//!             127.0.0.1:7008                                         never tried
//! ```
//!
//! RFC 8305 ("Happy Eyeballs") calls the quarter of a second the Connection Attempt Delay.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

/// How to try the addresses.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// The time for all tries together.
    pub timeout: Duration,
    /// How long the newest try has the network for itself, before the next one begins.
    pub delay: Duration,
    /// The local address of each connection; the kernel chooses it if there is none.
    pub from: Option<IpAddr>,
}

/// The end of one try.
#[derive(Debug)]
pub struct Outcome {
    /// The address that was tried.
    pub address: SocketAddr,
    /// The connection, or why there is none.
    pub result: io::Result<TcpStream>,
}

/// The addresses with families in turn, beginning with the family of the first (RFC 8305, section
/// 4).
///
/// # Contract
///
/// * The addresses of one family keep their order. When one family has no more, the rest of the
///   other follows.
///
/// # Steps
///
/// 1. `partition` divides the addresses by family. Take one of each until both are empty.
pub fn in_turn(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    todo!("lab08, step connect: in_turn")
}

/// Connects to one address, within `timeout`.
///
/// # Contract
///
/// * With `from`, the connection leaves from this address, and any port.
///
/// # Steps
///
/// 1. A `socket2::Socket` can be bound before it connects. Port 0 means any port.
/// 2. `connect_timeout` of socket2 takes the time. `.into()` makes a `TcpStream` of it.
///
/// # Errors
///
/// Those of socket(2), bind(2) and connect(2). An expired timeout is `TimedOut`.
pub fn connect_one(
    address: SocketAddr,
    from: Option<IpAddr>,
    timeout: Duration,
) -> io::Result<TcpStream> {
    todo!("lab08, step connect: connect_one")
}

/// Connects to the first of `addresses` that answers. They are tried in this order.
///
/// # Contract
///
/// * The first try begins immediately. Another one begins when a try has failed, and at the
///   latest `policy.delay` after the newest began. The tries that are under way go on.
/// * The first connection wins. No byte is sent on another connection, and it is closed.
/// * All tries together have `policy.timeout`. Each address that did not fail by itself has then
///   timed out, also one that was never tried.
/// * `report` gets each address that failed, and its error, when it is known.
///
/// Returns `None` if every address failed.
///
/// # Steps
///
/// 1. Compute one deadline for all tries.
/// 2. A thread for each try calls [`connect_one`] with the remaining time, and sends an [`Outcome`]
///    through an `mpsc::channel`.
/// 3. Start a try, and wait (`recv_timeout`) for an outcome until the delay is over, or until the
///    deadline if no address is left. Repeat.
/// 4. Return with the first connection, and do not join the threads. A late connection finds the
///    channel closed and is dropped.
pub fn connect_first(
    addresses: &[SocketAddr],
    policy: Policy,
    report: &mut dyn FnMut(SocketAddr, &io::Error),
) -> Option<TcpStream> {
    todo!("lab08, step connect: connect_first")
}
