//! Another answer to step variations.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::SystemTime;

/// Sends `text` and a newline.
pub fn greet(stream: &mut TcpStream, text: &str) -> io::Result<()> {
    let mut line = text.as_bytes().to_vec();
    line.push(b'\n');
    stream.write_all(&line)
}

/// Makes ASCII letters upper case.
pub fn upper(bytes: &mut [u8]) {
    for byte in bytes.iter_mut() {
        if byte.is_ascii_lowercase() {
            *byte -= b'a' - b'A';
        }
    }
}

/// Writes a line about one read.
pub fn log_read(
    log: &mut impl Write,
    time: SystemTime,
    peer: SocketAddr,
    bytes: &[u8],
) -> io::Result<()> {
    let mut line = common::log::utc(time).to_string();
    line += &format!(" {peer} {} ", bytes.len());
    for byte in bytes {
        line.extend(std::ascii::escape_default(*byte).map(char::from));
    }
    line.push('\n');
    log.write_all(line.as_bytes())
}

/// Sends the time of day, and closes.
pub fn tell_time(mut stream: TcpStream, now: SystemTime) -> io::Result<()> {
    let stamp = common::log::utc(now).to_string();
    let clock = stamp.split('T').nth(1).unwrap_or_default().trim_end_matches('Z');
    let answer = format!("Current time: {clock}");
    stream.write_all(answer.as_bytes())?;
    common::close::lingering(stream);
    Ok(())
}
