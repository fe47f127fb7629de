//! Step heartbeat: a server comes and goes, and the client prints why.

mod later_and_later;
mod silence;
mod wrong_addresses;

use super::clients::{PATIENT, gives_the_reason, reports_why, watch, watch_with};
use super::{DRIBBLED, IMPATIENT, NO_BLACK_HOLE, NOWHERE, frame, impossible_name};
use std::time::{Duration, Instant};
use testkit::{
    BlackHole, ClosedPort, Deadline, Peer, Process, ScriptedServer, Subject, poll_until, show,
    subject, test_time,
};

#[test]
fn a_server_that_answers_is_up_and_that_is_said_once() {
    let lab = subject!("04");
    let _ = lab.undisturbed(|factor| answer_two_pings(&lab, 0.12 * factor));
}

/// Answers two PINGs and resets the connection at the third. `None` if an answer took more than half
/// of its time.
fn answer_two_pings(lab: &Subject, interval: f64) -> Option<()> {
    let mut server = lab.scripted_server("server");
    let mut watch = watch(lab, &server.address(), interval);
    let interval = test_time(interval);
    let mut next_ping = watch.wait_until_started();
    let mut peer = server.accept();
    peer.says("send-exactly-ping", "Send exactly `PING` in `ping`, with `ask`. `write_frame` adds the header, and nothing ends the text.");
    for _ in 0..2 {
        peer.expect(&frame("PING"));
        peer.says("ping-over-one-connection", "Send each PING in `ping_until_failure` over the same connection, one interval after the answer.");
        if next_ping.elapsed() > interval * 3 / 2 {
            return None;
        }
        next_ping = Instant::now() + interval;
        peer.send(&frame("OK PONG"));
    }
    peer.expect(&frame("PING"));
    peer.reset();
    watch
        .says(
            "report-changes-only",
            "Call `on_event` in `watch` with `Up` and `Down` only when the state changes.",
        )
        .expect_line("up")
        .expect_line("down");
    Some(())
}

#[test]
fn a_connection_is_no_sign_of_life() {
    let lab = subject!("04");
    let mut server = lab.scripted_server("server");
    let mut watch = watch(&lab, &server.address(), 0.03);
    let _silent = server.accept();
    let has_failed =
        poll_until(Deadline::usual(), || watch.has_ended() || watch.stderr().contains("next try"));
    let (id, think) = if has_failed { FIRST_DOWN } else { UP_NEEDS_AN_ANSWER };
    let line = watch.says(id, think).line();
    let (id, think) = UP_NEEDS_AN_ANSWER;
    let sentence = format!("A server only accepts, and the client printed {line:?}.");
    watch.check_line(line == "down", &sentence, id, think);
    gives_the_reason(&mut watch, &server.address(), "timed out");
}

const UP_NEEDS_AN_ANSWER: (&str, &str) = (
    "up-needs-an-answer",
    "Report `Up` in `watch` only after `ping` has returned `Ok`. The kernel completes the handshake even for a program that hangs.",
);

const FIRST_DOWN: (&str, &str) = (
    "report-the-first-down",
    "Report the first `Down` in `watch`, too. Before it, the server was neither up nor down.",
);

/// Longer than any test.
const A_MINUTE: Duration = Duration::from_secs(60);

/// Sends no answer for `time`, and expects that the client waits. `None` if that ends after `limit`:
/// then the client may have given up.
fn keep_waiting(peer: &mut Peer, time: Duration, limit: Instant) -> Option<()> {
    let begun = Instant::now();
    poll_until(Deadline::after(A_MINUTE), || peer.has_received() || begun.elapsed() > time);
    if Instant::now() > limit {
        return None;
    }
    if peer.has_received() {
        peer.expect_nothing_for(time);
    }
    Some(())
}

#[test]
fn a_connection_may_take_three_intervals() {
    let lab = subject!("04");
    let Some(hole) = BlackHole::new() else { return lab.skip(NO_BLACK_HOLE) };
    let has_waited = lab.undisturbed(|factor| waits_to_connect(&lab, &hole, 0.06 * factor));
    lab.check(
        has_waited != Some(false),
        "No server answered, and watch gave up before three intervals were over.",
        THREE_INTERVALS_TO_CONNECT.0,
        THREE_INTERVALS_TO_CONNECT.1,
    );
}

/// Whether `watch` waits for three intervals. `None` if this machine is too busy.
fn waits_to_connect(lab: &Subject, hole: &BlackHole, interval: f64) -> Option<bool> {
    let expected = test_time(interval) * 3;
    let mut watch = watch(lab, &hole.address(), interval);
    let start = watch.wait_until_started();
    let time = watch.time_until(start, expected * 2, || !watch.stderr().is_empty());
    let (id, think) = THREE_INTERVALS_TO_CONNECT;
    watch.says(id, think).expect_line("down");
    gives_the_reason(&mut watch, &hole.address(), "timed out");
    time.reaches(expected)
}

const THREE_INTERVALS_TO_CONNECT: (&str, &str) = (
    "three-intervals-to-connect",
    "Give `connect` the time `interval * INTERVALS` in `watch`. The kernel sends a lost SYN again after a second.",
);

