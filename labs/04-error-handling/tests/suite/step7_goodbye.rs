//! Step goodbye: closing so that the last words are read.

use super::{DRIBBLED, NO_PROC, TOO_BUSY, descriptors, expect_left, frame, undisturbed};
use std::time::Instant;
use testkit::{Server, Subject, subject, test_time, test_time_arg};

/// For the goodbye; and for the frame before it, which a busy machine must get in whole.
const SHORT: f64 = 0.2;

#[test]
fn a_large_answer_arrives_whole_although_more_was_sent_than_read() {
    let server = subject!("04").serve([]);
    // A small window: most of the answer waits in the server's send buffer, where RST kills it.
    let mut peer = server.connect_non_reading("slow reader");
    let text = "x".repeat(65_000);
    let unread = vec![b'x'; 100_000];
    peer.send(&[frame(format!("ECHO {text}")), vec![0xff; 4], unread].concat());
    server.wait_until_idle();
    peer.says("close-unread-input-sends", "close with unread input sends RST, and RST destroys what was written: shutdown(Write), read on, then drop (goodbye::lingering_close, which converse must call)")
        .expect(&frame(format!("OK {text}")))
        .expect(&frame("ERROR TOO_LONG"))
        .expect_end();
}

#[test]
fn the_server_stays_until_the_client_has_finished_too() {
    let server = subject!("04").serve(["--frame-timeout", "20"]);
    let Some(before) = known(&server) else { return server.skip(NO_PROC) };
    let mut peer = server.connect("talker");
    peer.send(&u32::MAX.to_be_bytes()).expect(&frame("ERROR TOO_LONG")).expect_end();
    peer.says("fin-read-client-sends", STAY).send_in_pieces(&[b"still", b"talking"]);
    server.check(
        descriptors(&server) == Some(before + 1),
        "The server left before the client had finished: what the client sends now is met by RST.",
        "fin-read-client-sends",
        STAY,
    );
    peer.half_close();
    expect_left(
        &server,
        before,
        "The client has finished too, and the server still stays.",
        "read-0-bytes-client",
        "a read of 0 bytes is the client's FIN: both have said goodbye",
    );
}

#[test]
fn a_client_that_never_finishes_is_left() {
    let server = subject!("04").serve(["--frame-timeout", &test_time_arg(SHORT)]);
    let Some(before) = known(&server) else { return server.skip(NO_PROC) };
    let mut peer = server.connect("stayer");
    peer.send(&u32::MAX.to_be_bytes()).expect(&frame("ERROR TOO_LONG")).expect_end();
    expect_left(
        &server,
        before,
        "The client does not finish, and the server waits for it.",
        "goodbye-take-long-frame",
        "a goodbye may take as long as a frame, and no longer",
    );
}

#[test]
fn a_client_that_dribbles_is_left_at_the_deadline() {
    let lab = subject!("04");
    if !cfg!(target_os = "linux") {
        return lab.skip(NO_PROC);
    }
    let Some(is_left) = undisturbed(|factor| leaves_a_dribbler(&lab, SHORT * factor)) else {
        return lab.skip(TOO_BUSY);
    };
    lab.check(
        is_left,
        "A client that goes on sending byte by byte, none of them late, stretched the goodbye as long as it liked.",
        "one-deadline-for-the-goodbye", "one deadline for the whole goodbye, not a timeout for each read",
    );
}

/// Whether the server ends its lingering close after `timeout`, although the client sends a byte
/// each eighth of it. `None` if a byte came so late that a timeout for each read would have ended
/// it, too.
fn leaves_a_dribbler(lab: &Subject, timeout: f64) -> Option<bool> {
    let timeouts = ["--frame-timeout", &test_time_arg(timeout), "--idle-timeout", "60"];
    let server = lab.serve(timeouts);
    let mut bystander = server.connect("bystander");
    let before = known(&server)?;
    let mut peer = server.connect("dribbler");
    let mut last = Instant::now();
    peer.send(&u32::MAX.to_be_bytes()).expect(&frame("ERROR TOO_LONG")).expect_end();
    for _ in 0..DRIBBLED {
        let begun = Instant::now();
        peer.send(b"x");
        // One look for each byte, and in between the silence of another client. A look costs time,
        // and the byte must not be late.
        bystander.expect_nothing_for(test_time(timeout / 8.0));
        let is_left = server.resources().is_none_or(|now| now.descriptors <= before);
        if last.elapsed() > test_time(timeout) {
            return None;
        }
        if is_left {
            return Some(true);
        }
        last = begun;
    }
    Some(false)
}

#[test]
fn a_flood_is_not_read_to_its_end() {
    let server = subject!("04").serve(["--frame-timeout", "20"]);
    let Some(before) = known(&server) else { return server.skip(NO_PROC) };
    let mut flood = vec![0; 64 << 20];
    flood[..4].copy_from_slice(&u32::MAX.to_be_bytes());
    let mut peer = server.connect("flood");
    peer.send(&frame("PING")).expect(&frame("OK PONG")).send(&flood);
    expect_left(
        &server,
        before,
        "The server read 64 MiB from a client that it had hung up on.",
        "goodbye-courtesy-end-give",
        "a goodbye is a courtesy, and has an end: give up after DRAIN_BYTES",
    );
}

const STAY: &str =
    "after our FIN, read what the client still sends and throw it away, until its FIN";

/// The descriptors of a server that has served one client: some come with the first.
fn known(server: &Server) -> Option<usize> {
    let mut first = server.connect("first");
    // A busy machine with a short timeout may have told it that it was too slow.
    first.half_close().rest();
    descriptors(server)
}
