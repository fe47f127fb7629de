//! Step audit: a log of accepted and refused clients that holds no secret.
//!
//! ```text
//!   2026-05-01T12:00:00Z 127.0.0.1:40123 client accepted
//!   2026-05-01T12:00:01Z 127.0.0.1:40124 - refused: not authorised
//! ```

use std::net::SocketAddr;
use std::time::SystemTime;

/// The server's decision about a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// Its handshake was right, and also its token if the server wants one.
    Accepted,
    /// It was not. The text is the reason, for a reader of the log.
    Refused(&'a str),
}

/// The log's line for one client, with its ending.
///
/// # Contract
///
/// * `TIME PEER NAME accepted` or `TIME PEER NAME refused: WHY`: the time in UTC
///   (`common::log::utc`), the certificate's name, or `-` without one.
/// * It is one line, whatever `name` and `why` hold. A stranger may have written parts of both. The
///   tests see harmless ones only, because webpki and rustls give no others. A reviewer looks for
///   `escape_debug`.
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
