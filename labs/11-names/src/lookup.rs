//! Step lookup: several servers, several tries.

use crate::given::errors::LookupError;
use crate::given::message::{Message, Question};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

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
/// Those of [`random_id`](crate::exchange::random_id), [`ask_udp`](crate::exchange::ask_udp) and
/// [`stream::ask_tcp`](crate::stream::ask_tcp).
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
