//! Step echo: every byte comes back.
//!
//! ```text
//!   C: any bytes, in any pieces        S: the same bytes
//!   C: FIN                             S: the remaining bytes, FIN
//! ```

use std::io;
use std::net::TcpStream;

/// The largest number of bytes in one read. Any size works, because a stream has no messages.
pub const BUFFER_LEN: usize = 4096;

/// Sends every byte that arrives on `stream` back, until the client has finished.
///
/// After each read that returned bytes, calls `on_read` with these. It may change them before they
/// go back, as in step variations.
///
/// # Contract
///
/// * Every byte comes back unchanged and in order. It does not wait for the end of a line, nor for
///   a full buffer.
/// * The client may be silent for any time, and may read as slowly as it likes. Meanwhile the server
///   waits in `read` or `write`, and keeps no more than one buffer of bytes.
/// * Returns `Ok(())` when the client has closed its sending side and every byte has gone back.
///
/// # Steps
///
/// 1. Read into a buffer. If `read` returns 0, the client has finished. After `Interrupted`, read
///    again, because a signal came and no byte is lost.
/// 2. Pass the bytes that were read, and only these, to `on_read`.
/// 3. Write all of them back. Repeat.
///
/// # Errors
///
/// Those of read(2) and write(2), for example a connection reset, and those of `on_read`.
pub fn echo(
    stream: &mut TcpStream,
    on_read: impl FnMut(&mut [u8]) -> io::Result<()>,
) -> io::Result<()> {
    todo!("lab01, step echo: echo")
}
