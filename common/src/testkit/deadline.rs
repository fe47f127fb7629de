//! Waiting: always for something, and never for ever.

use std::env;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant};

/// How long the kit waits for a program that shows no progress: two seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long `poll_until` rests between two looks.
const POLL: Duration = Duration::from_micros(200);

/// The moment at which a wait becomes a failure.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    at: Instant,
}

impl Deadline {
    /// Two seconds from now, times `LAB_DEADLINE_SCALE`.
    pub fn usual() -> Deadline {
        Deadline::after(PATIENCE)
    }

    /// `time` from now, times `LAB_DEADLINE_SCALE`.
    pub fn after(time: Duration) -> Deadline {
        Deadline { at: Instant::now() + time.mul_f64(scale()) }
    }

    /// `time` from now, as it stands: a peer's own pauses ([`scaled`] if need be).
    pub(super) fn in_just(time: Duration) -> Deadline {
        Deadline { at: Instant::now() + time }
    }

    /// What is left; `None` when it is over. Never zero, so it can be a socket's timeout.
    pub fn left(&self) -> Option<Duration> {
        self.at.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }
}

/// `seconds` as a time, times `LAB_DEADLINE_SCALE`: for the pauses of a peer, and, as an argument
/// ([`seconds`]), for the program's own timeouts, so that both stretch alike.
pub fn scaled(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds * scale())
}

/// The same as text for a command line: `seconds(0.25)` is `"0.25"`, and `"0.5"` on a machine that
/// is given twice the time.
pub fn seconds(seconds: f64) -> String {
    (seconds * scale()).to_string()
}

/// The factor for slow machines: `LAB_DEADLINE_SCALE`, 1 if there is none.
pub(super) fn scale() -> f64 {
    static SCALE: OnceLock<f64> = OnceLock::new();
    *SCALE.get_or_init(|| {
        let value = env::var("LAB_DEADLINE_SCALE").ok().and_then(|text| text.parse().ok());
        value.filter(|scale: &f64| scale.is_finite() && *scale > 0.0).unwrap_or(1.0)
    })
}

/// Looks at `condition` until it holds (`true`) or the deadline has passed (`false`).
///
/// For what the system offers no event for: another process's state, a kernel table.
pub fn poll_until(deadline: Deadline, mut condition: impl FnMut() -> bool) -> bool {
    // The first looks come at once: on loopback, most things have happened already.
    for _ in 0..50 {
        if condition() {
            return true;
        }
        thread::yield_now();
    }
    while deadline.left().is_some() {
        if condition() {
            return true;
        }
        thread::park_timeout(POLL);
    }
    condition()
}
