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
///
/// # Steps
///
/// 1. `stream.shutdown(Shutdown::Write)` sends FIN behind the bytes written.
/// 2. Read and throw away until the end, an error except `Interrupted`, or [`DRAIN_BYTES`], under one
///    deadline (`Timed`), not one for each read.
/// 3. Drop the stream. No byte is unread, so close(2) sends no RST.
pub fn lingering_close(stream: TcpStream, time: Duration) {
    // Given, so that the steps before this one can be tried: FIN, and a close without lingering.
    if stream.shutdown(Shutdown::Write).is_ok() {
        return;
    }
    todo!("lab04, step goodbye: lingering_close")
}
