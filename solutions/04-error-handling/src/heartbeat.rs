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

use crate::classify::{Trouble, classify, connect};
use crate::deadlines::{Timed, wait_for_first_byte};
use crate::frames::read_frame;
use crate::retry::{Backoff, ask};
use std::convert::Infallible;
use std::io::{self, ErrorKind};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

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
    let mut reporter = Reporter { on_sight, known: None };
    loop {
        let trouble = match connect(address, interval * INTERVALS) {
            // Whoever connects has not been answered: the kernel accepts in the name of a program
            // that hangs. Only a PONG is a sign of life.
            Ok(stream) => ping_until_trouble(&stream, interval, backoff, &mut reporter)?,
            Err(Trouble::Io(error)) if error.kind() == ErrorKind::InvalidInput => {
                return Err(error);
            }
            Err(trouble) => trouble,
        };
        let delay = backoff.next_delay();
        reporter.state(State::Down)?;
        (reporter.on_sight)(Sight::Failure(&trouble, delay))?;
        thread::sleep(delay); // meant: there is nothing to wait for but time
    }
}

/// Pings over one connection until it fails. Errors are those of `on_sight`.
fn ping_until_trouble(
    stream: &TcpStream,
    interval: Duration,
    backoff: &mut Backoff,
    reporter: &mut Reporter<impl FnMut(Sight<'_>) -> io::Result<()>>,
) -> io::Result<Trouble> {
    loop {
        let sent = Instant::now();
        if let Err(trouble) = ping(stream, interval) {
            return Ok(trouble);
        }
        backoff.reset();
        reporter.state(State::Up)?;
        if let Err(trouble) = rest(stream, interval.saturating_sub(sent.elapsed()), interval) {
            return Ok(trouble);
        }
    }
}

fn ping(stream: &TcpStream, interval: Duration) -> Result<(), Trouble> {
    match ask(stream, "PING", interval * INTERVALS)? {
        answer if answer == "OK PONG" => Ok(()),
        answer => Err(Trouble::Unexpected(answer)),
    }
}

/// Waits for `time` without closing the ears: nothing may come now, and if something does, it is
/// most likely the server's goodbye. A sleep would notice it an interval too late.
fn rest(stream: &TcpStream, time: Duration, interval: Duration) -> Result<(), Trouble> {
    match wait_for_first_byte(stream, time) {
        Err(error) if error.kind() == ErrorKind::TimedOut => Ok(()),
        Err(error) => Err(classify(error)),
        Ok(()) => match read_frame(&mut Timed::new(stream, interval * INTERVALS))? {
            None => Err(Trouble::ClosedEarly),
            Some(frame) => Err(Trouble::Unexpected(String::from_utf8_lossy(&frame).into_owned())),
        },
    }
}

/// Tells of changes, and only of changes.
struct Reporter<F> {
    on_sight: F,
    known: Option<State>,
}

impl<F: FnMut(Sight<'_>) -> io::Result<()>> Reporter<F> {
    fn state(&mut self, state: State) -> io::Result<()> {
        match self.known.replace(state) {
            Some(known) if known == state => Ok(()),
            _ => (self.on_sight)(Sight::State(state)),
        }
    }
}
