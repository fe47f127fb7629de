//! Step deadlines: every wait ends.

use super::{LONG_FRAME_TIMEOUT, NO_PROC, descriptors, expect_left, frame};
use std::time::{Duration, Instant};
use testkit::{Deadline, Server, Subject, poll_until, subject, test_time, test_time_arg};

/// How many bytes a header has.
const HEADER_LEN: usize = 4;

#[test]
fn a_silent_client_is_told_and_left() {
    let lab = subject!("04");
    let _ = lab.undisturbed(|factor| tell_and_leave(&lab, 0.3 * factor));
}

/// Expects that the server leaves two clients, one of which has asked. `None` if that one was silent
/// for half of `timeout` before.
fn tell_and_leave(lab: &Subject, timeout: f64) -> Option<()> {
    let idle = ["--idle-timeout", &test_time_arg(timeout)];
    let server = lab.serve(idle.into_iter().chain(LONG_FRAME_TIMEOUT));
    let mut stranger = server.connect("stranger");
    let connects = Instant::now();
    let mut guest = server.connect("guest");
    guest
        .says(
            "peek-takes-nothing",
            "Use `peek` in `wait_for_first_byte`, with a buffer of one byte. `read` would take the first byte of the header away.",
        )
        .send(&frame("PING"));
    if connects.elapsed() > test_time(timeout) / 2 {
        return None;
    }
    guest.expect(&frame("OK PONG"));
    poll_until(Deadline::after(test_time(timeout)), || guest.has_received());
    for peer in [&mut stranger, &mut guest] {
        peer.says(
            "time-out-a-silent-client",
            "Call `wait_for_first_byte` with `limits.idle` first in `next_frame`. In it, set a read timeout before each `peek`, and return `TimedOut` when it expires.",
        )
        .says_if_closed("an-expired-timeout-is-timed-out", SILENCE_IS_TIMED_OUT)
        .expect(&frame("ERROR TIMED_OUT"))
        .says(
            "close-after-timed-out",
            "Close the connection in `converse` after `ERROR TIMED_OUT`, or send the missing FIN in `lingering_close` (`shutdown(Write)`).",
        )
        .expect_end();
    }
    Some(())
}

const SILENCE_IS_TIMED_OUT: &str = "Return `TimedOut` from `wait_for_first_byte` when the timeout expires (`is_timeout`), and an `Event::Error` for it from `final_event`. On Unix, std reports `WouldBlock`.";

#[test]
fn a_frame_that_dribbles_in_is_cut_off_at_the_deadline() {
    let lab = subject!("04");
    let Some(is_cut_off) = lab.undisturbed(|factor| cuts_off_a_slow_frame(&lab, 0.3 * factor))
    else {
        return;
    };
    lab.check(
        is_cut_off,
        "A client sent a frame byte by byte, and the server waited longer than --frame-timeout.",
        "one-deadline-for-a-frame",
        "Read header and payload in `next_frame` through one `Timed` with `limits.frame`. In `Timed::read`, give each read only the time that is `left()`.",
    );
}

/// Whether the server cuts off a frame that is not whole after `timeout`. Its header is whole after
/// five sixths of that, and no byte comes near its end, because after a read `left` would notice the
/// end. `None` if the client itself was too slow, or if the server waited for a CPU.
fn cuts_off_a_slow_frame(lab: &Subject, timeout: f64) -> Option<bool> {
    let server = lab.serve(["--frame-timeout", &test_time_arg(timeout)]);
    let mut peer = server.connect("dribbler");
    let request = frame("ECHO slowly");
    let (timeout, pause) = (test_time(timeout), test_time(timeout / 3.6));
    server.wait_until_idle();
    let delay_before = server.run_delay()?;
    let begun = Instant::now();
    peer.dribble(&request[..HEADER_LEN - 1], pause);
    // Now the server waits in a read.
    server.wait_until_idle();
    let header_is_whole = Instant::now();
    peer.send(&request[HEADER_LEN - 1..HEADER_LEN]);
    if begun.elapsed() > timeout.mul_f64(0.95) {
        return None;
    }
    let rest = peer.dribble(&request[HEADER_LEN..], pause);
    // A clock that begins again with the payload, or with each byte, does not end sooner.
    if header_is_whole.elapsed() < timeout {
        peer.says(
            "send-timed-out-then-close",
            "Send `ERROR TIMED_OUT` before you close (`final_event`, then `converse`).",
        )
        .says_if_closed(
            "a-slow-frame-is-timed-out",
            "Return `TimedOut` from `Timed::read` when the timeout expires (`is_timeout`). On Unix, std reports `WouldBlock`, which makes an `Event::Broken`.",
        )
        .expect(&frame("ERROR TIMED_OUT"))
        .expect_end();
        server.wait_until_idle();
        // A server that got its processor late may have read the last byte at the end of the time.
        let delay = server.run_delay()?.saturating_sub(delay_before);
        return (delay < timeout / 8).then_some(true);
    }
    server.wait_until_idle();
    let delay = server.run_delay()?.saturating_sub(delay_before);
    (rest.longest_gap < timeout / 2 && delay < timeout / 4).then_some(false)
}

