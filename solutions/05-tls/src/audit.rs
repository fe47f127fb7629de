//! Step audit: who came, who was refused and why, and no secret in it.
//!
//! ```text
//!   2026-05-01T12:00:00Z 127.0.0.1:40123 client accepted
//!   2026-05-01T12:00:01Z 127.0.0.1:40124 - refused: not authorised
//! ```

use std::net::SocketAddr;
use std::time::SystemTime;

/// What became of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// Its handshake, and its token if one was due, were right.
    Accepted,
    /// They were not; why, for whoever reads the log.
    Refused(&'a str),
}

/// The log's line for one client, with its ending.
///
/// # Contract
///
/// * `TIME PEER NAME accepted` or `TIME PEER NAME refused: WHY`: the time in UTC
///   (`common::log::utc`), the certificate's name, or `-` without one.
/// * One line whatever stands in `name` and `why`: both may hold what a stranger sent.
pub fn record(
    time: SystemTime,
    peer: SocketAddr,
    name: Option<&str>,
    verdict: Verdict<'_>,
) -> String {
    let time = common::log::utc(time);
    let name = name.unwrap_or("-").escape_debug();
    match verdict {
        Verdict::Accepted => format!("{time} {peer} {name} accepted\n"),
        Verdict::Refused(why) => {
            format!("{time} {peer} {name} refused: {}\n", why.escape_debug())
        }
    }
}
