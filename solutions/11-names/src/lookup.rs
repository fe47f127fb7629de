//! Step lookup: several servers, several tries.

use crate::exchange::{ask_udp, random_id};
use crate::given::errors::LookupError;
use crate::given::message::{Flags, Message, Question, Rcode};
use crate::stream;
use common::clients::is_shortage;
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
