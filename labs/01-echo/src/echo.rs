//! Step echo: every byte comes back.
//!
//! ```text
//!   C: any bytes, in any pieces        S: the same bytes
//!   C: FIN                             S: the rest, FIN
//! ```

use std::io;
use std::net::TcpStream;

/// How much is read at once, at most: 4 KiB. Any size works: a stream has no messages to fit.
pub const BUFFER_LEN: usize = 4096;

/// Sends everything that comes from `stream` back to it, until the client has finished.
///
/// `on_read` is shown the bytes of each read before they go back, and may change them; step
/// variations uses it.
///
/// # Contract
///
/// * Every byte comes back, exactly, in order, and without waiting for a line or a buffer to
///   fill up.
/// * `Ok(())` when the client has closed its sending side and all that it sent went back.
///
/// # Steps
///
/// 1. Read into a buffer; 0 bytes mean that the client has finished.
/// 2. Show what was read, and only that, to `on_read`.
/// 3. Write all of it back. Repeat.
///
/// # Errors
///
/// Those of read(2) and write(2) (a reset connection, for instance), and those of `on_read`.
pub fn echo(
    stream: &mut TcpStream,
    on_read: impl FnMut(&mut [u8]) -> io::Result<()>,
) -> io::Result<()> {
    todo!("lab01, step echo: echo")
}
