//! How long a request may be.

use super::super::frame;
use testkit::subject;

#[test]
fn a_request_that_cannot_be_is_not_sent() {
    let lab = subject!("04");
    // The limit counts bytes. This is one byte too many, and half as many characters.
    let text = format!("{}x", "é".repeat(32_768));
    let mut server = lab.scripted_server("server");
    let mut client = lab.run(["send", "--connect", &server.address(), &text]);
    server
        .accept()
        .says(
            "do-not-send-a-long-frame",
            "Return `TooLong` from `write_frame` before you write the first byte. The limit holds in both directions.",
        )
        .expect_end();
    client.expect_error(&["after 1 try: a frame of 65537 bytes is too long"]);
}

#[test]
fn the_longest_request_is_sent() {
    let lab = subject!("04");
    let mut server = lab.scripted_server("server");
    let text = "x".repeat(65_536);
    let mut client = lab.run(["send", "--connect", &server.address(), "--tries", "1", &text]);
    server
        .accept()
        .says(
            "the-limit-is-sent-too",
            "Compare with `>` in `write_frame`. A payload of exactly `MAX_PAYLOAD` bytes is allowed.",
        )
        .expect(&frame(&text))
        .send(&frame("OK"));
    client.expect_line("OK").expect_exit(0);
}
