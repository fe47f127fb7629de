//! Step echo: every byte comes back.
//!
//! ```text
//!   C: any bytes, in any pieces        S: the same bytes
//!   C: FIN                             S: the remaining bytes, FIN
//! ```

use std::io::{self, ErrorKind, Read, Write};
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
/// # Errors
///
/// Those of read(2) and write(2), for example a connection reset, and those of `on_read`.
pub fn echo(
    stream: &mut TcpStream,
    mut on_read: impl FnMut(&mut [u8]) -> io::Result<()>,
) -> io::Result<()> {
    let mut buffer = [0; BUFFER_LEN];
    loop {
        // read returns the bytes that have arrived, at least one, and ignores how they were sent.
        let count = match stream.read(&mut buffer) {
            // The end of the stream, the client's FIN. Our direction is still open.
            Ok(0) => return Ok(()),
            Ok(count) => count,
            // A signal interrupted the wait (EINTR), and no byte is lost.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        // After `count` bytes the buffer still holds bytes of earlier reads.
        let bytes = &mut buffer[..count];
        on_read(bytes)?;
        // `write` may accept only a part of the bytes. `write_all` repeats it for the rest.
        stream.write_all(bytes)?;
    }
}
