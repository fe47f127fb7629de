//! Step variations: four small changes to an echo server.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::SystemTime;

/// `--greeting TEXT`: the server speaks first.
///
/// # Contract
///
/// * Sends `text` and `\n`.
///
/// # Errors
///
/// Those of write(2).
pub fn greet(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    // One write: the greeting should not travel in two packets.
    stream.write_all(format!("{text}\n").as_bytes())
}

/// `--upper`: ASCII letters come back in upper case.
///
/// # Contract
///
/// * `a` to `z` become `A` to `Z`; every other byte stays as it is, those of `é` included.
pub fn upper(bytes: &mut [u8]) {
    bytes.make_ascii_uppercase();
}

/// `--log FILE`: one line for each read.
///
/// # Contract
///
/// * The line is `TIME PEER LENGTH TEXT`: the time in UTC (`common::log::utc`), the client's
///   address, how many bytes were read, and the bytes as printable text
///   (`2026-05-01T12:00:00Z 127.0.0.1:40123 6 hello\n`, where `\n` is a backslash and an `n`).
/// * It is one line whatever the client sent: no byte of theirs reaches the log unescaped.
///
/// # Errors
///
/// Those of `log`.
pub fn log_read(
    log: &mut impl Write,
    time: SystemTime,
    peer: SocketAddr,
    bytes: &[u8],
) -> io::Result<()> {
    // A client who sends "\n2026-01-01T00:00:00Z root logged in" must not write our log for us.
    let text = bytes.escape_ascii();
    let line = format!("{} {peer} {} {text}\n", common::log::utc(time), bytes.len());
    log.write_all(line.as_bytes())
}

/// `lab01 time`: tells a client the time, and closes.
///
/// # Contract
///
/// * Sends `Current time: HH:MM:SS`, in UTC and without a line ending.
/// * Closes so that the client can read it even if it sent something that we never read.
///
/// # Errors
///
/// Those of write(2).
pub fn tell_time(mut stream: TcpStream, now: SystemTime) -> io::Result<()> {
    // "2026-05-01T12:34:56Z": the time of day stands at a fixed place.
    let now = common::log::utc(now);
    let time_of_day = &now[11..19];
    stream.write_all(format!("Current time: {time_of_day}").as_bytes())?;
    // What the client may have sent lies unread: a plain close would send RST after the time.
    common::close::orderly(stream);
    Ok(())
}
