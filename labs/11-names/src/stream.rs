//! Step tcp: the same messages in a stream, each with its length in front (RFC 1035, section
//! 4.2.2; RFC 7766).
//!
//! ```text
//!   00 18 | 24 bytes of a message | 00 52 | 82 bytes of the next one
//! ```

use crate::given::message::{Message, Question};
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::Duration;

/// Writes one message, with its length in front, in one write.
///
/// # Steps
///
/// 1. The length as a `u16` in network byte order. Too long is an error.
/// 2. One `write_all` with both, so that they leave in one segment.
///
/// # Errors
///
/// `InvalidInput` for more than 65,535 bytes, and those of `stream`.
pub fn write_message(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    todo!("lab11, step tcp: write_message")
}

/// Reads one message. `None`: the peer closed in front of it.
///
/// # Contract
///
/// * It takes as many reads as it needs, and no byte of the next message.
///
/// # Steps
///
/// 1. Read up to two bytes to the end (`by_ref().take(2).read_to_end`). No byte is the end, and
///    one byte is an error.
/// 2. Read exactly as many bytes as they say.
///
/// # Errors
///
/// `UnexpectedEof` if the peer closed inside of it, and those of `stream`.
pub fn read_message(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    todo!("lab11, step tcp: read_message")
}

/// Asks `server` once over TCP. `None`: there was no answer before the end of the connection.
///
/// # Contract
///
/// * A message that is no answer is ignored.
/// * `time` is for connect, write and read together.
///
/// # Steps
///
/// 1. Compute the deadline, connect, and make an `Until`.
/// 2. Write the query, and read messages until one is the answer.
///
/// # Errors
///
/// Those of the connection. An expired time is `TimedOut`.
pub fn ask_tcp(
    server: SocketAddr,
    id: u16,
    question: &Question,
    time: Duration,
) -> io::Result<Option<Message>> {
    todo!("lab11, step tcp: ask_tcp")
}
