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

use common::net::{is_timeout, reason};
use common::shutdown::Shutdown;
use socket2::{Domain, SockRef, Socket, Type};
use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::time::{Duration, Instant};

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
pub fn is_name(name: &str) -> bool {
    let fits = (1..=MAX_NAME).contains(&name.len());
    let is_printable = !name.chars().any(char::is_control);
    fits && is_printable
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
/// # Errors
///
/// Those of socket(2), setsockopt(2) and bind(2). They fail if `group` is no group, or if no
/// interface has that address.
pub fn join(group: SocketAddrV4, interface: Ipv4Addr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    // No member of a group takes datagrams from another, because each gets a copy.
    socket.set_reuse_address(true)?;
    // A socket bound to the group's address receives only datagrams to the group. Windows cannot
    // bind to it.
    let bound = if cfg!(windows) { Ipv4Addr::UNSPECIFIED } else { *group.ip() };
    socket.bind(&SocketAddrV4::new(bound, group.port()).into())?;
    // Only after joining does the kernel deliver, and, beyond loopback, do the switches (IGMP).
    socket.join_multicast_v4(group.ip(), &interface)?;
    Ok(socket.into())
}

/// Makes a socket to ask groups with, through the interface with the address `interface`.
///
/// # Contract
///
/// * Datagrams to a group leave through that interface and from its address, on every system. (On
///   Linux, binding to the address would do. Other systems need the option IP_MULTICAST_IF.)
/// * It receives answers from every address.
///
/// # Errors
///
/// Those of socket(2), bind(2) and setsockopt(2).
pub fn caller(interface: Ipv4Addr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind((interface, 0))?;
    // Linux chooses the interface of the address to which we are bound. On other systems the
    // routing table chooses, and it sends groups to the default route.
    SockRef::from(&socket).set_multicast_if_v4(&interface)?;
    Ok(socket)
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
/// # Errors
///
/// Those of recvfrom(2) that concern the socket.
pub fn announce(
    member: &UdpSocket,
    own: &UdpSocket,
    name: &str,
    shutdown: &Shutdown,
) -> io::Result<()> {
    let answer = format!("{ANSWER}{name}");
    let mut buffer = vec![0; crate::echo::BUFFER_LEN];
    loop {
        let received = member.recv_from(&mut buffer);
        if shutdown.is_requested() {
            return Ok(());
        }
        let (len, peer) = match received {
            Ok(received) => received,
            Err(error) if is_nothing(&error) => continue,
            Err(error) => return Err(error),
        };
        if &buffer[..len] != QUESTION {
            continue;
        }
        if let Err(error) = own.send_to(answer.as_bytes(), peer) {
            common::log!("{peer}: cannot answer: {}", reason(&error));
        }
    }
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
/// # Errors
///
/// Those of sendto(2), and those of recvfrom(2) that concern the socket. These do not: an expired
/// timeout, `Interrupted`, and `ConnectionReset` and `ConnectionRefused`, which concern one peer.
pub fn discover(caller: &UdpSocket, group: SocketAddrV4, time: Duration) -> io::Result<Vec<Found>> {
    // A set holds each value once, and in order.
    let mut found = BTreeSet::new();
    let start = Instant::now();
    for question in 1..=QUESTIONS {
        caller.send_to(QUESTION, group)?;
        let until = time * question / QUESTIONS;
        while let Some(left) = until.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) {
            let answer = receive(caller, left)?;
            if found.len() < MAX_FOUND {
                found.extend(answer);
            }
        }
    }
    Ok(found.into_iter().collect())
}

/// The next datagram within `time`, if it is an answer.
fn receive(caller: &UdpSocket, time: Duration) -> io::Result<Option<Found>> {
    let mut buffer = vec![0; crate::echo::BUFFER_LEN];
    caller.set_read_timeout(Some(time))?;
    match caller.recv_from(&mut buffer) {
        Ok((len, address)) => Ok(understand(&buffer[..len], address)),
        Err(error) if is_nothing(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

fn understand(datagram: &[u8], address: SocketAddr) -> Option<Found> {
    let name = std::str::from_utf8(datagram).ok()?.strip_prefix(ANSWER)?;
    is_name(name).then(|| Found { name: name.to_owned(), address })
}

/// Whether the time is over, a signal came, or no socket has the port of an earlier datagram. None
/// of these is about our socket.
fn is_nothing(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted};
    is_timeout(error) || matches!(error.kind(), ConnectionRefused | ConnectionReset | Interrupted)
}
