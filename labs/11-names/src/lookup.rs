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
use crate::given::message::{Message, Question};
use std::io::{self};
use std::net::SocketAddr;
use std::time::Duration;

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
/// # Steps
///
/// 1. Fill two bytes by `getrandom::fill`.
///
/// # Errors
///
/// The system has no random numbers.
pub fn random_id() -> io::Result<u16> {
    todo!("lab11, step lookup: random_id")
}

/// The answer to the query with this id and question, if `bytes` are it.
///
/// # Contract
///
/// * `bytes` are a DNS message, a response, with the same id.
/// * It has one question, of the same type and class, for the same name ([`name::is_same`]).
///
/// # Steps
///
/// 1. Decode the bytes. A message that cannot be decoded is no answer.
/// 2. Compare id, the flag QR, and the one question.
pub fn answer_in(bytes: &[u8], id: u16, question: &Question) -> Option<Message> {
    todo!("lab11, step lookup: answer_in")
}

/// Asks `server` once over UDP, and waits for the answer until `time` is over (`None`).
///
/// # Contract
///
/// * The socket is new and connected. Its port is random, and the kernel drops datagrams from other
///   addresses.
/// * A datagram that is no answer is ignored. It does not make the wait longer.
///
/// # Steps
///
/// 1. Bind a socket to port 0 of the wildcard address of the server's family, and connect it.
/// 2. Send the query, and compute the deadline.
/// 3. Receive until the deadline. Set the read timeout again before each receive, to the time
///    left.
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
    todo!("lab11, step lookup: ask_udp")
}

/// Asks `server` once, and over TCP again if the answer was truncated.
///
/// # Contract
///
/// * Each query has a new id.
/// * A truncated answer is no answer. The same question goes over TCP, and has the same time.
///
/// # Steps
///
/// 1. Ask over UDP, unless the transport is TCP only.
/// 2. Without TC, that is the result. With TC, go on over TCP, with a new id.
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
    todo!("lab11, step lookup: ask_once")
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
/// # Steps
///
/// 1. Go through the tries and the servers together: `servers.iter().cycle()`.
/// 2. Return the first answer. Remember the last refusal, and the last server.
/// 3. At the end, a refusal says more than no answer.
///
/// # Errors
///
/// * [`LookupError::Refused`] with the last server that had another rcode, and else
///   [`LookupError::NoAnswer`] with the server that was asked last.
/// * [`LookupError::Local`] if this machine has no socket left.
pub fn ask(policy: &Policy, question: &Question) -> Result<Message, LookupError> {
    todo!("lab11, step lookup: ask")
}
