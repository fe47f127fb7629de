//! The moment at which a wait becomes a failure.

use report::env::scale_deadline;
use std::time::{Duration, Instant};

/// How long the kit waits for a program that makes no progress.
pub const IDLE_LIMIT: Duration = Duration::from_secs(2);

/// The moment at which a wait becomes a failure.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    at: Instant,
}

impl Deadline {
    /// Two seconds from now, times `LAB_DEADLINE_SCALE`.
    pub fn usual() -> Deadline {
        Deadline::after(IDLE_LIMIT)
    }

    /// `time` from now, times `LAB_DEADLINE_SCALE`.
    pub fn after(time: Duration) -> Deadline {
        Deadline::after_unscaled(scale_deadline(time))
    }

    /// `time` from now, whatever the scale: a peer's own pauses.
    pub(crate) fn after_unscaled(time: Duration) -> Deadline {
        Deadline { at: Instant::now() + time }
    }

    /// What is left; `None` when it is over. Never zero, so it can be a socket's timeout.
    pub fn left(&self) -> Option<Duration> {
        self.at.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }
}
