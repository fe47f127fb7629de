//! Step banners: the first line of a server that speaks first, and its way to a terminal.

use common::deadline::Until;
use std::io::{BufReader, Read};
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Most bytes of a banner.
pub const MAX_BANNER: usize = 256;

/// The bytes that a server sends within `time`, up to the first newline.
///
/// # Contract
///
/// * It sends nothing.
/// * It ends at a newline, at [`MAX_BANNER`] bytes, at the end of the stream, at an error, and when
///   `time` is over, however slowly bytes come. All bytes in front of that are the banner.
/// * The newline, and a `\r` in front of it, are no part of it.
pub fn read(stream: &TcpStream, time: Duration) -> Vec<u8> {
    let until = Until::new(stream, Instant::now() + time);
    let bytes = BufReader::new(until).bytes().map_while(Result::ok);
    let mut banner: Vec<u8> = bytes.take(MAX_BANNER).take_while(|byte| *byte != b'\n').collect();
    banner.pop_if(|byte| *byte == b'\r');
    banner
}

/// The bytes as text that does nothing to a terminal.
///
/// # Contract
///
/// * Wrong UTF-8 and each control character become U+FFFD.
pub fn harmless(bytes: &[u8]) -> String {
    let replace = |character: char| if character.is_control() { '\u{fffd}' } else { character };
    String::from_utf8_lossy(bytes).chars().map(replace).collect()
}