#[test]
fn a_client_may_be_silent_for_longer_than_a_frame_may_take() {
    let server = subject!("04").serve(["--frame-timeout", &test_time_arg(0.2)]);
    let mut peer = server.connect("peer");
    peer.says(
        "start-the-frame-clock-late",
        "Wait for the first byte with `limits.idle` in `next_frame`. The time of a frame begins with its first byte.",
    )
    .says_if_closed(
        "a-clock-for-each-answer",
        "Make a `Timed` for each answer in `answer_frames`. Its clock starts with `new`, and must not run while the client is silent.",
    );
    peer.send(&frame("PING")).expect(&frame("OK PONG"));
    // The clocks of an idle server run, and one that has expired has ended its wait.
    server.wait_until_idle();
    peer.expect_nothing_for(test_time(0.3));
    server.wait_until_idle();
    peer.send(&frame("PING")).expect(&frame("OK PONG"));
}

#[test]
fn a_frame_may_take_longer_than_silence_may_last() {
    let server = subject!("04").serve(["--idle-timeout", &test_time_arg(0.3)]);
    let mut peer = server.connect("peer");
    peer.says(
        "stop-the-idle-clock",
        "Use only `limits.frame` in `next_frame` after the first byte. `limits.idle` is for the silence between frames.",
    );
    peer.send_in_pieces(&[&frame("PING")[..1]]);
    server.wait_until_idle();
    peer.expect_nothing_for(test_time(0.45));
    server.wait_until_idle();
    peer.send(&frame("PING")[1..]).expect(&frame("OK PONG"));
}

#[test]
fn each_silence_is_timed_anew() {
    let lab = subject!("04");
    let Some(may_stay) = lab.undisturbed(|factor| {
        let idle = 0.3 * factor;
        let server = lab.serve(["--idle-timeout", &test_time_arg(idle)]);
        may_stay(&server, test_time(idle))
    }) else {
        return;
    };
    lab.check(
        may_stay,
        "A client asked again and again, and the server left it after one --idle-timeout in all.",
        "time-each-silence",
        "In `next_frame`, give each `wait_for_first_byte` the whole `limits.idle`. A client that goes on asking may stay.",
    );
}

/// Whether the server goes on answering a client that is silent for a quarter of `idle` between two
/// PINGs, for longer than `idle` in all. `None` if the client itself was too slow.
fn may_stay(server: &Server, idle: Duration) -> Option<bool> {
    let ping = frame("PING");
    let mut peer = server.connect("regular");
    let mut asked = Instant::now();
    peer.send(&ping).expect(&frame("OK PONG"));
    let begun = Instant::now();
    let mut is_last = false;
    while !is_last {
        // The last round begins when a clock for the whole connection has expired. The server waits
        // for the next frame then, and such a clock ends its wait within the pause.
        is_last = begun.elapsed() > idle;
        server.wait_until_idle();
        let pause = Instant::now();
        let is_left =
            poll_until(Deadline::usual(), || peer.has_received() || pause.elapsed() > idle / 4)
                && peer.has_received();
        let next = Instant::now();
        peer.send(&ping);
        if asked.elapsed() > idle / 2 {
            return None;
        }
        if is_left {
            return Some(false);
        }
        asked = next;
        peer.expect(&frame("OK PONG"));
    }
    Some(true)
}

#[test]
fn a_client_that_takes_no_answers_is_left() {
    let lab = subject!("04");
    if !cfg!(target_os = "linux") {
        return lab.skip(NO_PROC);
    }
    let _ = lab.undisturbed(|factor| leave_a_non_reading_client(&lab, 0.5 * factor));
}

