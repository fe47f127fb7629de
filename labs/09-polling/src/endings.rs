//! Step endings: how a connection ends, without a wait for the client.
//!
//! | the end | what the server does |
//! | --- | --- |
//! | FIN from the client | sends everything that it owes, then FIN |
//! | `close`, an error, a timeout | sends its last words, then FIN, then reads on for a while |
//! | both FINs | closes |
//! | RST | closes, and what it owed is lost |
//! | a client that takes nothing | resets |
//! | Ctrl-C | as if each client had sent FIN |

use crate::given::client::{Client, Next, Stage};
use crate::given::poller::Event;
use socket2::Socket;
use std::io;
use std::time::{Duration, Instant};

/// Most bytes that are read after our FIN: 64 KiB.
pub const GOODBYE_BYTES: usize = 64 * 1024;

/// How long we read after our FIN.
pub const GOODBYE_TIME: Duration = Duration::from_secs(1);

/// Whether `event` is the end of its connection, and there is nothing left to read.
///
/// # Contract
///
/// * True if the connection is over and the event brings nothing to read. The kernel
///   reports it at each wait, also without any interest, until the socket is closed.
/// * False if there is something to read. The read will return the end, or the error.
///
/// # Steps
///
/// 1. Both fields of the event decide: `is_over` and `readable`.
pub fn is_end(event: &Event) -> bool {
    // Given: a connection that goes on.
    if !event.is_over {
        return false;
    }
    todo!("lab09, step endings: is_end")
}

/// Begins the goodbye if it is time. Called after each turn of a client.
///
/// # Contract
///
/// * A client in [`Stage::Finishing`] that is owed nothing, and has no promises, gets our FIN. So
///   does a client in [`Stage::Closing`] that is owed nothing, whatever was promised to it.
/// * If the client's FIN has come already, both directions have ended, and the answer is
///   [`Next::Close`].
/// * Otherwise it is in [`Stage::Goodbye`] from `now` on. Closing immediately would answer the
///   client's next bytes by RST, and the RST could destroy our last words (lab 01).
///
/// # Steps
///
/// 1. Decide for each stage whether the client is done.
/// 2. Not done: `Next::Wait`. Done, and `has_ended`: `Next::Close`.
/// 3. Otherwise `client.socket.shutdown(Shutdown::Write)`, and the stage `Goodbye` with 0 bytes.
///
/// # Errors
///
/// Those of shutdown(2): the connection is gone.
pub fn finish(client: &mut Client, now: Instant) -> io::Result<Next> {
    // Given: a client that stays, and one that has closed and is owed nothing. Replace it, because
    // it does not look at the promises.
    if client.stage == Stage::Open {
        return Ok(Next::Wait);
    }
    if client.has_ended && client.output.is_empty() && client.stage == Stage::Finishing {
        return Ok(Next::Close);
    }
    todo!("lab09, step endings: finish")
}

/// Reads what a client in [`Stage::Goodbye`] sends, and discards it.
///
/// # Contract
///
/// * [`Next::Close`] at its FIN, and after [`GOODBYE_BYTES`]. Otherwise [`Next::Wait`].
/// * It reads until nothing is here, and does not wait for more. The time is watched elsewhere
///   ([`GOODBYE_TIME`]).
///
/// # Steps
///
/// 1. Take `discarded` out of the stage by `let Stage::Goodbye { discarded, .. } = &mut
///    client.stage else { ... }`.
/// 2. Call `receive` until [`GOODBYE_BYTES`] have come, nothing is here, or FIN comes.
///
/// # Errors
///
/// Those of `receive`.
pub fn discard(client: &mut Client, buffer: &mut [u8]) -> io::Result<Next> {
    todo!("lab09, step endings: discard")
}

/// Makes the connection of `socket` end by RST when it is closed. What the kernel has not sent yet
/// is discarded then (socket(7), SO_LINGER with a time of 0).
///
/// # Errors
///
/// Those of setsockopt(2).
pub fn reset_on_close(socket: &Socket) -> io::Result<()> {
    socket.set_linger(Some(Duration::ZERO))
}
