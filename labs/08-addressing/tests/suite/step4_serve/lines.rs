//! The lines of step serve, and their answers.

use super::{greeted, with_advice};
use testkit::{show, subject};

const EXPECTED: &str = "ERROR expected me or in NETWORK";

const ANSWER: (&str, &str) = (
    "answer-each-line",
    "In `answer`, `me` is the greeting, and `in NETWORK` is yes or no. Any other line is an error, also one with a space more.",
);

const READ: (&str, &str) = (
    "answer-before-the-end",
    "In `serve_client`, answer each line when it has arrived. A client waits for the answer before it sends more.",
);

const LINES: (&str, &str) = (
    "one-reader-for-all-lines",
    "In `serve_client`, make one BufReader for the connection, and call `line::read` in a loop. A read may bring two lines, or half of one.",
);

#[test]
fn each_line_gets_an_answer() {
    let server = with_advice(subject!("08")).serve([]);
    let mut peer = greeted(&server);
    let greeting = format!("you {} at {} ipv4 loopback", peer.local_addr(), server.address());
    let mut ask = |question: &[u8], expected: &str| {
        let line = peer.says(READ.0, READ.1).send(question).send(b"\n").line();
        let question = show(question);
        let sentence =
            format!("The answer to {question} is `{line}`, and `{expected}` was expected.");
        server.check(line == expected, &sentence, ANSWER.0, ANSWER.1);
    };
    ask(b"me", &greeting);
    ask(b"in 127.0.0.0/8", "yes");
    ask(b"in 10.0.0.0/8", "no");
    for wrong in ["", "ME", "me ", "in", "in x", "in  127.0.0.0/8", "in 127.0.0.0", "you"] {
        ask(wrong.as_bytes(), EXPECTED);
    }
    ask(b"in\t127.0.0.0/8", EXPECTED);
    ask(b"me", &greeting);
    peer.says(
        "any-bytes-may-come",
        "In `serve_client`, a line that is not UTF-8 is no command. `String::from_utf8_lossy` reads every line.",
    )
    .send(b"me\xff\n")
    .expect(format!("{EXPECTED}\n").as_bytes())
    .says(LINES.0, LINES.1)
    .send(b"in 127.0.0.0/8\r\nin 10.0.0.0/8\n")
    .expect(b"yes\nno\n")
    .send_byte_by_byte(b"in 127.0.0.1/32\n")
    .expect(b"yes\n")
    .half_close()
    .expect_end();
}

#[test]
fn an_answer_does_not_wait_for_an_acknowledgement() {
    let server = with_advice(subject!("08")).serve([]);
    let mut peer = greeted(&server);
    peer.says(LINES.0, LINES.1).expect_undelayed_answers(
        b"in 10.0.0.0/8\n",
        b"no\n",
        "turn-off-nagle",
        "In `serve_client`, call `set_nodelay(true)`. Otherwise the kernel holds back an answer until the client has acknowledged the one before.",
    );
}

#[test]
fn a_reset_ends_one_conversation() {
    let mut server = with_advice(subject!("08")).serve([]);
    let peer = greeted(&server);
    let address = peer.local_addr().to_string();
    peer.reset();
    server
        .says(
            "return-the-error-of-read",
            "In `serve_client`, return the error of `line::read`. run.rs logs it.",
        )
        .expect_log(&address);
}

#[test]
fn a_line_that_is_too_long_is_refused() {
    let mut server = with_advice(subject!("08")).serve([]);
    let mut peer = greeted(&server);
    peer.says(
        "allow-1024-bytes",
        "In `serve_client`, read by `common::line::read`. A line may have 1,024 bytes, and its newline does not count.",
    )
    .send(&b"x".repeat(1024))
    .send(b"\n")
    .expect(b"ERROR expected me or in NETWORK\n");
    // More than one read takes, so that bytes are in the receive queue when the server closes.
    let paused = server.pause();
    peer.says(
        "bound-the-line",
        "In `serve_client`, `line::read` returns `Line::TooLong` before such a line has ended. Answer TOO_LONG, and call `close::lingering`.",
    )
    .send(&b"x".repeat(40_000));
    if paused {
        server.resume();
    }
    peer.expect(b"ERROR line too long\n").expect_end().expect_no_reset();
}
