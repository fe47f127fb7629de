//! Looking at a condition until it holds, for what the system offers no event for: another
//! process's state, a table of the kernel.

use std::thread;
use std::time::{Duration, Instant};

/// The longest pause between two looks.
const LONGEST_PAUSE: Duration = Duration::from_millis(10);

/// The shortest pause: a thread that sleeps for less is woken late.
const SHORTEST_PAUSE: Duration = Duration::from_micros(50);

/// Looks at `condition` until it holds (`true`) or `limit` has passed (`false`).
pub fn poll_for(limit: Duration, mut condition: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    while began.elapsed() < limit {
        if condition() {
            return true;
        }
        // On loopback most things have happened already, so the first looks follow each other
        // immediately. A look is expensive, so later the pause is an eighth of the time waited so
        // far.
        match (began.elapsed() / 8).min(LONGEST_PAUSE) {
            pause if pause < SHORTEST_PAUSE => thread::yield_now(),
            pause => thread::park_timeout(pause),
        }
    }
    condition()
}
