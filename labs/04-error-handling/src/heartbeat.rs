//! Step heartbeat: a silent connection looks like a dead one, so make it speak.
//!
//! ```text
//!   we                    server
//!     │ ── PING ─────────▶ │
//!     │ ◀───────── PONG ── │   up
//!     ┆   one interval     ┆
//!     │ ── PING ─────────▶ │
//!     ┆  three intervals   ┆   no whole answer: down; connect again, later and later
//! ```
//!
//! TCP itself says nothing about a peer that has lost its power or its cable: without data there
//! are no packets, and both sides may believe in the connection for days. (SO_KEEPALIVE asks
//! after two hours, and asks the kernel, which answers for a program that hangs.)

use crate::classify::Trouble;
use crate::retry::Backoff;
use std::convert::Infallible;
use std::io;
use std::time::Duration;

/// How many intervals an answer may take: 3. A lost packet is sent again within the second or so;
/// who calls every hiccup "down" cries wolf.
pub const INTERVALS: u32 = 3;

/// What a server is, as far as we can tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It answers.
    Up,
    /// It does not, or not in time, or nonsense.
    Down,
}

/// What [`watch`] sees.
#[derive(Debug)]
pub enum Sight<'a> {
    /// The state, at first and whenever it changes.
    State(State),
    /// A connection that failed, or could not be made; and the delay before the next.
    Failure(&'a Trouble, Duration),
}

/// Watches the server at `address`, for ever.
///
/// # Contract
///
/// * Sends `PING`, waits for the whole answer, sends the next `PING` one `interval` after the
///   last. Up is a server that has answered `OK PONG`; one that lets us connect is not up yet.
/// * Down is a server that does not answer within [`INTERVALS`] intervals, answers anything else,
///   says anything unasked, closes or breaks the connection (noticed at once, not at the next
///   `PING`), or cannot be connected to within [`INTERVALS`] intervals.
/// * `on_sight` is told the first state, and then each change; and each failure, after its change.
/// * After a failure it connects again when the next delay of `backoff` is over; a server that
///   answers resets `backoff`.
///
/// # Steps
///
/// 1. Outer loop: `connect`; when the connection has failed, and why, tell it, take a delay, sleep.
/// 2. Inner loop: `ask` for a PONG; `backoff.reset()`; rest until the interval is over.
/// 3. Rest with `wait_for_first_byte`: `TimedOut` means that all is quiet, and that is well.
///    Anything else is the end of this connection.
/// 4. Remember the last state that you told. `Infallible` is the type of what never comes: the
///    function returns through `?` only.
///
/// # Errors
///
/// An address that is none (kind `InvalidInput`), and the error of `on_sight`. Nothing else ends
/// it.
pub fn watch(
    address: &str,
    interval: Duration,
    backoff: &mut Backoff,
    on_sight: impl FnMut(Sight<'_>) -> io::Result<()>,
) -> io::Result<Infallible> {
    todo!("lab04, step heartbeat: watch")
}
