//! Step tcp: the same messages in a stream, each with its length in front (RFC 1035, section
//! 4.2.2; RFC 7766).
//!
//! ```text
//!   00 18 | 24 bytes of a message | 00 52 | 82 bytes of the next one
//! ```

use crate::encode;
use crate::exchange::answer_in;
use crate::given::message::{Message, Question};
use common::deadline::Until;
use std::io::{self, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// Writes one message, with its length in front, in one write.
///
/// # Errors
///
/// `InvalidInput` for more than 65,535 bytes, and those of `stream`.
pub fn write_message(stream: &mut impl Write, message: &[u8]) -> io::Result<()> {
    let len = u16::try_from(message.len()).map_err(|_| ErrorKind::InvalidInput)?;
    stream.write_all(&[&len.to_be_bytes(), message].concat())
}

/// Reads one message. `None`: the peer closed in front of it.
///
/// # Contract
///
/// * It takes as many reads as it needs, and no byte of the next message.
///
/// # Errors
///
/// `UnexpectedEof` if the peer closed inside of it, and those of `stream`.
pub fn read_message(stream: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = Vec::new();
    stream.by_ref().take(2).read_to_end(&mut length)?;
    let len = match length[..] {
        [] => return Ok(None),
        [high, low] => u16::from_be_bytes([high, low]),
        _ => return Err(ErrorKind::UnexpectedEof.into()),
    };
    let mut message = vec![0; len.into()];
    stream.read_exact(&mut message)?;
    Ok(Some(message))
}

/// Asks `server` once over TCP. `None`: there was no answer before the end of the connection.
///
/// # Contract
///
/// * A message that is no answer is ignored.
/// * `time` is for connect, write and read together.
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
    let deadline = Instant::now() + time;
    let stream = TcpStream::connect_timeout(&server, time)?;
    let mut until = Until::new(&stream, deadline);
    write_message(&mut until, &encode::query(id, question))?;
    while let Some(message) = read_message(&mut until)? {
        let answer = answer_in(&message, id, question);
        if answer.is_some() {
            return Ok(answer);
        }
    }
    Ok(None)
}
