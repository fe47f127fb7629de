//! The suite of lab 03. Each module is a step; each test is a promise of the README.

use std::thread;
use std::time::{Duration, Instant};
use testkit::{Deadline, Process, test_time};

mod clients;
mod requests;
mod step1_echo;
mod step2_client;
mod step3_reliable;
mod step4_calculator;
mod step5_discovery;

/// The pause between two datagrams of a flood, much shorter than any timeout.
const PAUSE: Duration = Duration::from_millis(2);

/// Timeouts of a flooded program, in seconds. A busy machine may interrupt the flood for a large
/// part of a short timeout. Then the test begins again with the next one.
const FLOODED: [f64; 4] = [0.3, 0.6, 1.2, 2.4];

const TOO_BUSY: &str = "this machine is too busy to send a datagram every few milliseconds";

/// Calls `send` every few milliseconds until `program` ends, and returns whether it did. The
/// program was started at `start` and has a timeout of `timeout` seconds. `None` if the flood
/// paused for more than a quarter of the timeout, in which even a wrong program may end.
fn ends_in_a_flood(
    program: &Process,
    start: Instant,
    timeout: f64,
    mut send: impl FnMut(),
) -> Option<bool> {
    let (timeout, deadline) = (test_time(timeout), Deadline::usual());
    let mut last = start;
    while deadline.left().is_some() || start.elapsed() < timeout * 3 {
        if last.elapsed() > timeout / 4 {
            return None;
        }
        if program.has_ended() {
            return Some(true);
        }
        send();
        last = Instant::now();
        // Not `poll_until`, whose pauses grow.
        thread::park_timeout(PAUSE);
    }
    Some(false)
}
