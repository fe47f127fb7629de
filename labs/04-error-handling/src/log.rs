//! Step log: the server's operator reads what its clients are not told.
//!
//! ```text
//!   2026-05-01T12:00:00Z  WARN error peer=127.0.0.1:40123 code=UNKNOWN_COMMAND why="DROP"
//!   2026-05-01T12:00:05Z  WARN error peer=127.0.0.1:40123 code=TIMED_OUT why="timed out"
//!   2026-05-01T12:00:07Z  WARN broken peer=127.0.0.1:40124 why="connection reset by peer"
//!   2026-05-01T12:00:09Z  INFO left peer=127.0.0.1:40125
//! ```
//!
//! `tracing` makes *events*, with a level and fields; a *subscriber* decides what becomes of them.
//! Ours writes one line for each.

use crate::given::error_code::ErrorCode;
use std::io;
use std::net::SocketAddr;
use std::path::Path;

/// Most characters of a reason that are logged: 80. A request may have 65,536 bytes, and a client
/// may send any number of requests. They must not fill the disk.
pub const CLIP: usize = 80;

/// What happened to a client, and is worth a line.
#[derive(Clone, Debug)]
pub enum Event {
    /// It closed between frames, as it should.
    Left,
    /// It is answered `ERROR CODE`, and this is why.
    Error(ErrorCode, String),
    /// The connection broke, or the client left inside a frame, or took no answer: why.
    Broken(String),
}

/// Writes events to the end of `file`, or to stderr, from now on.
///
/// # Contract
///
/// * Events of level INFO and above, a line each: the time in UTC to the second
///   (`common::log::utc`), the level, the event's name, its fields.
/// * What the file holds already stays there. A line is in the file when [`record`] returns.
/// * A log that cannot be written any more (the disk is full, stderr is closed) disturbs no
///   client.
///
/// # Steps
///
/// 1. `tracing_subscriber::fmt()` is a builder: `with_timer`, `with_target(false)`,
///    `log_internal_errors(false)` (it reports with `eprintln!`), `with_writer`, `init`.
/// 2. The timer is a type of yours that is `FormatTime`. It writes what `common::log::utc` returns
///    for `SystemTime::now()`.
/// 3. `BoxMakeWriter::new` takes `io::stderr`, or a `Mutex` around the file, which is opened to
///    append. It is one type for both.
///
/// # Errors
///
/// Those of opening `file`.
pub fn start(file: Option<&Path>) -> io::Result<()> {
    // Given, so that the steps before this one can be tried: without a file, no log.
    let Some(file) = file else {
        return Ok(());
    };
    todo!("lab04, step log: start")
}

/// Logs `event` of the client at `peer`.
///
/// # Contract
///
/// * One line, whatever a client sent. The reason is cut after [`CLIP`] characters, then escaped
///   and put in quotes.
/// * Fields: `peer`, and where there are any `code` and `why`. The level is INFO for
///   [`Event::Left`], WARN for the others.
///
/// # Steps
///
/// 1. `tracing::info!` and `tracing::warn!` take fields, then the event's name:
///    `tracing::warn!(%peer, why = ?why, "broken")`.
/// 2. `%` is Display, `?` is Debug: which of them can a client not write lines with?
pub fn record(peer: SocketAddr, event: &Event) {
    // Given, so that the steps before this one can be tried: without `start`, no log.
    if !tracing::enabled!(tracing::Level::ERROR) {
        return;
    }
    todo!("lab04, step log: record")
}
