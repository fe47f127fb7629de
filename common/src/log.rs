//! Log lines: `2026-05-01T12:00:00Z TEXT` on stderr, one for each event.

use std::fmt::Arguments;
use std::io::{self, Write};
use std::time::SystemTime;

/// Writes one log line; takes what `format!` takes.
///
/// ```ignore
/// common::log!("{peer}: {error}");
/// ```
#[macro_export]
macro_rules! log {
    ($($argument:tt)*) => { $crate::log::line(format_args!($($argument)*)) };
}

/// What [`log!`](crate::log!) expands to.
pub fn line(text: Arguments<'_>) {
    // Not eprintln!, which panics when stderr is closed. A server must outlive its log. One call,
    // so that the lines of two threads do not mix.
    let _ = io::stderr().write_all(format!("{} {text}\n", utc(SystemTime::now())).as_bytes());
}

/// `time` in UTC to the second, as in RFC 3339: `2026-05-01T12:00:00Z`.
pub fn utc(time: SystemTime) -> String {
    humantime::format_rfc3339_seconds(time).to_string()
}
