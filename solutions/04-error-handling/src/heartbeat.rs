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

use crate::classify::{classify, connect};
use crate::deadlines::{Timed, wait_for_first_byte};
use crate::frames::read_frame;
use crate::given::client_error::ClientError;
use crate::retry::{Backoff, ask};
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::thread;
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
/// # Errors
///
/// [`ClientError::Unexpected`] with any other answer; else those of [`ask`](crate::retry::ask).
pub fn ping(stream: &TcpStream, interval: Duration) -> Result<(), ClientError> {
    match ask(stream, "PING", interval * INTERVALS)? {
        answer if answer == "OK PONG" => Ok(()),
        answer => Err(ClientError::Unexpected(answer)),
    }
}

/// Waits for one `interval` in which the server must send nothing.
///
/// # Contract
///
/// * `Ok(())` when the interval is over, and no byte has come.
/// * A server that closes, or sends anything, is noticed immediately, not at the next `PING`.
///
/// # Errors
///
/// [`ClientError::ClosedEarly`] if the server closed, [`ClientError::Unexpected`] with the frame
/// that it sent (U+FFFD for bytes that are not UTF-8); else as
/// [`classify`](crate::classify::classify) returns it.
pub fn expect_silence(stream: &TcpStream, interval: Duration) -> Result<(), ClientError> {
    match wait_for_first_byte(stream, interval) {
        Err(error) if error.kind() == ErrorKind::TimedOut => return Ok(()),
        Err(error) => return Err(classify(error)),
        Ok(()) => (),
    }
    // Most likely this is the server's FIN. A sleep would notice it an interval too late.
    match read_frame(&mut Timed::new(stream, interval * INTERVALS))? {
        None => Err(ClientError::ClosedEarly),
        Some(frame) => Err(ClientError::Unexpected(String::from_utf8_lossy(&frame).into_owned())),
    }
}

/// Pings over one connection, after each interval of silence, until that fails; returns why.
///
/// # Contract
///
/// * Begins with the silence: the first `PING` of a connection was answered before.
/// * Two `PING`s are one `interval` apart, and the time that the answer took.
pub fn ping_until_failure(stream: &TcpStream, interval: Duration) -> ClientError {
    loop {
        if let Err(error) = expect_silence(stream, interval) {
            return error;
        }
        if let Err(error) = ping(stream, interval) {
            return error;
        }
    }
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
/// # Errors
///
/// Text that is not HOST:PORT (kind `InvalidInput`), and the error of `on_event`. Nothing else
/// ends it, and it never returns `Ok`.
pub fn watch(
    address: &str,
    interval: Duration,
    backoff: &mut Backoff,
    mut on_event: impl FnMut(WatchEvent) -> io::Result<()>,
) -> io::Result<()> {
    let mut is_down = false;
    loop {
        let error = match connect_and_ping(address, interval) {
            Ok(stream) => {
                backoff.reset();
                on_event(WatchEvent::Up)?;
                is_down = false;
                ping_until_failure(&stream, interval)
            }
            Err(ClientError::Io(error)) if error.kind() == ErrorKind::InvalidInput => {
                return Err(error);
            }
            Err(error) => error,
        };
        if !is_down {
            on_event(WatchEvent::Down)?;
            is_down = true;
        }
        let delay = backoff.next_delay();
        on_event(WatchEvent::Failed(error, delay))?;
        thread::sleep(delay); // meant: there is nothing to wait for but time
    }
}

/// The kernel accepts connections for a program that hangs. Only a PONG is a sign of life.
fn connect_and_ping(address: &str, interval: Duration) -> Result<TcpStream, ClientError> {
    let stream = connect(address, interval * INTERVALS)?;
    ping(&stream, interval)?;
    Ok(stream)
}
