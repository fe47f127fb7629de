//! Step discovery: one question to a whole group.
//!
//! ```text
//!   discover                   group 239.255.70.3              announce (any number)
//!     │ ──── "WHO" ──────────────▶ ┆ ──────────────────────────▶ │ ─▶ │ ─▶ │
//!     │ ◀─────────────── "HERE printer", from its own address ── │    │    │
//!     │ ◀─────────────── "HERE scanner", from its own address ────────│    │
//! ```
//!
//! A group address (224.0.0.0/4) belongs to no machine. A socket joins the group on one interface,
//! and the kernel delivers a copy of each datagram to every such socket (RFC 1112). 239.0.0.0/8 is
//! for private use (RFC 2365). The default time to live is 1, so no router forwards the question.

use common::shutdown::Shutdown;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::time::Duration;

/// The question.
pub const QUESTION: &[u8] = b"WHO";

/// The beginning of an answer, before the name. Questions and answers differ, so that no program
/// answers an answer.
pub const ANSWER: &str = "HERE ";

/// Longest name, in bytes.
pub const MAX_NAME: usize = 64;

/// How often `discover` sends the question, because a datagram may be lost.
pub const QUESTIONS: u32 = 3;

/// Most answers that `discover` keeps. A stranger could send any number of names.
pub const MAX_FOUND: usize = 1024;

/// A program that answered. The order is by name, then by address.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Found {
    /// The name in its answer.
    pub name: String,
    /// The address of the socket that sent the answer.
    pub address: SocketAddr,
}

/// Whether `name` is valid.
///
/// # Contract
///
/// * It has 1 to [`MAX_NAME`] bytes and no control character, because `discover` prints it in one
///   line on a terminal.
///
/// # Steps
///
/// 1. `str::len` counts bytes, and `char::is_control` finds control characters.
pub fn is_name(name: &str) -> bool {
    todo!("lab03, step discovery: is_name")
}

/// Makes a socket that receives the datagrams to `group`, through the interface with the address
/// `interface`.
///
/// # Contract
///
/// * Any number of programs on this machine can do this at the same time, and each receives every
///   question.
/// * It receives no datagram to another address or group. (On Windows it does.)
///
/// # Steps
///
/// 1. Make a `socket2::Socket` of type DGRAM, and set SO_REUSEADDR before bind.
/// 2. Bind it to the group's address and port. (Windows cannot, so bind to 0.0.0.0 there.)
/// 3. Call `join_multicast_v4`. `.into()` makes the `Socket` a `UdpSocket`.
///
/// # Errors
///
/// Those of socket(2), setsockopt(2) and bind(2). They fail if `group` is no group, or if no
/// interface has that address.
pub fn join(group: SocketAddrV4, interface: Ipv4Addr) -> io::Result<UdpSocket> {
    todo!("lab03, step discovery: join")
}

/// Makes a socket to ask groups with, through the interface with the address `interface`.
///
/// # Contract
///
/// * Datagrams to a group leave through that interface and from its address, on every system. (On
///   Linux, binding to the address would do. Other systems need the option IP_MULTICAST_IF.)
/// * It receives answers from every address.
///
/// # Steps
///
/// 1. Bind to the interface's address, port 0.
/// 2. `socket2::SockRef::from(&socket)` has `set_multicast_if_v4`. Without it, the routing table
///    chooses the interface on most systems.
///
/// # Errors
///
/// Those of socket(2), bind(2) and setsockopt(2).
pub fn caller(interface: Ipv4Addr) -> io::Result<UdpSocket> {
    todo!("lab03, step discovery: caller")
}

/// Answers each question that `member` receives with `name`, through the socket `own`, until
/// `shutdown` is requested.
///
/// # Contract
///
/// * For each [`QUESTION`] it sends [`ANSWER`] and the name to the sender of the question, and to
///   no other address. The answer leaves from the address of `own`, which tells the asker where
///   `name` is.
/// * It ignores every other datagram, above all answers.
/// * The loop goes on after every datagram, and after an answer that cannot be sent. It goes on
///   after `ConnectionReset` and `ConnectionRefused`, which concern one asker, and after
///   `Interrupted`.
/// * After Ctrl-C it returns `Ok(())`. (`Shutdown` wakes it by an empty datagram to the group,
///   which the other announcers receive, too.)
///
/// # Steps
///
/// 1. Receive from `member`. When `recv_from` returns, check `shutdown.is_requested()` first.
/// 2. Compare the bytes with [`QUESTION`], and send the answer through `own`.
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

/// Sends the question to `group` through a socket made by [`caller`], and collects answers for
/// `time`.
///
/// # Contract
///
/// * It returns each program that answered in that time once, sorted by name and then by address.
/// * It takes `time` or slightly more, whether many answers come or none, because the number of
///   announcers is unknown. A signal does not end it (Ctrl-Z and `fg`).
/// * It sends the question [`QUESTIONS`] times, evenly over `time`.
/// * It ignores a datagram that is no answer or has no valid name ([`is_name`]).
/// * It keeps the first [`MAX_FOUND`] different answers, and ignores all others.
///
/// # Steps
///
/// 1. Send the question, collect answers until a third of the time is over, and do the same twice
///    more. `common::net::is_timeout` recognises an expired timeout on every system.
/// 2. A `std::collections::BTreeSet` holds each value once, and in order.
///
/// # Errors
///
/// Those of sendto(2), and those of recvfrom(2) that concern the socket. These do not: an expired
/// timeout, `Interrupted`, and `ConnectionReset` and `ConnectionRefused`, which concern one peer.
pub fn discover(caller: &UdpSocket, group: SocketAddrV4, time: Duration) -> io::Result<Vec<Found>> {
    todo!("lab03, step discovery: discover")
}
