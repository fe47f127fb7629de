//! Step goodbye: a lingering close, so that the client can read the last answer.
//!
//! ```text
//!   client                         server
//!     │ ◀── "ERROR TOO_LONG" ─────── │
//!     │ ◀── FIN ──────────────────── │   shutdown(Write): no more from us
//!     │ ──── what was under way ───▶ │   read and thrown away
//!     │ ──── FIN ──────────────────▶ │   now close(2) sends nothing that could do harm
//! ```
//!
//! A socket that is closed with unread input sends RST instead of FIN (RFC 2525, section 2.17).
//! RST overtakes the bytes written before it, and the answer still in our send buffer is lost.

use crate::deadlines::Timed;
use std::io::{ErrorKind, Read};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

/// Most bytes that are thrown away before we give up on the client: 1 MiB, more than it can have
/// had under way when it learned that we are done.
pub const DRAIN_BYTES: usize = 1 << 20;

/// Closes `stream` behind the bytes written to it (shutdown(2), close(2)).
///
/// # Contract
///
/// * The client gets every byte that was written, then FIN, even if it has sent more than we
///   ever read.
/// * The bytes that it still sends are read and thrown away, until its FIN; for at most `time` in
///   all, and at most [`DRAIN_BYTES`] (a few KiB more do no harm).
/// * A read that a signal interrupted is tried again.
/// * Reports nothing: the conversation is over, and a client that is gone already is no error.
pub fn lingering_close(stream: TcpStream, time: Duration) {
    // Our FIN, behind the bytes written. It tells the client that no more will come; it may go on
    // sending, and its bytes must not be left unread.
    if stream.shutdown(Shutdown::Write).is_err() {
        return; // the connection is broken already
    }
    // One deadline for all of it. A client that sends a byte now and then must not keep us.
    let mut timed = Timed::new(&stream, time);
    let mut thrown_away = 0;
    let mut buffer = [0; 8 * 1024];
    while thrown_away < DRAIN_BYTES {
        match timed.read(&mut buffer) {
            Ok(0) => return,
            Ok(count) => thrown_away += count,
            Err(error) if error.kind() == ErrorKind::Interrupted => (),
            Err(_) => return,
        }
    }
    // A client that sends a whole mebibyte after our FIN gets the RST after all.
}
