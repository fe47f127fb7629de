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
use std::fmt;
use std::fs::OpenOptions;
use std::io;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Mutex;
use std::time::SystemTime;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::fmt::writer::BoxMakeWriter;

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
/// # Errors
///
/// Those of opening `file`.
pub fn start(file: Option<&Path>) -> io::Result<()> {
    let writer = match file {
        // A File has no buffer, so a crash loses no line.
        Some(path) => {
            BoxMakeWriter::new(Mutex::new(OpenOptions::new().create(true).append(true).open(path)?))
        }
        None => BoxMakeWriter::new(io::stderr),
    };
    tracing_subscriber::fmt()
        .with_timer(Utc)
        // Targets (the modules that events come from) are for logs of many libraries.
        .with_target(false)
        // It would report a failure with eprintln!, which panics when stderr is closed.
        .log_internal_errors(false)
        .with_writer(writer)
        .init();
    Ok(())
}

/// Logs `event` of the client at `peer`.
///
/// # Contract
///
/// * One line, whatever a client sent. The reason is cut after [`CLIP`] characters, then escaped
///   and put in quotes.
/// * Fields: `peer`, and where there are any `code` and `why`. The level is INFO for
///   [`Event::Left`], WARN for the others.
pub fn record(peer: SocketAddr, event: &Event) {
    match event {
        Event::Left => tracing::info!(%peer, "left"),
        // `%` is Display: fine for the server's own text. `?` is Debug: quotes and escapes. In
        // the message, or with `%`, a client's "\n2026-05-01T12:00:00Z INFO ..." would become a
        // line of its own.
        Event::Error(code, why) => tracing::warn!(%peer, %code, why = ?clip(why), "error"),
        Event::Broken(why) => tracing::warn!(%peer, why = ?clip(why), "broken"),
    }
}

/// The first [`CLIP`] characters: not bytes, because a cut inside a character would panic.
fn clip(text: &str) -> &str {
    text.char_indices().nth(CLIP).map_or(text, |(end, _)| &text[..end])
}

/// Times as all labs write them.
struct Utc;

impl FormatTime for Utc {
    fn format_time(&self, writer: &mut Writer<'_>) -> fmt::Result {
        writer.write_str(&common::log::utc(SystemTime::now()))
    }
}
