//! What the contract promises about system calls, which no peer can see.

use std::fs;
use testkit::{Deadline, TempDir, poll_until, subject};

/// strace writes this when the program has ended.
const ENDED: &str = "+++ exited with 0 +++";

#[test]
fn a_tcp_answer_waits_for_no_acknowledgement() {
    let Some((lab, folder)) = subject!("03").traced("setsockopt") else { return };
    let mut server = lab.serve_as("calc", "127.0.0.1:0", []);
    server.connect("peer").send(b"5 + 3\n").expect(b"8\n").half_close().expect_end();
    server.interrupt();
    server.expect_stopped_at_once();
    let trace = content(&folder);
    lab.check(
        trace.contains("TCP_NODELAY, [1]") && !trace.contains("TIMEO"),
        &format!("calc must set TCP_NODELAY, and no timeout. Its calls were:\n{trace}"),
        "no-delay-and-no-timeout",
        "In `serve_lines`, call `set_nodelay(true)`, and set no timeout. A client may be silent for any time.",
    );
}

#[test]
fn a_tcp_answer_and_its_newline_are_one_write() {
    let Some((lab, folder)) = subject!("03").traced("write,writev,sendto,sendmsg") else { return };
    let mut server = lab.serve_as("calc", "127.0.0.1:0", []);
    let mut peer = server.connect("peer");
    peer.send(b"6 * 7\n").expect(b"42\n").send(&[b'x'; 1025]).expect(b"ERROR line too long\n");
    peer.half_close().expect_end();
    server.interrupt();
    server.expect_stopped_at_once();
    let trace = content(&folder);
    // As strace shows them, with the newline escaped.
    for line in [r#""42\n""#, r#""ERROR line too long\n""#] {
        lab.check(
            trace.lines().any(|call| call.contains(line)),
            &format!("No single call wrote {line}. The calls were:\n{trace}"),
            "one-write-for-an-answer",
            "In `serve_lines`, make one text of answer and newline (`format!`), and call `write_all` once. `write!` on a stream writes each part by itself.",
        );
    }
}

/// The trace of a program that has ended.
fn content(folder: &TempDir) -> String {
    let read = || fs::read_to_string(folder.path().join("trace")).unwrap_or_default();
    poll_until(Deadline::usual(), || read().contains(ENDED));
    read()
}
