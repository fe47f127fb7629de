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
/// # Errors
///
/// Those of write(2).
pub fn greet(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    // Not `writeln!`, which writes the text and the newline in two system calls.
    stream.write_all(format!("{text}\n").as_bytes())
}

/// Changes ASCII letters to upper case, for `--upper`.
///
/// # Contract
///
/// * `a` to `z` become `A` to `Z`. Every other byte stays unchanged, also those of `é`.
pub fn upper(bytes: &mut [u8]) {
    bytes.make_ascii_uppercase();
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
/// # Errors
///
/// Those of `log`. Then the bytes do not go back, and the conversation with this client ends.
pub fn log_read(
    log: &mut impl Write,
    time: SystemTime,
    peer: SocketAddr,
    bytes: &[u8],
) -> io::Result<()> {
    // A client that sends "\n2026-01-01T00:00:00Z root logged in" must not forge a line.
    let text = bytes.escape_ascii();
    let line = format!("{} {peer} {} {text}\n", common::log::utc(time), bytes.len());
    log.write_all(line.as_bytes())
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
/// # Errors
///
/// Those of write(2).
pub fn tell_time(mut stream: TcpStream, now: SystemTime) -> io::Result<()> {
    // The time of day is at a fixed place in "2026-05-01T12:34:56Z".
    let now = common::log::utc(now);
    let time_of_day = &now[11..19];
    stream.write_all(format!("Current time: {time_of_day}").as_bytes())?;
    // A plain close with unread input would send RST after the time.
    common::close::lingering(stream);
    Ok(())
}
