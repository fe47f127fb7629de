//! Step discovery: who is there? Asked of everybody at once.
//!
//! ```text
//!   discover                   group 239.255.70.3              announce (any number)
//!     │ ──── "WHO" ──────────────▶ ┆ ──────────────────────────▶ │ ─▶ │ ─▶ │
//!     │ ◀─────────────── "HERE printer", from its own address ── │    │    │
//!     │ ◀─────────────── "HERE scanner", from its own address ────────│    │
//! ```
//!
//! A group address (224.0.0.0/4) belongs to no machine. Who wants to hear what is sent to it
//! joins, on one interface; the kernel delivers a copy to each socket that has (RFC 1112).
//! 239.0.0.0/8 is for private use (RFC 2365), and a time to live of 1, which is the default,
//! keeps the question from passing any router.

use common::shutdown::Shutdown;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::time::Duration;

/// The question.
pub const QUESTION: &[u8] = b"WHO";

/// What an answer begins with; the name follows. Questions and answers differ, so that nobody
/// ever answers an answer.
pub const ANSWER: &str = "HERE ";

/// Longest name, in bytes.
pub const MAX_NAME: usize = 64;

/// How often the question is asked in the time that there is: the first may be lost.
pub const QUESTIONS: u32 = 3;

/// Most answers that are kept: a stranger could send any number of names.
pub const MAX_FOUND: usize = 1024;

/// Somebody who answered. In order of their names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// What it calls itself.
    pub name: String,
    /// Where its answer came from.
    pub address: SocketAddr,
}

/// Whether `name` can be a name.
///
/// # Contract
///
/// * 1 to [`MAX_NAME`] bytes, and no control character: it will stand on somebody's terminal, and
///   in one line.
///
/// # Steps
///
/// 1. `len` counts bytes; `char::is_control`.
pub fn is_name(name: &str) -> bool {
    todo!("lab03, step discovery: is_name")
}

/// Makes a socket that receives what is sent to `group`, through the interface with the address
/// `interface`.
///
/// # Contract
///
/// * Any number of programs on this machine can do this at the same time, and each receives every
///   question.
///
/// # Steps
///
/// 1. `socket2::Socket` of type DGRAM, with SO_REUSEADDR set before bind.
/// 2. Bind it to the group's own address and port (on Windows, which cannot: to 0.0.0.0).
/// 3. `join_multicast_v4`; a `Socket` becomes a `UdpSocket` with `.into()`.
///
/// # Errors
///
/// Those of socket(2), setsockopt(2) and bind(2): `group` is no group, or no interface has that
/// address.
pub fn join(group: SocketAddrV4, interface: Ipv4Addr) -> io::Result<UdpSocket> {
    todo!("lab03, step discovery: join")
}

/// Makes a socket to ask groups with, through the interface with the address `interface`.
///
/// # Contract
///
/// * What is sent to a group leaves through that interface, and from its address. Anybody can
///   answer.
///
/// # Steps
///
/// 1. Bind to the interface's address, port 0.
/// 2. `socket2::SockRef::from(&socket)` has `set_multicast_if_v4`: without it, on most systems the
///    routing table chooses the interface.
///
/// # Errors
///
/// Those of socket(2), bind(2) and setsockopt(2).
pub fn caller(interface: Ipv4Addr) -> io::Result<UdpSocket> {
    todo!("lab03, step discovery: caller")
}

/// Answers the questions that come to `member` with `name`, from the socket `own`, until
/// `shutdown` is requested.
///
/// # Contract
///
/// * Each [`QUESTION`] is answered by [`ANSWER`] and the name, to whoever asked, and from the
///   address of `own`, so that they know where `name` is.
/// * Anything else that comes is ignored, answers above all.
/// * No datagram, and no answer that cannot be sent, ends the loop.
/// * When Ctrl-C comes (the one who is asked to stop then gets an empty datagram): `Ok(())`.
///
/// # Steps
///
/// 1. Receive from `member`; ask `shutdown` first.
/// 2. Compare with [`QUESTION`]; send the answer through `own`.
///
/// # Errors
///
/// Those of recvfrom(2) that concern the socket.
pub fn announce(
    member: &UdpSocket,
    own: &UdpSocket,
    name: &str,
    shutdown: &Shutdown,
) -> io::Result<()> {
    todo!("lab03, step discovery: announce")
}

/// Asks `group` who is there, with a socket made by [`caller`], and collects answers for `time`.
///
/// # Contract
///
/// * Everybody who answered in that time, each once, sorted: by name, then by address.
/// * It takes `time`, however much or little comes: nobody knows how many there are.
/// * The question is asked [`QUESTIONS`] times, evenly over `time`.
/// * What is no answer, or bears no proper name ([`is_name`]), is ignored. At most [`MAX_FOUND`]
///   are kept.
///
/// # Steps
///
/// 1. Send the question, collect answers until a third of the time is over; and twice again.
/// 2. A `std::collections::BTreeSet` holds each value once, and in order.
///
/// # Errors
///
/// When the question cannot be sent, or the socket is broken.
pub fn discover(caller: &UdpSocket, group: SocketAddrV4, time: Duration) -> io::Result<Vec<Found>> {
    todo!("lab03, step discovery: discover")
}
