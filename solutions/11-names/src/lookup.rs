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

use crate::given::errors::LookupError;
use crate::given::message::{Flags, Message, Question, Rcode};
use crate::{decode, encode, name, stream};
use common::net::{is_shortage, is_timeout};
use std::io::{self, ErrorKind};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, UdpSocket};
use std::time::{Duration, Instant};

/// Most bytes of a datagram, and one more.
const BUFFER_LEN: usize = 1 << 16;

/// How to ask.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The servers, of which there is one at least. Tries go round them.
    pub servers: Vec<SocketAddr>,
    /// How long the first try waits. Each further one waits twice as long as the one before.
    pub timeout: Duration,
    /// How often to ask.
    pub tries: u32,
    /// Over what to ask.
    pub transport: Transport,
}

/// Over what to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transport {
    /// UDP, and TCP if the answer was truncated.
    UdpFirst,
    /// TCP.
    TcpOnly,
}

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
/// * It has one question, of the same type and class, for the same name ([`name::is_same`]).
pub fn answer_in(bytes: &[u8], id: u16, question: &Question) -> Option<Message> {
    let message = decode::message(bytes).ok()?;
    let [asked] = message.questions.as_slice() else { return None };
    let fits = message.id == id
        && message.flags.has(Flags::QR)
        && asked.kind == question.kind
        && asked.class == question.class
        && name::is_same(&asked.name, &question.name);
    fits.then_some(message)
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

/// Asks `server` once, and over TCP again if the answer was truncated.
///
/// # Contract
///
/// * Each query has a new id.
/// * A truncated answer is no answer. The same question goes over TCP, and has the same time.
///
/// # Errors
///
/// Those of [`random_id`], [`ask_udp`] and [`stream::ask_tcp`].
pub fn ask_once(
    server: SocketAddr,
    question: &Question,
    transport: Transport,
    time: Duration,
) -> io::Result<Option<Message>> {
    if transport == Transport::UdpFirst {
        let answer = ask_udp(server, random_id()?, question, time)?;
        if answer.as_ref().is_none_or(|answer| !answer.flags.has(Flags::TC)) {
            return Ok(answer);
        }
    }
    stream::ask_tcp(server, random_id()?, question, time)
}

/// Asks the servers until one has an answer.
///
/// # Contract
///
/// * Try 0 asks the first server, try 1 the next one, and so on, round and round.
/// * Try N waits `timeout` times 2 to the power of N.
/// * "No error" and "no such name" are answers. After any other rcode, the next server is asked.
/// * A server that cannot be reached does not answer. The next try begins immediately.
///
/// # Errors
///
/// * [`LookupError::Refused`] with the last server that had another rcode, and else
///   [`LookupError::NoAnswer`] with the server that was asked last.
/// * [`LookupError::Local`] if this machine has no socket left.
pub fn ask(policy: &Policy, question: &Question) -> Result<Message, LookupError> {
    let mut refusal = None;
    let mut last = policy.servers[0];
    let servers = policy.servers.iter().cycle();
    for (number, server) in (0..policy.tries).zip(servers) {
        let time = policy.timeout.saturating_mul(1 << number);
        last = *server;
        match ask_once(*server, question, policy.transport, time) {
            Ok(Some(message)) => match message.flags.rcode() {
                Rcode::NO_ERROR | Rcode::NO_SUCH_NAME => return Ok(message),
                rcode => refusal = Some(LookupError::Refused(*server, rcode)),
            },
            Err(error) if is_shortage(&error) => return Err(LookupError::Local(error)),
            Ok(None) | Err(_) => (),
        }
    }
    let (name, tries) = (question.name.clone(), policy.tries);
    Err(refusal.unwrap_or(LookupError::NoAnswer { name, server: last, tries }))
}
