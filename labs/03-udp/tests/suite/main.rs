//! The suite of lab 03. Each module is a step; each test is a promise of the README.

use std::thread;
use std::time::{Duration, Instant};
use testkit::{Deadline, Process, test_time};

mod clients;
mod crowd;
mod groups;
mod requests;
mod step1_echo;
mod step2_client;
mod step3_reliable;
mod step4_calculator;
mod step5_discovery;

/// The pause between two disturbances, much shorter than any timeout.
const PAUSE: Duration = Duration::from_millis(2);

/// The timeout of a flooded program, in seconds.
const FLOODED: f64 = 0.3;

/// Expects that `client`, which has ended, says that it got no answer. `if_printed` is what to check
/// if it took a datagram for the answer.
fn expect_no_answer(client: &mut Process, if_printed: (&str, &str)) {
    let exit = client.expect_end();
    let (id, think) = if !exit.stdout.is_empty() {
        if_printed
    } else if exit.stderr.contains("Interrupted") {
        GO_ON_AFTER_A_SIGNAL
    } else {
        NO_TIME_LEFT_IS_THE_END
    };
    client.says(id, think).expect_error(&["after 1 try"]);
}

const NO_TIME_LEFT_IS_THE_END: (&str, &str) = (
    "no-time-left-is-the-end",
    "In `receive` (client.rs), go on after `Interrupted`, and return `None` if no time is left. `set_read_timeout` refuses a timeout of zero.",
);

const GO_ON_AFTER_A_SIGNAL: (&str, &str) = (
    "go-on-after-a-signal",
    "In `receive`, go on after `Interrupted`. Ctrl-Z and `fg` interrupt a `recv` that has a timeout.",
);

/// Calls `disturb` every few milliseconds until `program` ends, and returns whether it did. The
/// program was started at `start` and has a timeout of `timeout` seconds. `None` if the flood
/// paused for more than a quarter of the timeout, in which even a wrong program may end.
fn ends_in_a_flood(
    program: &mut Process,
    start: Instant,
    timeout: f64,
    mut disturb: impl FnMut(&mut Process),
) -> Option<bool> {
    let (timeout, deadline) = (test_time(timeout), Deadline::usual());
    let (flooding, mut last) = (Instant::now(), start);
    while deadline.left().is_some() || start.elapsed() < timeout * 3 {
        let (has_ended, begun) = (program.has_ended(), Instant::now());
        if !has_ended {
            disturb(program);
        }
        // Measured after the disturbance, so that no delay between two of them is missed.
        if last.elapsed() > timeout / 4 {
            return None;
        }
        if has_ended || waits_too_long(program, flooding, timeout) {
            return Some(has_ended);
        }
        last = begun;
        // Not `poll_until`, whose pauses grow.
        thread::park_timeout(PAUSE);
    }
    Some(false)
}

/// Whether `program` still waits although its timeout is over. It began to wait before `flooding`,
/// or after that only because it got no CPU.
fn waits_too_long(program: &Process, flooding: Instant, timeout: Duration) -> bool {
    let flooded = flooding.elapsed();
    program.run_delay().is_some_and(|delay| flooded > timeout * 3 / 2 + delay)
}
