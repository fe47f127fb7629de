//! Step lookup: ask, and take only what answers the question.
//!
//! ```text
//!   query  id 0x3a91  a.test. A  ──▶ server
//!                     ◀── id 0x3a90  a.test. A    another id: ignored
//!                     ◀── id 0x3a91  b.test. A    another question: ignored
//!                     ◀── id 0x3a91  a.test. A    the answer
//! ```
//!
//! Any machine can send a datagram to us. A forger has to guess 16 bits of the id and 16 bits of
//! our port (RFC 5452). So both are random, and new in each try.

use crate::given::message::{Flags, Message, Question, Rcode};
use crate::{decode, encode, name};
use common::net::is_timeout;
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// Most bytes of a datagram, and one more.
const BUFFER_LEN: usize = 1 << 16;

/// A number that a forger cannot calculate, whatever numbers of ours it has seen.
///
/// # Errors
///
/// The system has no random numbers.
pub fn random_id() -> io::Result<u16> {
    let mut bytes = [0; 2];
    getrandom::fill(&mut bytes)?;
    Ok(u16::from_be_bytes(bytes))
}

/// The answer to the query with this id and question, if `bytes` are it.
///
/// # Contract
///
/// * `bytes` are a DNS message, a response, with the same id.
/// * It has one question, of the same type and class, for the same name
///   ([`name::is_same`](crate::name::is_same)).
/// * An error may come without a question, because a server that cannot read a query has none to
///   return. An rcode of "no error" or "no such name" needs its question.
pub fn answer_in(bytes: &[u8], id: u16, question: &Question) -> Option<Message> {
    let message = decode::message(bytes).ok()?;
    let fits = match message.questions.as_slice() {
        [] => !matches!(message.flags.rcode(), Rcode::NO_ERROR | Rcode::NO_SUCH_NAME),
        [asked] => {
            asked.kind == question.kind
                && asked.class == question.class
                && name::is_same(&asked.name, &question.name)
        }
        _ => false,
    };
    (fits && message.id == id && message.flags.has(Flags::QR)).then_some(message)
}

/// Asks `server` once over UDP, and waits for the answer until `time` is over (`None`).
///
/// # Contract
///
/// * The socket is new and connected. Its port is random, and the kernel drops datagrams from other
///   addresses.
/// * A datagram that is no answer is ignored. It does not make the wait longer.
///
/// # Errors
///
/// Those of the socket. A closed port at the server is `ConnectionRefused`.
pub fn ask_udp(
    server: SocketAddr,
    id: u16,
    question: &Question,
    time: Duration,
) -> io::Result<Option<Message>> {
    let any: SocketAddr = match server {
        SocketAddr::V4(_) => (Ipv4Addr::UNSPECIFIED, 0).into(),
        SocketAddr::V6(_) => (Ipv6Addr::UNSPECIFIED, 0).into(),
    };
    let socket = UdpSocket::bind(any)?;
    socket.connect(server)?;
    socket.send(&encode::query(id, question))?;
    let deadline = Instant::now() + time;
    let mut buffer = vec![0; BUFFER_LEN];
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(None);
        }
        socket.set_read_timeout(Some(left))?;
        let answer = match socket.recv(&mut buffer) {
            Ok(len) => answer_in(&buffer[..len], id, question),
            Err(error) if is_timeout(&error) || error.kind() == ErrorKind::Interrupted => None,
            Err(error) => return Err(error),
        };
        if answer.is_some() {
            return Ok(answer);
        }
    }
}
