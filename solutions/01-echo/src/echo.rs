//! Step echo: every byte comes back.
//!
//! ```text
//!   C: any bytes, in any pieces        S: the same bytes
//!   C: FIN                             S: the rest, FIN
//! ```

use std::io::{self, ErrorKind, Read, Write};
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
/// # Errors
///
/// Those of read(2) and write(2) (a reset connection, for instance), and those of `on_read`.
pub fn echo(
    stream: &mut TcpStream,
    mut on_read: impl FnMut(&mut [u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = [0; BUFFER_LEN];
    loop {
        // However the client cut what it sent, read returns what has arrived: one byte at least.
        let count = match stream.read(&mut buffer) {
            // No byte at all is the end of the stream: the client's FIN. Our side is still open.
            Ok(0) => return Ok(()),
            Ok(count) => count,
            // A signal came while we waited (EINTR): nothing was lost.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // Beyond `count` the buffer holds what earlier reads left there.
        let bytes = &mut buffer[..count];
        on_read(bytes)?;
        // `write` may take only a part; `write_all` repeats it until all is taken.
        stream.write_all(bytes)?;
    }
}
