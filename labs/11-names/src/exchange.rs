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

use crate::given::message::{Message, Question};
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

/// Most bytes of a datagram, and one more.
const BUFFER_LEN: usize = 1 << 16;

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
/// * It has one question, of the same type and class, for the same name
///   ([`name::is_same`](crate::name::is_same)).
/// * An error may come without a question, because a server that cannot read a query has none to
///   return. An rcode of "no error" or "no such name" needs its question.
///
/// # Steps
///
/// 1. Decode the bytes. A message that cannot be decoded is no answer.
/// 2. Compare id and the flag QR.
/// 3. Compare the one question. Without a question, look at the rcode.
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
