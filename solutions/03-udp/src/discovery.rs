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

use common::net::{is_timeout, reason};
use common::shutdown::Shutdown;
use socket2::{Domain, SockRef, Socket, Type};
use std::collections::BTreeSet;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, SocketAddr, SocketAddrV4, UdpSocket};
use std::time::{Duration, Instant};

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
pub fn is_name(name: &str) -> bool {
    let fits = (1..=MAX_NAME).contains(&name.len());
    let is_printable = !name.chars().any(char::is_control);
    fits && is_printable
}

/// Makes a socket that receives what is sent to `group`, through the interface with the address
/// `interface`.
///
/// # Contract
///
/// * Any number of programs on this machine can do this at the same time, and each receives every
///   question.
///
/// # Errors
///
/// Those of socket(2), setsockopt(2) and bind(2): `group` is no group, or no interface has that
/// address.
pub fn join(group: SocketAddrV4, interface: Ipv4Addr) -> io::Result<UdpSocket> {
    let socket = Socket::new(Domain::IPV4, Type::DGRAM, None)?;
    // For a group this is no theft: every member gets a copy of each datagram.
    socket.set_reuse_address(true)?;
    // Bound to the group itself we hear nothing but what is sent to it. Windows cannot do that.
    let bound = if cfg!(windows) { Ipv4Addr::UNSPECIFIED } else { *group.ip() };
    socket.bind(&SocketAddrV4::new(bound, group.port()).into())?;
    // Joining is what makes the kernel (and, beyond loopback, the switches: IGMP) deliver.
    socket.join_multicast_v4(group.ip(), &interface)?;
    Ok(socket.into())
}

/// Makes a socket to ask groups with, through the interface with the address `interface`.
///
/// # Contract
///
/// * What is sent to a group leaves through that interface, and from its address. Anybody can
///   answer.
///
/// # Errors
///
/// Those of socket(2), bind(2) and setsockopt(2).
pub fn caller(interface: Ipv4Addr) -> io::Result<UdpSocket> {
    let socket = UdpSocket::bind((interface, 0))?;
    // Linux takes the hint from the address that we are bound to. On other systems the routing
    // table chooses, and it sends groups to the default route.
    SockRef::from(&socket).set_multicast_if_v4(&interface)?;
    Ok(socket)
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
/// # Errors
///
/// When the question cannot be sent, or the socket is broken.
pub fn discover(caller: &UdpSocket, group: SocketAddrV4, time: Duration) -> io::Result<Vec<Found>> {
    // A set keeps each once, and in order.
    let mut found = BTreeSet::new();
    let start = Instant::now();
    for question in 1..=QUESTIONS {
        caller.send_to(QUESTION, group)?;
        let until = time * question / QUESTIONS;
        while let Some(left) = until.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) {
            let somebody = receive(caller, left)?;
            if found.len() < MAX_FOUND {
                found.extend(somebody);
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

/// The time is up, a signal came, or a datagram sent earlier found nobody: no datagram, and no
/// trouble.
fn is_nothing(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionRefused, ConnectionReset, Interrupted};
    is_timeout(error) || matches!(error.kind(), ConnectionRefused | ConnectionReset | Interrupted)
}
