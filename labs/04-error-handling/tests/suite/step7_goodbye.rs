//! Step goodbye: a close that loses no answer.

use super::{DRIBBLED, LONG_FRAME_TIMEOUT, NO_PROC, descriptors, expect_left, frame};
use std::time::Instant;
use testkit::{Server, Subject, subject, test_time, test_time_arg};

/// For the lingering close, and for the frame before it, which must be whole even on a busy machine.
const SHORT: f64 = 0.2;

#[test]
fn a_large_answer_arrives_whole_although_more_was_sent_than_read() {
    let server = subject!("04").serve(LONG_FRAME_TIMEOUT);
    // A small receive window: most of the answer waits in the server's send buffer. RST discards it.
    let mut peer = server.connect_non_reading("slow reader");
    let text = "x".repeat(65_000);
    let unread = vec![b'x'; 100_000];
    peer.send(&[frame(format!("ECHO {text}")), vec![0xff; 4], unread].concat());
    server.wait_until_idle();
    peer.says("drain-before-you-close", "Call `shutdown(Write)` in `lingering_close`, read until FIN or `DRAIN_BYTES`, then drop. A close with unread input sends RST, which destroys the answer.")
        .expect(&frame(format!("OK {text}")))
        .expect(&frame("ERROR TOO_LONG"))
        .expect_end();
}

#[test]
fn the_server_stays_until_the_client_has_finished_too() {
    let mut server = subject!("04").serve(LONG_FRAME_TIMEOUT);
    let Some(before) = known(&server) else { return server.skip(NO_PROC) };
    let mut peer = server.connect("talker");
    peer.send(&u32::MAX.to_be_bytes())
        .expect(&frame("ERROR TOO_LONG"))
        .says(
            "fin-first",
            "Call `shutdown(Write)` in `lingering_close` before you read. Without a FIN from you, the client waits for more, and sends no FIN either.",
        )
        .expect_end();
    // One descriptor or two: an answer may hold a clone of the stream.
    let is_held = |server: &Server| descriptors(server).is_some_and(|now| now > before);
    peer.says("drain-until-fin", STAY).send_in_pieces(&[b"still", b"talking"]);
    server.check(
        is_held(&server),
        "The server closed the connection before the client's FIN. The kernel answers further bytes with RST.",
        "drain-until-fin",
        STAY,
    );
    server.wait_until_idle();
    if server.pause() {
        server.resume();
        server.wait_until_idle();
    }
    server.check(
        is_held(&server),
        "A signal interrupted the lingering close, and the server closed the connection.",
        "a-signal-ends-no-goodbye",
        "Read again in `lingering_close` after `Interrupted`. Ctrl-Z and `fg` interrupt a read that has a timeout.",
    );
    peer.half_close();
    expect_left(
        &server,
        before,
        "The client has sent FIN, too, and the server has not closed the connection.",
        "zero-bytes-are-the-fin",
        "Return from `lingering_close` when a read returns 0. That is the client's FIN.",
    );
}

#[test]
fn a_client_that_dribbles_is_left_at_the_deadline() {
    let lab = subject!("04");
    if !cfg!(target_os = "linux") {
        return lab.skip(NO_PROC);
    }
    let Some(is_left) = lab.undisturbed(|factor| leaves_a_dribbler(&lab, SHORT * factor)) else {
        return;
    };
    lab.check(
        is_left,
        "A client went on sending byte by byte, and the server waited longer than --frame-timeout.",
        "one-deadline-for-the-goodbye",
        "Read through one `Timed` with `time` in `lingering_close`. A timeout for each read begins again with each byte, and without one the client keeps its thread.",
    );
}

/// Whether the server ends its lingering close after `timeout`, although the client sends a byte
/// each eighth of it. `None` if a byte came so late that a timeout for each read would have ended
/// it, too, or if the server waited for a CPU.
fn leaves_a_dribbler(lab: &Subject, timeout: f64) -> Option<bool> {
    let timeouts = ["--frame-timeout", &test_time_arg(timeout), "--idle-timeout", "60"];
    let server = lab.serve(timeouts);
    let mut bystander = server.connect("bystander");
    let before = known(&server)?;
    let mut peer = server.connect("dribbler");
    server.wait_until_idle();
    let delay_before = server.run_delay()?;
    let mut last = Instant::now();
    peer.send(&u32::MAX.to_be_bytes()).expect(&frame("ERROR TOO_LONG")).expect_end();
    for _ in 0..DRIBBLED {
        let begun = Instant::now();
        peer.send(b"x");
        // One look for each byte, and in between the silence of another client. A look costs time,
        // and the byte must not be late.
        bystander.expect_nothing_for(test_time(timeout / 8.0)).fold_rows("silent");
        let is_left = server.resources().is_none_or(|now| now.descriptors <= before);
        if last.elapsed() > test_time(timeout) {
            return None;
        }
        if is_left {
            return Some(true);
        }
        last = begun;
    }
    server.wait_until_idle();
    let delay = server.run_delay()?.saturating_sub(delay_before);
    (delay < test_time(timeout) / 4).then_some(false)
}

#[test]
fn a_flood_is_not_read_to_its_end() {
    let server = subject!("04").serve(LONG_FRAME_TIMEOUT);
    let Some(before) = known(&server) else { return server.skip(NO_PROC) };
    let mut flood = vec![0; 64 << 20];
    flood[..4].copy_from_slice(&u32::MAX.to_be_bytes());
    let mut peer = server.connect("flood");
    peer.send(&frame("PING")).expect(&frame("OK PONG")).send(&flood);
    expect_left(
        &server,
        before,
        "The server went on reading from a client that sends 64 MiB after `ERROR TOO_LONG`.",
        "stop-after-drain-bytes",
        "Stop reading in `lingering_close` after `DRAIN_BYTES`. A client may send for ever.",
    );
}

#[test]
fn a_client_that_is_gone_is_no_error() {
    let mut server = subject!("04").serve(LONG_FRAME_TIMEOUT);
    let mut peer = server.connect("rude");
    peer.send(&frame("PING")).expect(&frame("OK PONG"));
    server.wait_until_idle();
    if !server.pause() {
        return server.skip("this system has no signals");
    }
    peer.send(&u32::MAX.to_be_bytes());
    peer.reset();
    server.says(
        "a-broken-connection-is-closed",
        "Return from `lingering_close` when `shutdown` or `read` fails. The client has reset the connection, so nothing is left to close.",
    );
    server.resume();
    server.wait_until_idle();
    server.connect("next").send(&frame("PING")).expect(&frame("OK PONG"));
}

const STAY: &str = "Read and discard in `lingering_close` after `shutdown(Write)`, until the client's FIN. Close only then.";

/// The descriptors of a server that has served one client. Some stay open after the first.
fn known(server: &Server) -> Option<usize> {
    let mut first = server.connect("first");
    // On a busy machine it may have got `ERROR TIMED_OUT`, because the timeout is short.
    first.half_close().rest();
    descriptors(server)
}
