//! In how many TCP segments the answers come.

use super::calc;
use testkit::{Peer, Server, subject};

/// A busy machine may send a segment twice, but hardly in each of so many connections.
const CONNECTIONS: usize = 3;

#[test]
fn an_answer_is_one_segment_that_waits_for_nothing() {
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
    answered_once(&server).expect_undelayed_answers(
        b"5 + 3\n",
        b"8\n",
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
