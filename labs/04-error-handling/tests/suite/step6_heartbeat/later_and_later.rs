//! The delays of `watch` while a server does not answer.

use super::super::clients::watch_with;
use super::super::{delays, frame, seconds};
use std::time::{Duration, Instant};
use testkit::{ClosedPort, Deadline, Process, Subject, poll_until, show_time, subject};

/// Seconds for `--backoff`.
const BACKOFF: f64 = 0.005;

/// Whether the first four delays grow, and the fourth is eight times `backoff`, give or take a
/// quarter. Equal delays may grow by chance.
fn has_doubled(delays: &[f64], backoff: f64) -> bool {
    let has_grown = |first: &[f64; 4]| first.windows(2).all(|two| two[1] > two[0]);
    delays.first_chunk().is_some_and(|first| has_grown(first) && first[3] > 5.0 * backoff)
}

fn wait_for_delays(watch: &Process, count: usize) -> Vec<f64> {
    let now = || delays(&watch.stderr());
    poll_until(Deadline::usual(), || watch.has_ended() || now().len() >= count);
    now()
}

#[test]
fn who_is_down_is_asked_later_and_later() {
    let lab = subject!("04");
    let Some(refused) = lab.undisturbed(|factor| refuse_four_times(&lab, BACKOFF * factor)) else {
        return;
    };
    let Refused { mut watch, port, backoff } = refused;
    let mut server = lab.scripted_server_at(port, "server");
    let mut peer = server.accept();
    peer.expect(&frame("PING")).send(&frame("OK PONG"));
    watch
        .says(
            "report-changes-only",
            "Call `on_event` in `watch` with `Up` and `Down` only when the state changes.",
        )
        .expect_line("down")
        .expect_line("up");
    // The test may read the lines on stderr later than `up`.
    watch.wait_until_idle();
    let before = delays(&watch.stderr()).len();
    peer.reset();
    let after = wait_for_delays(&watch, before + 1);
    lab.check(
        after.get(before).is_some_and(|delay| *delay < 1.28 * backoff),
        &format!("The server was up, then broke the connection; the delays are {}.", seconds(&after)),
        "reset-the-backoff",
        "Call `backoff.reset()` in `watch` after each success. The delays after the next failure begin with a short one.",
    );
}

/// A client that has failed to connect four times.
struct Refused {
    watch: Process,
    port: ClosedPort,
    backoff: f64,
}

/// Expects that the delays double, and that the client waits for them. `None` if it cannot be told
/// from a slow start whether it waited.
fn refuse_four_times(lab: &Subject, backoff: f64) -> Option<Refused> {
    let port = ClosedPort::new();
    let start = Instant::now();
    let watch = watch_with(lab, port.address(), 60.0, &backoff.to_string());
    wait_for_delays(&watch, 1);
    let first_seen = Instant::now();
    let mut delays = wait_for_delays(&watch, 4);
    let fourth_seen = Instant::now();
    delays.truncate(4);
    lab.check(
        has_doubled(&delays, backoff),
        &format!("A server refuses every connection, and the delays are {}.", seconds(&delays)),
        "take-delays-from-the-backoff",
        "Take each delay in `watch` from `backoff.next_delay()`, which doubles it. Do not call `reset` after a failure.",
    );
    let waits = Duration::from_secs_f64(delays[..3].iter().sum());
    let took = fourth_seen - start;
    lab.check(
        took >= waits,
        &format!(
            "A server refuses, the delays are {}, and the fourth was printed after {}.",
            seconds(&delays),
            show_time(took)
        ),
        "wait-before-you-connect",
        "Sleep for the delay in `watch` before it connects again. A server that is starting needs time.",
    );
    // The test may see the first line late.
    (fourth_seen - first_seen > waits / 2).then_some(Refused { watch, port, backoff })
}

#[test]
fn a_server_that_only_accepts_is_asked_later_and_later() {
    let lab = subject!("04");
    // The kernel accepts for it, and no program answers.
    let server = lab.scripted_server("silent");
    let watch = watch_with(&lab, &server.address(), 0.01, &BACKOFF.to_string());
    watch.wait_until_started();
    let delays = wait_for_delays(&watch, 4);
    lab.check(
        has_doubled(&delays, BACKOFF),
        &format!("A server accepts and never answers, and the delays are {}.", seconds(&delays)),
        "reset-after-an-answer",
        "Call `backoff.reset()` in `watch` after `ping` has returned `Ok`, not after `connect`. A connection is no sign of life.",
    );
}
