//! How long a process runs, measured on a machine that may be busy.
//!
//! ```text
//!   start          waits for a CPU         last seen asleep   seen to have ended
//!     ├────────────░░░░░░────────────────────────┤░░░░░░░░░░░░░░░░░┤
//!     at least: without the shaded parts                at most: all of it
//! ```

use super::process::Process;
use crate::linux::RunDelays;
use std::thread;
use std::time::{Duration, Instant};

/// The pause between two looks at whether the process has ended.
const LOOK: Duration = Duration::from_millis(3);

/// A look that comes so late tells that the whole machine stood still, or hardly ran. Then a process
/// may also have slept without a wait of its own, and without a wait for a CPU that the kernel counts.
const STANDSTILL: Duration = Duration::from_secs(1);

/// The share of an expected time that proves that a process waited by itself. It is less than 1,
/// because looks have pauses between them.
const PROOF: f64 = 0.8;

/// Bounds of the time that a process took until it ended, or until another event.
#[derive(Clone, Copy, Debug)]
pub struct RunTime {
    /// So long it was seen asleep, without the time in which it waited for a CPU.
    pub at_least: Duration,
    /// After so long the event was seen, or the limit was reached.
    pub at_most: Duration,
}

impl RunTime {
    /// Whether the process waited for `expected` before the event. `Some(false)` is certain, and so
    /// is `Some(true)` for four fifths of that time. `None`: a busy machine may have caused the
    /// delay.
    pub fn reaches(&self, expected: Duration) -> Option<bool> {
        if self.at_most < expected {
            return Some(false);
        }
        (self.at_least >= expected.mul_f64(PROOF)).then_some(true)
    }
}

impl Process {
    /// Waits until it has started, which takes a runtime seconds. Returns the last moment at which
    /// it had printed nothing and had no socket, so its own clocks began later.
    pub fn wait_until_started(&self) -> Instant {
        let (mut start, mut delays) = (self.running.started(), RunDelays::default());
        // Elsewhere than on Linux no socket is seen, and a silent program would seem to start.
        while cfg!(target_os = "linux") {
            // In this order: no delay after `seen` is among those before it.
            let delays_before = RunDelays::of(self.pid());
            let seen = Instant::now();
            if !self.running.is_starting() {
                break;
            }
            (start, delays) = (seen, delays_before);
            thread::park_timeout(LOOK);
        }
        *self.delays.lock().expect("no panic under the lock") = delays;
        start
    }

    /// Waits until it ends, at most for `limit`, and measures the time since `start`. Take `start`
    /// before you start the process, or from [`Process::wait_until_started`].
    pub fn run_time(&self, start: Instant, limit: Duration) -> RunTime {
        self.time_until(start, limit, || self.has_ended())
    }

    /// The same for another event than its end, of which `has_come` returns whether it has come.
    pub fn time_until(
        &self,
        start: Instant,
        limit: Duration,
        has_come: impl Fn() -> bool,
    ) -> RunTime {
        let (mut at_least, mut seen) = (Duration::ZERO, start.elapsed());
        loop {
            let before = seen;
            // In this order: the process was there at `seen`, and had waited for `delay` or less.
            seen = start.elapsed();
            let delay = self.run_delay();
            let is_over = has_come();
            if let Some(delay) = delay.filter(|_| !is_over) {
                at_least = at_least.max(seen.saturating_sub(delay));
            }
            if start.elapsed() - before > STANDSTILL {
                at_least = Duration::ZERO;
            }
            if is_over || seen > limit {
                return RunTime { at_least, at_most: start.elapsed() };
            }
            // Not `poll_until`, whose pauses grow.
            thread::park_timeout(LOOK);
        }
    }

    /// How long its threads were ready to run, and each CPU ran another thread: since the moment
    /// that [`Process::wait_until_started`] returned, or else since it was started. `None` while one
    /// of them is ready to run. Zero where this cannot be seen.
    pub fn run_delay(&self) -> Option<Duration> {
        self.delays.lock().expect("no panic under the lock").sum(self.pid())
    }
}
