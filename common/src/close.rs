//! The lingering close: the peer can read the last bytes before the connection ends.
//!
//! A socket that is closed while bytes from the peer lie unread in its receive queue does not send
//! FIN. It sends RST (RFC 9293, section 3.10.4; RFC 2525, section 2.17). The RST discards all bytes
//! written and not sent yet. Some systems also discard the bytes that the peer has received and not
//! read, and with them the last answer.
//!
//! ```text
//!   client                         server
//!     │ ◀─────────── last words ──── │
//!     │ ◀─────────── FIN ─────────── │   shutdown(Write)
//!     │ ──── what was under way ───▶ │   read and thrown away
//!     │ ──── FIN ──────────────────▶ │   now it is safe to close
//! ```

use std::io::{self, Read};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// Most bytes that [`linger`] throws away before it gives up on the peer: 16 MiB.
///
/// That is more than the two socket buffers usually hold of what a peer wrote before it could
/// learn that we are done (4 and 6 MiB on Linux, tcp(7): `tcp_wmem`, `tcp_rmem`). A peer that
/// writes on and on is not waited for.
pub const DRAIN_BYTES: usize = 16 << 20;

/// Longest time that [`linger`] waits for the peer to close its side. It is one second in all, not
/// one second for each byte.
pub const DRAIN_TIME: Duration = Duration::from_secs(1);

/// Closes `stream` after the bytes written to it have been sent. Calls [`linger`], then drops it.
pub fn lingering(stream: TcpStream) {
    linger(&stream);
}

/// The same for a socket that other threads still hold. When this returns, both directions are
/// shut, and no thread waits in a read of it any more.
///
/// Such a read has returned the end of the stream. If it began while the bytes were being
/// discarded, it may have failed with `WouldBlock` or `TimedOut`, because the read timeout of a
/// socket (socket(7), `SO_RCVTIMEO`) holds for all threads that read it.
pub fn lingering_shared(stream: &TcpStream) {
    linger(stream);
    // Err means that the connection is gone already.
    let _ = stream.shutdown(Shutdown::Both);
}

/// Makes `stream` ready to be dropped: FIN, then the peer's rest is read and discarded until its
/// FIN, [`DRAIN_BYTES`] or [`DRAIN_TIME`]. For a stream that another thread can still see.
///
/// The stream must be a blocking one. Reports nothing: the conversation is over, and a peer that
/// is gone already is no error.
pub fn linger(stream: &TcpStream) {
    // Err means that the connection is broken already; then no peer is left to wait for.
    let _ = stream.shutdown(Shutdown::Write).and_then(|()| drain(stream));
}

fn drain(mut stream: &TcpStream) -> io::Result<()> {
    let deadline = Instant::now() + DRAIN_TIME;
    let mut discarded = 0;
    let mut buffer = [0; 8 * 1024];
    while discarded < DRAIN_BYTES {
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(());
        }
        stream.set_read_timeout(Some(left))?;
        match stream.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => discarded += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => (),
            Err(error) => return Err(error),
        }
    }
    Ok(())
}