/// Expects that the server leaves a client that asks and does not read. `None` if the requests took
/// so long that the server may have left because of a slow frame.
fn leave_a_non_reading_client(lab: &Subject, timeout: f64) -> Option<()> {
    let server = lab.serve(["--frame-timeout", &test_time_arg(timeout)]);
    let mut first = server.connect("first");
    first.send(&frame("PING")).expect(&frame("OK PONG")).half_close().expect_end();
    let before = descriptors(&server)?;
    let mut deaf = server.connect_non_reading("deaf");
    let begun = Instant::now();
    deaf.send_until_stuck(&frame(format!("ECHO {}", "x".repeat(65_000))), 1 << 30);
    if begun.elapsed() > test_time(timeout) {
        return None;
    }
    // The deadline of `expect_left` does not grow with `timeout`.
    let descriptors = || server.resources().map_or(0, |now| now.descriptors);
    poll_until(Deadline::after(test_time(timeout)), || descriptors() <= before);
    expect_left(
        &server,
        before,
        "A client asks and does not read the answers, and the server still waits for it.",
        "deadline-for-an-answer",
        "Set a write timeout in `Timed::write`, and write each answer through `Timed`. write(2) waits while the client's receive queue is full.",
    );
    Some(())
}

#[test]
fn a_signal_is_no_reason_to_give_up() {
    let mut server = subject!("04").serve(LONG_FRAME_TIMEOUT);
    let mut peer = server.connect("peer");
    let ping = frame("PING");
    peer.says(
        "go-on-after-eintr",
        "Read again after `ErrorKind::Interrupted`, and peek again in `wait_for_first_byte`. A signal (Ctrl-Z) ended the wait, and no byte is lost.",
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

#[test]
fn a_server_that_was_stopped_for_too_long_times_out() {
    let lab = subject!("04");
    if !cfg!(unix) {
        return lab.skip("this system has no signals");
    }
    let _ = lab.undisturbed(|factor| stop_inside_a_frame(&lab, 0.1 * factor));
}

/// Stops the server inside a frame for longer than `timeout`. `None` if that time may have
/// been over before the server stopped.
fn stop_inside_a_frame(lab: &Subject, timeout: f64) -> Option<()> {
    let mut server = lab.serve(["--frame-timeout", &test_time_arg(timeout)]);
    let mut peer = server.connect("peer");
    let request = frame("ECHO stopped");
    peer.send(&frame("PING")).expect(&frame("OK PONG"));
    let begun = Instant::now();
    peer.send(&request[..2]);
    server.wait_until_idle();
    server.pause();
    if peer.has_received() || begun.elapsed() > test_time(timeout) / 2 {
        return None;
    }
    peer.says(
        "no-time-left-is-timed-out",
        "In `read_frame`, read again after `Interrupted`, and in `Timed::read`, return the error of `left()` before you read. The deadline has passed.",
    )
    .expect_nothing_for(test_time(1.5 * timeout))
    .send(&request[2..]);
    server.resume();
    peer.expect(&frame("ERROR TIMED_OUT"))
        .says(
            "linger-after-timed-out",
            "Call `goodbye::lingering_close` in `converse` after the `ERROR`. A close with unread bytes sends RST.",
        )
        .expect_end();
    Some(())
}

#[test]
fn a_signal_makes_no_silence_longer() {
    let lab = subject!("04");
    if !cfg!(unix) {
        return lab.skip("this system has no signals");
    }
    let Some(is_told) = lab.undisturbed(|factor| stop_between_frames(&lab, 0.3 * factor)) else {
        return;
    };
    lab.check(
        is_told,
        "The server was stopped while it waited for a silent client, and then it waited again for the whole --idle-timeout.",
        "one-deadline-for-a-silence",
        "Compute one deadline in `wait_for_first_byte`. After `Interrupted`, set the time that is left, and peek again.",
    );
}

/// Whether the server sends `ERROR TIMED_OUT` after `idle`, when it was stopped between two frames for
/// a half of that. `None` if it waited for a CPU, or was not stopped in time.
fn stop_between_frames(lab: &Subject, idle: f64) -> Option<bool> {
    let mut server = lab.serve(["--idle-timeout", &test_time_arg(idle)]);
    let mut peer = server.connect("peer");
    peer.send(&frame("PING")).expect(&frame("OK PONG"));
    let answered = Instant::now();
    server.wait_until_idle();
    server.pause();
    let idle = test_time(idle);
    if peer.has_received() || answered.elapsed() > idle / 2 {
        return None;
    }
    let delay_before = server.run_delay()?;
    peer.expect_nothing_for(idle / 2);
    server.resume();
    // A wait that begins again ends after one and a half.
    let limit = idle.mul_f64(1.35);
    poll_until(Deadline::after(idle * 2), || peer.has_received() || answered.elapsed() > limit);
    // In this order: a server that is ready to run, or has just run, shows its delay.
    let is_told = peer.has_received();
    let delay = server.run_delay()?.saturating_sub(delay_before);
    if is_told && answered.elapsed() < idle.mul_f64(1.5) {
        peer.expect(&frame("ERROR TIMED_OUT")).expect_end();
        return Some(true);
    }
    (!is_told && delay < idle / 8).then_some(false)
}
