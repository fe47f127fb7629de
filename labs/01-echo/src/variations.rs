//! Step variations: four small changes to an echo server.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::SystemTime;

/// Sends the line of `--greeting TEXT`, before the client has sent anything.
///
/// # Contract
///
/// * Sends `text` and `\n`, in one write, so that the line is one segment.
///
/// # Steps
///
/// 1. Build the whole line with `format!`, and write it with one `write_all`. (`writeln!` makes
///    several writes.)
///
/// # Errors
///
/// Those of write(2).
pub fn greet(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    todo!("lab01, step variations: greet")
}

/// Changes ASCII letters to upper case, for `--upper`.
///
/// # Contract
///
/// * `a` to `z` become `A` to `Z`. Every other byte stays unchanged, also those of `é`.
///
/// # Steps
///
/// 1. Change the bytes in place, not as text. A read may end inside a character.
pub fn upper(bytes: &mut [u8]) {
    todo!("lab01, step variations: upper")
}

/// Writes the line of `--log FILE` for one read.
///
/// # Contract
///
/// * The line is `TIME PEER LENGTH TEXT`. These are `time` in UTC (`common::log::utc`), the
///   client's address, the number of bytes, and the bytes as printable text. An example is
///   `2026-05-01T12:00:00Z 127.0.0.1:40123 6 hello\n`, where `\n` is a backslash and an `n`.
/// * TEXT is the bytes as `escape_ascii` prints them. It escapes every unprintable byte, so no
///   client can forge a line. It doubles a backslash, so that no two inputs have the same TEXT.
/// * The line is one write, so that the lines of two programs do not mix in one file.
///
/// # Steps
///
/// 1. `bytes.escape_ascii()` turns any bytes into printable text.
/// 2. Build the whole line, and write it with one `write_all`.
///
/// # Errors
///
/// Those of `log`. Then the bytes do not go back, and the conversation with this client ends.
pub fn log_read(
    log: &mut impl Write,
    time: SystemTime,
    peer: SocketAddr,
    bytes: &[u8],
) -> io::Result<()> {
    todo!("lab01, step variations: log_read")
}

/// Sends the time of day to a client and closes the connection, for `lab01 time`.
///
/// # Contract
///
/// * Sends `Current time: HH:MM:SS` of `now`, in UTC, with hours from 00 to 23 and without a line
///   ending.
/// * Closes gracefully, with FIN and without RST. The client may have sent bytes that we never read,
///   and may send more for one second ([`common::close::DRAIN_TIME`]).
/// * Returns after that second also if the client keeps its side open, because the next one waits.
///
/// # Steps
///
/// 1. `common::log::utc(now)` is a text like `2026-05-01T12:34:56Z`. Take the time of day from it.
/// 2. Write, then close with `common::close::lingering`.
///
/// # Errors
///
/// Those of write(2).
pub fn tell_time(stream: TcpStream, now: SystemTime) -> io::Result<()> {
    todo!("lab01, step variations: tell_time")
}
