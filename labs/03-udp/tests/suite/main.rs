//! The suite of lab 03. Each module is a step; each test is a promise of the README.

use std::thread;
use std::time::Duration;
use testkit::{Deadline, Process};

mod clients;
mod requests;
mod step1_echo;
mod step2_client;
mod step3_reliable;
mod step4_calculator;
mod step5_discovery;

/// How often somebody nags: much more often than anybody's patience ends.
const NAG: Duration = Duration::from_millis(2);

/// How long a program waits, in seconds, that is nagged meanwhile.
const NAGGED: f64 = 0.3;

/// Nags until `program` ends, and says whether it did. One whose patience begins anew with each
/// datagram does not; any other has many times as long as it needs, for the machine may be busy.
fn ends_though_nagged(program: &Process, mut nag: impl FnMut()) -> bool {
    let deadline = Deadline::usual();
    while deadline.left().is_some() {
        if program.has_ended() {
            return true;
        }
        nag();
        // Not `poll_until`, which lets others go first: on a busy machine the next datagram would
        // be later than any patience.
        thread::park_timeout(NAG);
    }
    false
}
