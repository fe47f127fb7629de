//! Conversations over plain sockets, without a ladder, because there are many of them.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;
use testkit::Server;

/// A server that has not answered by then hangs.
const HANGS: Duration = Duration::from_secs(20);

/// Sends `pieces` in writes of their own, then FIN, and returns all answers.
pub fn talk(server: &Server, pieces: &[&[u8]]) -> Vec<u8> {
    let mut stream = TcpStream::connect(server.address()).expect("the server listens");
    stream.set_nodelay(true).expect("a new socket takes options");
    stream.set_read_timeout(Some(HANGS)).expect("a new socket takes options");
    for piece in pieces {
        // A server that has refused an earlier piece may have closed.
        let _ = stream.write_all(piece);
    }
    let _ = stream.shutdown(Shutdown::Write);
    let mut answers = Vec::new();
    let end = stream.read_to_end(&mut answers);
    server.check(
        end.is_ok(),
        &format!(
            "{} got no end: {end:?}.",
            String::from_utf8_lossy(&pieces.concat()).escape_debug()
        ),
        "an-end-for-all",
        "Find the wait that has no end, or the close that is a reset.",
    );
    answers
}

/// An answer as it came.
#[derive(Debug, PartialEq, Eq)]
pub struct RawAnswer {
    pub code: u16,
    pub closes: bool,
    pub body: Vec<u8>,
}

/// The answers in `bytes`. `None` if they are no answers of our server.
pub fn answers(mut bytes: &[u8]) -> Option<Vec<RawAnswer>> {
    let mut answers = Vec::new();
    while !bytes.is_empty() {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
        let head = str::from_utf8(&bytes[..end]).ok()?;
        bytes = &bytes[end + 4..];
        let code = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
        let closes = head.contains("\r\nConnection: close");
        if code == 100 {
            continue;
        }
        let length =
            head.split("\r\nContent-Length: ").nth(1).map(|rest| rest.split("\r\n").next());
        let body = match length {
            Some(length) => take(&mut bytes, length?.parse().ok()?)?,
            None if code == 204 || code == 304 => Vec::new(),
            None => return None,
        };
        answers.push(RawAnswer { code, closes, body });
    }
    Some(answers)
}

fn take(bytes: &mut &[u8], count: usize) -> Option<Vec<u8>> {
    let (body, rest) = bytes.split_at_checked(count)?;
    *bytes = rest;
    Some(body.to_vec())
}
