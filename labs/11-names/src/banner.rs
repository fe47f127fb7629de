//! Step banners: the first line of a server that speaks first, and its way to a terminal.

use std::net::TcpStream;
use std::time::Duration;

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
///
/// # Steps
///
/// 1. Compute the deadline once. `common::deadline::Until` reads until then.
/// 2. Read byte by byte through a `BufReader`, up to the newline, an error, or the limit.
/// 3. Remove a `\r` at the end.
pub fn read(stream: &TcpStream, time: Duration) -> Vec<u8> {
    todo!("lab11, step banners: read")
}

/// The bytes as text that does nothing to a terminal.
///
/// # Contract
///
/// * Wrong UTF-8 and each control character become U+FFFD.
///
/// # Steps
///
/// 1. `String::from_utf8_lossy` replaces wrong UTF-8.
/// 2. Replace each character for which `is_control` holds.
pub fn harmless(bytes: &[u8]) -> String {
    todo!("lab11, step banners: harmless")
}
