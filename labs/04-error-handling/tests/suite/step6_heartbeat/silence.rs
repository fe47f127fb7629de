//! What `watch` does between an answer and the next PING.

use super::super::clients::{watch, watch_that_is_up, watch_with};
use super::super::{DRIBBLED, IMPATIENT, frame};
use super::{ask_of, closes_before_it_sleeps, keep_waiting};
use std::time::{Duration, Instant};
use testkit::{Deadline, Peer, Process, Subject, poll_until, show_time, subject, test_time};

#[test]
fn pings_are_an_interval_apart() {
    let lab = subject!("04");
    let Some(Rest { first, shortest, interval }) =
        lab.undisturbed(|factor| rest_after_an_answer(&lab, 0.1 * factor))
    else {
        return;
    };
    let least = interval.mul_f64(0.9);
    lab.check(
        first >= least || shortest < least,
        &format!(
            "The second PING came {} after the first answer, and each further one after an interval of {}.",
            show_time(first),
            show_time(interval)
        ),
        BEGIN_WITH_SILENCE.0,
        BEGIN_WITH_SILENCE.1,
    );
    let shortest = shortest.min(first);
    let sentence = |relation: &str| {
        let (rest, interval) = (show_time(shortest), show_time(interval));
        format!(
            "The next PING came {relation} {rest} after the answer; the interval is {interval}."
        )
    };
    lab.check(
        shortest >= least,
        &sentence("only"),
        "rest-for-an-interval",
        "Wait for a whole interval in `expect_silence` before the next PING. Watching must not become work for the server.",
    );
    lab.check(
        shortest < interval.mul_f64(LATE),
        &sentence("later than"),
        "rest-no-longer-than-an-interval",
        "Give `wait_for_first_byte` one `interval` in `expect_silence`, and send the next PING immediately after it.",
    );
}

const BEGIN_WITH_SILENCE: (&str, &str) = (
    "begin-with-the-silence",
    "Call `expect_silence` in `ping_until_failure` before `ping`. `watch` has sent the first PING of the connection.",
);

/// A PING after so many intervals is late. The test looks several times before one and a half.
const LATE: f64 = 1.35;

struct Rest {
    /// The time from the first answer to the next PING, or to the moment at which that was late.
    first: Duration,
    /// The shortest such time after the other answers.
    shortest: Duration,
    interval: Duration,
}

/// Measures three rests. `None` if this machine is too busy.
fn rest_after_an_answer(lab: &Subject, interval: f64) -> Option<Rest> {
    let mut server = lab.scripted_server("server");
    let watch = watch(lab, &server.address(), interval);
    let interval = test_time(interval);
    let mut rests = Vec::new();
    let mut next_ping = watch.wait_until_started();
    let mut peer = server.accept();
    peer.says(
        "three-intervals-for-an-answer",
        "Give `ask` the time `interval * INTERVALS` in `ping`. A server that is slow once is not down.",
    );
    for _ in 0..3 {
        // A PING that is late was sent after this moment.
        next_ping =
            last_look_without_bytes(&mut peer).map_or(next_ping, |look| look.max(next_ping));
        peer.expect(&frame("PING"));
        // The interval begins with the answer, even if the answer takes longer than an interval.
        keep_waiting(&mut peer, interval.mul_f64(1.2), next_ping + interval * 2)?;
        let answered = Instant::now();
        let rest = rest(&watch, &mut peer, interval)?;
        // The client may give up three intervals after its PING, and a late one was sent later.
        next_ping = answered + rest.max(interval);
        rests.push(rest);
    }
    let [first, others @ ..] = &rests[..] else { return None };
    Some(Rest { first: *first, shortest: others.iter().copied().min()?, interval })
}

/// Waits for bytes, and returns the last moment at which there were none. `None` if there are some now.
fn last_look_without_bytes(peer: &mut Peer) -> Option<Instant> {
    let mut last = None;
    poll_until(Deadline::usual(), || {
        let look = Instant::now();
        let has_come = peer.has_received();
        if !has_come {
            last = Some(look);
        }
        has_come
    });
    last
}

