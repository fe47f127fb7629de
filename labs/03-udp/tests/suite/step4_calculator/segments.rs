//! In how many TCP segments the answers come.

use super::calc;
use testkit::{Peer, Server, subject};

/// Fewer lines than segments that a new connection may have under way (RFC 6928, 10).
const LINES: u32 = 8;

/// A busy machine may send a segment twice, but hardly in each of so many connections.
const CONNECTIONS: usize = 3;

#[test]
fn an_answer_is_one_segment() {
    let server = calc(&subject!("03"));
    let mut fewest = u32::MAX;
    for _ in 0..CONNECTIONS {
        let Some(segments) = answered_once(&server).segments() else {
            return server.skip("this kernel does not count segments");
        };
        fewest = fewest.min(segments);
    }
    server.check(
        fewest == 1,
        &format!("The answer to one line came in {fewest} segments."),
        "one-write-for-an-answer",
        "In `serve_lines`, make one text of answer and newline (`format!`), and call `write_all` once. `write!` on a stream writes each part by itself.",
    );
}

#[test]
fn an_answer_waits_for_no_acknowledgement() {
    let server = calc(&subject!("03"));
    let mut peer = answered_once(&server);
    let lines = b"5 + 3\n".repeat(LINES as usize);
    let answers = b"8\n".repeat(LINES as usize);
    let Some(segments) = peer.segments_acknowledged_late(&lines, &answers) else {
        return server.skip("this system does not count segments that are acknowledged late");
    };
    // A server may also collect the answers to all lines that it has read, and send them together.
    server.check(
        segments >= LINES || segments == 1,
        &format!(
            "The answers to {LINES} lines came in {segments} segments. All except the first waited \
             until the client acknowledged it."
        ),
        "turn-off-nagle",
        "In `serve_lines`, call `stream.set_nodelay(true)` first. Nagle's algorithm holds an answer back until the client has acknowledged the one before.",
    );
}

/// A client that has got an answer to one line.
fn answered_once(server: &Server) -> Peer {
    let mut peer = server.connect("peer");
    peer.says(
        "answer-each-line",
        "In `serve_lines`, answer each line, and send the answer before you read the next line.",
    );
    peer.send(b"5 + 3\n").expect(b"8\n");
    peer
}