#[test]
fn an_answer_that_dribbles_in_is_none() {
    let lab = subject!("04");
    let Some(was_cut_off) = lab.undisturbed(|factor| {
        let mut server = lab.scripted_server("server");
        let timeout = IMPATIENT * factor;
        let mut watch = watch(&lab, &server.address(), timeout / 3.0);
        let start = watch.wait_until_started();
        let mut peer = server.accept();
        let answer = frame([b'x'; DRIBBLED - 4]);
        peer.expect(&frame("PING"));
        // Without its last byte. A client that has a whole answer closes, too.
        let part = &answer[..DRIBBLED - 1];
        let was_cut_off = peer.is_cut_off(start, part, test_time(timeout))?;
        closes_before_it_sleeps(&lab, &watch, was_cut_off);
        if was_cut_off {
            watch
                .says(
                    "report-then-sleep",
                    "Call `on_event` in `watch` with `Down` and with `Failed`, and sleep for the delay after that.",
                )
                .expect_line("down")
                .expect_log("timed out; next try");
        }
        Some(was_cut_off)
    }) else {
        return;
    };
    lab.check(
        was_cut_off,
        "A server sent its answer byte by byte, and the client waited longer than three intervals.",
        "one-deadline-for-a-pong",
        "Give the whole answer one deadline in `ping`: `ask` with three intervals. A timeout for each read never ends it.",
    );
}

/// Expects that a client that has printed its next delay has closed the connection.
fn closes_before_it_sleeps(lab: &Subject, watch: &Process, has_closed: bool) {
    let words = watch.stderr();
    lab.check(
        has_closed || !words.contains("timed out; next try"),
        &format!(
            "The connection is still open, and the client has printed {}.",
            show(words.as_bytes())
        ),
        "close-before-you-sleep",
        "Drop the stream in `watch` before you sleep for the delay. A value of an outer scope lives until its end.",
    );
}

#[test]
fn a_server_that_comes_back_is_up_again() {
    let lab = subject!("04");
    let port = ClosedPort::new();
    let mut watch = watch_with(&lab, port.address(), 0.5, "0.02");
    watch.says("connect-again-for-ever", AGAIN).expect_line("down");
    let mut server = lab.scripted_server_at(port, "server");
    server.says("connect-again-for-ever", AGAIN);
    for _ in 0..2 {
        let mut peer = server.accept();
        peer.expect(&frame("PING")).send(&frame("OK PONG"));
        watch.expect_line("up");
        peer.reset();
        watch.expect_line("down");
    }
}

#[test]
fn a_server_that_cannot_be_found_is_down() {
    let lab = subject!("04");
    for (address, word) in
        [(Some(impossible_name()), "no such host"), (NOWHERE.map(str::to_owned), "unreachable")]
    {
        let Some(address) = address else { continue };
        let mut watch = watch(&lab, &address, 1.0);
        watch
            .says(
                "down-without-a-connection",
                "Call `on_event` in `watch` with `Down` when `connect` fails, too. Only an error of kind `InvalidInput` ends the watch.",
            )
            .expect_line("down");
        gives_the_reason(&mut watch, &address, word);
    }
}

#[test]
fn a_connection_that_fails_has_a_reason() {
    let lab = subject!("04");
    let mut server = lab.scripted_server("server");
    let address = server.address();
    // No delay, so one client sees all of them.
    let mut watch = watch_with(&lab, &address, PATIENT, "0");
    let rude = ask_of(&mut server);
    rude.reset();
    reports_why(&mut watch).expect_line("down");
    gives_the_reason(&mut watch, &address, "reset");
    for (answer, word) in [
        (&frame("OK PONG")[..9], "closed"),
        (&65_537_u32.to_be_bytes(), "a frame of 65537 bytes is too long"),
        (&frame(b"OK \xff"), "the answer is not UTF-8"),
    ] {
        let mut peer = ask_of(&mut server);
        peer.send(answer).half_close();
        gives_the_reason(&mut watch, &address, word);
    }
}

/// The next connection, on which the client has sent its PING.
fn ask_of(server: &mut ScriptedServer) -> Peer {
    server.says("connect-again-for-ever", AGAIN);
    let mut peer = server.accept();
    peer.expect(&frame("PING"));
    peer
}

#[test]
fn what_is_not_a_pong_is_down() {
    let lab = subject!("04");
    let mut server = lab.scripted_server("server");
    let mut watch = watch_with(&lab, &server.address(), PATIENT, "0");
    watch.says(
        "only-ok-pong-is-up",
        "Return `Unexpected` from `ping` for every answer except exactly `OK PONG`.",
    );
    // A server must not paint on the user's terminal.
    ask_of(&mut server).send(&frame("ERROR \u{1b}[2J"));
    watch.expect_line("down").expect_log("unexpected answer ERROR \\u{1b}[2J");
    ask_of(&mut server).send(&frame("OK PONG\n"));
    watch.expect_log("unexpected answer OK PONG\\n");
    ask_of(&mut server).send(&frame("OK"));
    watch.expect_log("unexpected answer OK;");
}

#[test]
fn a_watch_that_no_program_reads_ends() {
    let lab = subject!("04");
    if !cfg!(unix) {
        return lab.skip("this system has no sh");
    }
    let folder = lab.folder();
    let pipe = folder.path().join("pipe").display().to_string();
    // Only this shell reads the pipe, so it is closed when the script prints `closed`. In a pipeline
    // the shell that starts both commands may keep it open for longer.
    let script = format!(
        "mkfifo '{pipe}'; \"$0\" \"$@\" >'{pipe}' & exec <'{pipe}'; head -1; exec <&-; echo closed; wait"
    );
    let lab = lab.with_prefix(&["sh", "-c", &script]);
    let mut server = lab.scripted_server("server");
    let mut watch = lab.run(["watch", "--connect", &server.address(), "--backoff", "0.01"]);
    let mut peer = server.accept();
    peer.expect(&frame("PING")).send(&frame("OK PONG"));
    watch.expect_line("up").expect_line("closed");
    peer.reset();
    watch
        .says(
            "end-when-no-program-reads",
            "Return the error of `on_event` from `watch` with `?`. stdout is closed, so no program reads the changes.",
        )
        .expect_exit(0);
}

const AGAIN: &str =
    "Connect again in `watch` after each delay, for ever. Report only what changed.";