/// Answers, and returns the time until the next PING, or until that is late. `None` if it is late
/// because the client waited for a CPU.
fn rest(watch: &Process, peer: &mut Peer, interval: Duration) -> Option<Duration> {
    let delay_before = watch.run_delay();
    let answered = Instant::now();
    peer.send(&frame("OK PONG"));
    let limit = interval.mul_f64(LATE);
    let mut has_come = false;
    poll_until(Deadline::after(limit * 4), || {
        has_come = peer.has_received();
        has_come || answered.elapsed() > limit
    });
    let rest = answered.elapsed();
    if has_come {
        // The test may have seen it late.
        return (rest < limit).then_some(rest);
    }
    let delay = watch.run_delay()?.saturating_sub(delay_before?);
    (delay < interval / 8).then_some(rest)
}

#[test]
fn a_goodbye_between_two_pings_is_noticed_at_once() {
    let lab = subject!("04");
    let mut server = lab.scripted_server("server");
    let (mut watch, mut peer) = watch_that_is_up(&lab, &mut server);
    peer.half_close();
    watch
        .says(
            "wait-for-a-byte-not-for-time",
            "Call `wait_for_first_byte` in `expect_silence`, and do not sleep. A sleep notices the server's FIN an interval too late.",
        )
        .expect_line("down");
    watch.wait_until_idle();
    lab.check(
        server.has_no_client_waiting(),
        "The server closed the connection, and the client connected again without a delay.",
        "a-delay-after-each-failure",
        "Sleep for the delay in `watch` after each failure, whatever the error is. A server that is starting needs time.",
    );
}

#[test]
fn a_frame_between_two_pings_is_unexpected() {
    let lab = subject!("04");
    // The first looks like the answer to the next PING.
    let mut server = lab.scripted_server("server");
    let mut watch = watch_with(&lab, &server.address(), 60.0, "0");
    // The first looks like the answer to the next PING.
    for (answer, shown) in [(&b"OK PONG"[..], "OK PONG;"), (b"\xff", "\u{fffd};")] {
        let mut peer = ask_of(&mut server);
        peer.send(&frame("OK PONG"));
        watch.expect_line("up");
        watch.wait_until_idle();
        if peer.has_received() {
            peer.says(BEGIN_WITH_SILENCE.0, BEGIN_WITH_SILENCE.1)
                .expect_nothing_for(Duration::ZERO);
        }
        peer.send(&frame(answer));
        watch
            .says(
                "a-frame-is-no-silence",
                "Return `Unexpected` from `expect_silence` for a frame that no PING asked for (`from_utf8_lossy`). The next PING would get the wrong answer.",
            )
            .expect_line("down")
            .expect_log(&format!("unexpected answer {shown} next try"));
    }
}

#[test]
fn a_frame_that_dribbles_in_between_two_pings_is_cut_off() {
    let lab = subject!("04");
    let Some(was_cut_off) =
        lab.undisturbed(|factor| cuts_off_an_unexpected_frame(&lab, IMPATIENT * factor))
    else {
        return;
    };
    lab.check(
        was_cut_off,
        "A server sent a frame between two PINGs, byte by byte, and the client waited longer than three intervals.",
        "read-an-unexpected-frame-in-time",
        "Read the frame in `expect_silence` through a `Timed` of `interval * INTERVALS`. A server may send a part of it, and then hang.",
    );
}

/// Whether the client closes the connection after `timeout`, which is three intervals. `None` if a byte
/// came so late that the timeout of one interval, which is still set, would have ended it, too.
fn cuts_off_an_unexpected_frame(lab: &Subject, timeout: f64) -> Option<bool> {
    let mut server = lab.scripted_server("server");
    let watch = watch(lab, &server.address(), timeout / 3.0);
    let timeout = test_time(timeout);
    let mut peer = server.accept();
    let (pong, unexpected) = (frame("OK PONG"), frame([b'x'; DRIBBLED - 4]));
    peer.expect(&frame("PING"));
    // The client finds the first byte when its interval begins. The last one never comes.
    peer.send(&[&pong, &unexpected[..1]].concat()).wait_until_read();
    let before = watch.processor_time();
    let rest = &unexpected[1..DRIBBLED - 1];
    let pause = timeout / 10;
    let was_cut_off = peer.dribble(rest, pause).was_cut_off(rest.len(), timeout / 3)?;
    if !was_cut_off && (!watch.wait_until_settled(before) || peer.has_received()) {
        return None;
    }
    closes_before_it_sleeps(lab, &watch, was_cut_off);
    Some(was_cut_off)
}
