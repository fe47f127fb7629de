//! When a wait becomes a failure, and how to wait until then.

use process_tree::poll::poll_for;
use report::env::scale_deadline;
use std::mem;
use std::time::{Duration, Instant};

/// How long the kit waits for a program that makes no progress.
const IDLE_LIMIT: Duration = Duration::from_secs(2);

/// How long the kit waits in all for a program that does make progress: one that sends for ever is
/// as wrong as one that is silent for ever. Less than the runner gives a test, so that the test can
/// still say why.
const TOTAL_LIMIT: Duration = Duration::from_secs(15);

/// How long a program may take to start, until it prints something or opens a socket. A runtime that
/// compiles its program first needs seconds.
const START_TIMEOUT: Duration = Duration::from_secs(10);

/// What a program has to start, however short `LAB_DEADLINE_SCALE` makes all deadlines.
const SHORTEST_START: Duration = Duration::from_millis(500);

/// When a program that the kit itself has started must have ended.
pub fn start_deadline() -> Deadline {
    Deadline::after_unscaled(start_timeout())
}

/// [`START_TIMEOUT`] times `LAB_DEADLINE_SCALE`.
pub fn start_timeout() -> Duration {
    scale_deadline(START_TIMEOUT).max(SHORTEST_START)
}

/// The pauses of a [`Backoff`].
const FIRST_PAUSE: Duration = Duration::from_millis(2);
const LONGEST_PAUSE: Duration = Duration::from_millis(50);

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

    /// The time left; `None` when it is over. Never zero, so it can be a socket's timeout.
    pub fn left(&self) -> Option<Duration> {
        self.at.checked_duration_since(Instant::now()).filter(|left| !left.is_zero())
    }
}

/// Whether a test that saw nothing happen for `time` has waited for something that did not come.
pub fn is_in_vain(time: Duration) -> bool {
    time >= scale_deadline(IDLE_LIMIT / 2)
}

/// Looks at `condition` until it holds (`true`) or the deadline has passed (`false`).
///
/// For what the system offers no event for: another process's state, a kernel table.
pub fn poll_until(deadline: Deadline, condition: impl FnMut() -> bool) -> bool {
    poll_for(deadline.left().unwrap_or_default(), condition)
}

/// A wait that ends two seconds after the last progress, but not later than fifteen after its
/// beginning.
#[derive(Clone, Copy, Debug)]
pub struct ProgressDeadline {
    idle: Deadline,
    total: Deadline,
    /// Whether the program was slow when the wait was last over.
    was_slow: bool,
}

impl ProgressDeadline {
    pub fn new() -> ProgressDeadline {
        ProgressDeadline::with_grace(Duration::ZERO)
    }

    /// For a program that has just been started.
    pub fn for_a_start() -> ProgressDeadline {
        let at_least = |limit| Deadline::after_unscaled(scale_deadline(limit).max(SHORTEST_START));
        let (idle, total) = (at_least(IDLE_LIMIT), at_least(TOTAL_LIMIT));
        ProgressDeadline { idle, total, was_slow: true }
    }

    /// As usual, but the first progress may take `grace` longer.
    pub fn with_grace(grace: Duration) -> ProgressDeadline {
        let (idle, total) =
            (Deadline::after(IDLE_LIMIT + grace), Deadline::after(TOTAL_LIMIT + grace));
        ProgressDeadline { idle, total, was_slow: false }
    }

    /// No longer than to `deadline`, progress or not.
    pub fn until(deadline: Deadline) -> ProgressDeadline {
        ProgressDeadline { idle: deadline, total: deadline, was_slow: false }
    }

    /// There was progress.
    pub fn renew(&mut self) {
        self.idle = Deadline::usual();
    }

    /// When even progress puts it off no more.
    pub fn total(&self) -> Deadline {
        self.total
    }

    /// The time left; `None` when it is over. Never zero.
    pub fn left(&self) -> Option<Duration> {
        Some(self.idle.left()?.min(self.total.left()?))
    }

    /// The same, but for a program that `is_slow` it begins again. Such a program is not silent. It
    /// begins once more for one that was slow and is not any more, because that is progress.
    pub fn left_unless(&mut self, is_slow: impl FnOnce() -> bool) -> Option<Duration> {
        if self.left().is_none() && self.total.left().is_some() {
            let was_slow = mem::replace(&mut self.was_slow, is_slow());
            if self.was_slow || was_slow {
                self.renew();
            }
        }
        self.left()
    }
}

/// Growing pauses between two looks at whether it is still worth waiting.
///
/// Most is decided in milliseconds, so the pauses begin at two, and double up to fifty.
#[derive(Debug)]
pub struct Backoff {
    next: Duration,
}

impl Backoff {
    pub fn new() -> Backoff {
        Backoff { next: FIRST_PAUSE }
    }

    pub fn next(&mut self) -> Duration {
        let pause = self.next;
        self.next = (2 * pause).min(LONGEST_PAUSE);
        pause
    }
}
