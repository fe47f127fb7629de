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
/// # Steps
///
/// 1. Build the whole line; write it at once.
///
/// # Errors
///
/// Those of write(2).
pub fn greet(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    todo!("lab01, step variations: greet")
}

/// `--upper`: ASCII letters come back in upper case.
///
/// # Contract
///
/// * `a` to `z` become `A` to `Z`; every other byte stays as it is, those of `é` included.
///
/// # Steps
///
/// 1. Change the bytes in place; do not make text of them, for a read may end inside a character.
pub fn upper(bytes: &mut [u8]) {
    todo!("lab01, step variations: upper")
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
/// # Steps
///
/// 1. `bytes.escape_ascii()` makes printable text of any bytes.
/// 2. Build the whole line; write it at once.
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
    todo!("lab01, step variations: log_read")
}

/// `lab01 time`: tells a client the time, and closes.
///
/// # Contract
///
/// * Sends `Current time: HH:MM:SS`, in UTC and without a line ending.
/// * Closes so that the client can read it even if it sent something that we never read.
///
/// # Steps
///
/// 1. `common::log::utc(now)` is `2026-05-01T12:34:56Z`: take the time from it.
/// 2. Write, then close with `common::close::orderly`.
///
/// # Errors
///
/// Those of write(2).
pub fn tell_time(stream: TcpStream, now: SystemTime) -> io::Result<()> {
    todo!("lab01, step variations: tell_time")
}
