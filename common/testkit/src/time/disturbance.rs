//! Whether something else on this machine may have disturbed an attempt of a test.
//!
//! ```text
//!   /proc/pressure/cpu     how long a thread of the machine waited for a CPU (PSI)
//!   a thread that sleeps   how late it wakes up: the limit of a container and a virtual machine that
//!                          stands still are in no counter
//! ```

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long the thread sleeps at a time.
const PAUSE: Duration = Duration::from_millis(5);

/// A thread wakes up so late only on a disturbed machine.
const LATE: Duration = Duration::from_millis(20);

/// In less time, a disturbance may remain unseen.
const ENOUGH: Duration = Duration::from_millis(20);

/// Threads wait for a CPU in this share of the time only on a busy machine.
const BUSY: f64 = 0.2;

/// Looks for disturbances from its start on.
#[derive(Debug)]
pub struct Disturbance {
    is_over: Arc<AtomicBool>,
    /// Returns the longest delay of a wake-up.
    sleeper: JoinHandle<Duration>,
    begun: Instant,
    /// The pressure at the start. `None` where the system does not tell.
    pressure: Option<Duration>,
}

impl Disturbance {
    pub fn watch() -> Disturbance {
        let is_over = Arc::new(AtomicBool::new(false));
        let stop = Arc::clone(&is_over);
        let sleeper = thread::spawn(move || {
            let mut longest = Duration::ZERO;
            while !stop.load(Ordering::Relaxed) {
                let asleep = Instant::now();
                thread::park_timeout(PAUSE);
                longest = longest.max(asleep.elapsed().saturating_sub(PAUSE));
            }
            longest
        });
        Disturbance { is_over, sleeper, begun: Instant::now(), pressure: pressure() }
    }

    /// Whether nothing can have disturbed the time since the start. `false` where this cannot be seen.
    pub fn saw_none(self) -> bool {
        self.is_over.store(true, Ordering::Relaxed);
        let time = self.begun.elapsed();
        let latest = self.sleeper.join().expect("sleeping does not panic");
        let waited = pressure().zip(self.pressure).map(|(now, before)| now.saturating_sub(before));
        waited.is_some_and(|waited| is_quiet(waited, time, latest))
    }
}

/// Whether the machine was quiet for `time`, if threads waited for CPUs and woke up so late.
fn is_quiet(waited: Duration, time: Duration, latest: Duration) -> bool {
    time >= ENOUGH && waited < time.mul_f64(BUSY) && latest < LATE
}

/// How long at least one thread of this machine has waited for a CPU since its start.
fn pressure() -> Option<Duration> {
    // "some avg10=0.00 avg60=0.00 avg300=0.00 total=MICROSECONDS", and a second line.
    let text = fs::read_to_string("/proc/pressure/cpu").ok()?;
    let (_, total) = text.lines().next()?.rsplit_once("total=")?;
    total.parse().ok().map(Duration::from_micros)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_machine_is_quiet_if_no_thread_waits_and_none_wakes_up_late() {
        let [short, long, time] = [1, 100, 400].map(Duration::from_millis);
        assert!(is_quiet(short, time, short));
        assert!(!is_quiet(long, time, short), "a thread waited");
        assert!(!is_quiet(Duration::ZERO, short, Duration::ZERO), "too short to tell");
        assert!(!is_quiet(short, time, long), "a thread woke up late");
    }

    #[test]
    fn a_busy_machine_is_not_quiet() {
        let Some(before) = pressure() else { return };
        let busy = Disturbance::watch();
        let count = thread::available_parallelism().map_or(1, usize::from) * 2;
        let end = Instant::now() + Duration::from_millis(300);
        thread::scope(|scope| {
            for _ in 0..count {
                scope.spawn(|| while Instant::now() < end {});
            }
        });
        assert!(pressure() > Some(before), "more threads than CPUs");
        assert!(!busy.saw_none());
    }
}
