//! Step timers: clients that are too slow.
//!
//! | the client | limit | the end |
//! | --- | --- | --- |
//! | is owed nothing, and sends nothing | `--idle-timeout` | `ERROR timed out`, FIN |
//! | takes nothing of what it is owed | `--stall-timeout` | RST |
//! | has our FIN, and does not close | `GOODBYE_TIME` | closed |
//!
//! A busy client would move its timer at each request. So the timer stays where it is, and when it is
//! due, the server looks whether the time is really over.

use crate::endings::{GOODBYE_TIME, reset_on_close};
use crate::given::client::{Client, Next, Stage};
use crate::given::command_line::Limits;
use std::io;
use std::time::Instant;

/// The last words for a client that was silent for too long.
pub const TIMED_OUT: &[u8] = b"ERROR timed out";

/// When `client` will have been too slow, if nothing happens until then.
///
/// # Contract
///
/// * In `Stage::Goodbye`: `GOODBYE_TIME` after our FIN.
/// * While its output holds something: `stall_timeout` after the kernel last took a part of it.
/// * While it has promises (timers, fetches): `None`. The server has to act, not the client.
/// * Otherwise `idle_timeout` after it last sent or took something.
pub fn deadline(client: &Client, limits: &Limits) -> Option<Instant> {
    if let Stage::Goodbye { since, .. } = client.stage {
        return Some(since + GOODBYE_TIME);
    }
    if !client.output.is_empty() {
        return Some(client.taken + limits.stall_timeout);
    }
    if client.has_promises() {
        return None;
    }
    Some(client.heard.max(client.taken) + limits.idle_timeout)
}

/// Ends `client` if its [`deadline`] has passed at `now`.
///
/// # Contract
///
/// * A deadline in the future, or none: [`Next::Wait`], and nothing changes.
/// * After the goodbye: [`Next::Close`].
/// * A client that takes nothing: [`Next::Close`], by RST. FIN would wait behind the bytes that it
///   does not take.
/// * A silent client is owed [`TIMED_OUT`] and is `Stage::Closing`: [`Next::Wait`].
///
/// # Errors
///
/// Those of setsockopt(2).
pub fn end_if_slow(client: &mut Client, limits: &Limits, now: Instant) -> io::Result<Next> {
    if deadline(client, limits).is_none_or(|deadline| deadline > now) {
        return Ok(Next::Wait);
    }
    if matches!(client.stage, Stage::Goodbye { .. }) {
        return Ok(Next::Close);
    }
    if !client.output.is_empty() {
        reset_on_close(&client.socket)?;
        return Ok(Next::Close);
    }
    client.owe(TIMED_OUT, now);
    client.stage = Stage::Closing;
    Ok(Next::Wait)
}
