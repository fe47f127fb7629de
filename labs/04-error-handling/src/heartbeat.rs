//! Step heartbeat: a silent connection looks like a dead one, so make it speak.
//!
//! ```text
//!   watch                 server
//!     │ ── PING ─────────▶ │
//!     │ ◀───────── PONG ── │   up
//!     ┆   one interval     ┆
//!     │ ── PING ─────────▶ │
//!     ┆  three intervals   ┆   no whole answer: down; connect again, later and later
//! ```
//!
//! TCP itself does not notice a peer that has lost its power or its cable. Without data there are
//! no packets, and both sides may keep the connection for days. (SO_KEEPALIVE asks after two
//! hours, and asks the kernel, which answers for a program that hangs.)

use crate::given::client_error::ClientError;
use crate::retry::Backoff;
use std::io;
use std::net::TcpStream;
use std::time::Duration;

/// How many intervals an answer may take: 3. TCP sends a lost packet again within a second or so,
/// and a server that is slow once is not down.
pub const INTERVALS: u32 = 3;

/// What [`watch`] reports.
#[derive(Debug)]
pub enum WatchEvent {
    /// The server answers. Reported when it was down, or unknown, before.
    Up,
    /// The server does not answer. Reported when it was up, or unknown, before.
    Down,
    /// A connection failed, or could not be made; and the delay before the next.
    Failed(ClientError, Duration),
}

/// Sends one `PING` and waits for the answer.
///
/// # Contract
///
/// * Only `OK PONG`, whole and within [`INTERVALS`] intervals, is a sign of life.
///
/// # Steps
///
/// 1. `ask` sends a request and knows a deadline. Compare what it returns.
///
/// # Errors
///
/// [`ClientError::Unexpected`] with any other answer; else those of [`ask`](crate::retry::ask).
pub fn ping(stream: &TcpStream, interval: Duration) -> Result<(), ClientError> {
    todo!("lab04, step heartbeat: ping")
}

/// Waits for one `interval` in which the server must send nothing.
///
/// # Contract
///
/// * `Ok(())` when the interval is over, and no byte has come.
/// * A server that closes, or sends anything, is noticed immediately, not at the next `PING`.
///
/// # Steps
///
/// 1. `wait_for_first_byte`: `TimedOut` means that the connection was silent, as it should be.
/// 2. If there is something to read, `read_frame` it, in time (`Timed`, [`INTERVALS`]
///    intervals), to know what it is.
///
/// # Errors
///
/// [`ClientError::ClosedEarly`] if the server closed, [`ClientError::Unexpected`] with the frame
/// that it sent (U+FFFD for bytes that are not UTF-8); else as
/// [`classify`](crate::classify::classify) returns it.
pub fn expect_silence(stream: &TcpStream, interval: Duration) -> Result<(), ClientError> {
    todo!("lab04, step heartbeat: expect_silence")
}

/// Pings over one connection, after each interval of silence, until that fails; returns why.
///
/// # Contract
///
/// * Begins with the silence: the first `PING` of a connection was answered before.
/// * Two `PING`s are one `interval` apart, and the time that the answer took.
///
/// # Steps
///
/// 1. A loop of [`expect_silence`] and [`ping`]. Return the first error.
pub fn ping_until_failure(stream: &TcpStream, interval: Duration) -> ClientError {
    todo!("lab04, step heartbeat: ping_until_failure")
}

/// Watches the server at `address`, for ever.
///
/// # Contract
///
/// * Connects, within [`INTERVALS`] intervals, and [pings](ping). A server is up when it has
///   answered; one that only accepts the connection is not up yet.
/// * A server is down when it cannot be connected to, or when [`ping_until_failure`] returns.
/// * `on_event` gets [`WatchEvent::Up`] and [`WatchEvent::Down`] as they change; and
///   [`WatchEvent::Failed`] for each failure, after its change.
/// * A connection that failed is closed before the delay. When the next delay of `backoff` is over,
///   `watch` connects again. A server that answers resets `backoff`.
///
/// # Steps
///
/// 1. In a loop: `connect` and [`ping`]. That is `Up`, and always news, because each connection
///    follows a failure, or is the first.
/// 2. [`ping_until_failure`] gives the error, or `connect`, or the first `ping`.
/// 3. `Down`, if that is news; take a delay; `Failed`; `thread::sleep`. No stream is open then: let
///    it end in the arm of the `match` that uses it.
/// 4. An error of `on_event` leaves through `?`.
///
/// # Errors
///
/// Text that is not HOST:PORT (kind `InvalidInput`), and the error of `on_event`. Nothing else
/// ends it, and it never returns `Ok`.
pub fn watch(
    address: &str,
    interval: Duration,
    backoff: &mut Backoff,
    on_event: impl FnMut(WatchEvent) -> io::Result<()>,
) -> io::Result<()> {
    todo!("lab04, step heartbeat: watch")
}
