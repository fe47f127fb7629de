//! Step deadlines: waiting, but never longer than we said.

use super::{NO_PROC, descriptors, expect_left, frame};
use std::time::Instant;
use testkit::{subject, test_time, test_time_arg};

#[test]
fn a_silent_client_is_told_and_left() {
    let server = subject!("04").serve(["--idle-timeout", &test_time_arg(0.3)]);
    let mut stranger = server.connect("stranger");
    let mut guest = server.connect("guest");
    guest.send(&frame("PING")).expect(&frame("OK PONG"));
    for peer in [&mut stranger, &mut guest] {
        peer.says(
            "read-timeout-waits-ever",
            "a read without a timeout waits for ever; on Unix, one that timed out says WouldBlock",
        )
        .expect(&frame("ERROR TIMED_OUT"))
        .expect_end();
    }
}

#[test]
fn a_frame_that_dribbles_in_is_cut_off_at_the_deadline() {
    let server = subject!("04").serve(["--frame-timeout", &test_time_arg(0.45)]);
    let mut peer = server.connect("dribbler");
    // The header is whole after 0.33 s, so that a deadline of the payload's own would end after
    // 0.78 s. The seventh byte goes after 0.66 s: too late by far for the frame's only deadline.
    let went = peer.send_slowly(&frame("PING"), test_time(0.11));
    server.check(
        went <= 6,
        &format!("A client that sends a byte each 0.11 s got {went} in, although a frame has 0.45 s."),
        "frame-deadline-first-byte", "a frame has one deadline, from its first byte to its last, and not one for each read or part: give each read what is left",
    );
    peer.says("say-happened-close", "say what happened, then close")
        .expect(&frame("ERROR TIMED_OUT"))
        .expect_end();
}

#[test]
fn a_client_may_be_silent_for_longer_than_a_frame_may_take() {
    let server = subject!("04").serve(["--frame-timeout", &test_time_arg(0.2)]);
    let mut peer = server.connect("peer");
    peer.says(
        "frame-clock-runs-first",
        "a frame's clock runs from its first byte: between frames only --idle-timeout counts",
    );
    peer.send(&frame("PING")).expect(&frame("OK PONG"));
    peer.expect_nothing_for(test_time(0.25)).send(&frame("PING")).expect(&frame("OK PONG"));
}

#[test]
fn a_frame_may_take_longer_than_silence_may_last() {
    let server = subject!("04").serve(["--idle-timeout", &test_time_arg(0.35)]);
    let mut peer = server.connect("peer");
    peer.says(
        "begun-frame-silent-frame",
        "who has begun a frame is not silent: from then on only --frame-timeout counts",
    );
    peer.send(&frame("PING")[..1]).expect_nothing_for(test_time(0.4));
    peer.send(&frame("PING")[1..]).expect(&frame("OK PONG"));
}

#[test]
fn each_silence_is_timed_anew() {
    let server = subject!("04").serve(["--idle-timeout", &test_time_arg(0.3)]);
    let mut peer = server.connect("peer");
    peer.says(
        "client-goes-asking-stay",
        "a client that goes on asking may stay as long as it likes",
    );
    // The pauses are short, so that a busy machine may make them much longer.
    let begun = Instant::now();
    while begun.elapsed() < test_time(0.38) {
        peer.expect_nothing_for(test_time(0.02)).send(&frame("PING")).expect(&frame("OK PONG"));
    }
}

#[test]
fn a_client_that_takes_no_answers_is_left() {
    let server = subject!("04").serve(["--frame-timeout", &test_time_arg(0.2)]);
    server
        .connect("first")
        .send(&frame("PING"))
        .expect(&frame("OK PONG"))
        .half_close()
        .expect_end();
    let Some(before) = descriptors(&server) else { return server.skip(NO_PROC) };
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send_until_stuck(&frame(format!("ECHO {}", "x".repeat(65_000))), 1 << 30);
    expect_left(
        &server,
        before,
        "A client asks and does not read the answers; the server still waits for it.",
        "write-waits-peer-reads",
        "write waits too, when the peer reads nothing: it needs a deadline as read does",
    );
}

#[test]
fn a_signal_is_no_reason_to_give_up() {
    let mut server = subject!("04").serve([]);
    let mut peer = server.connect("peer");
    let ping = frame("PING");
    peer.says(
        "wait-signal-interrupts",
        "a wait that a signal interrupts (Interrupted, EINTR) has lost nothing: wait on",
    );
    for cut in [0, 2, 6] {
        peer.send(&ping).expect(&frame("OK PONG"));
        peer.send_in_pieces(&[&ping[..cut]]);
        server.wait_until_idle();
        // Ctrl-Z and fg, in a terminal.
        if !server.pause() || !server.resume() {
            return server.skip("this system has no signals");
        }
        peer.send(&ping[cut..]).expect(&frame("OK PONG"));
    }
}
