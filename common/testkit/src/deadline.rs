//! Waiting: always for something, and never for ever.

use super::failure::report_wait;
use std::cell::Cell;
use std::env;
use std::ops::RangeInclusive;
use std::sync::{Mutex, OnceLock};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

/// How long the kit waits for a program that shows no progress: two seconds.
const PATIENCE: Duration = Duration::from_secs(2);

/// How long it waits in all for a program that does: one that talks for ever is as wrong as one
/// that is silent for ever. Less than the runner gives a test, so that the test can still say why.
const ENDURANCE: Duration = Duration::from_secs(15);

/// What a factor may be: two seconds become 20 ms, or half an hour.
const FACTORS: RangeInclusive<f64> = 0.01..=1000.0;

/// What a program has to start, however short `LAB_DEADLINE_SCALE` makes all deadlines.
const START: Duration = Duration::from_millis(500);

/// How long `poll_until` rests between two looks, at most.
const REST: Duration = Duration::from_millis(10);

/// And at least: who sleeps for less than this is woken late.
const NAP: Duration = Duration::from_micros(50);

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
        Deadline { at: Instant::now() + stretched(time) }
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

/// `seconds` as a time, times `LAB_DEADLINE_SCALE` and `LAB_HURRY`: for the pauses of a peer, and,
/// as an argument ([`seconds`]), for the program's own timeouts, so that both stretch alike.
pub fn scaled(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds * pace())
}

/// The same as text for a command line: `seconds(0.25)` is `"0.25"`, and `"0.5"` on a machine that
/// is given twice the time.
pub fn seconds(seconds: f64) -> String {
    (seconds * pace()).to_string()
}

/// `time`, times `LAB_DEADLINE_SCALE`: for how long somebody else is waited for.
pub fn stretched(time: Duration) -> Duration {
    time.mul_f64(scale())
}

/// A wait that progress prolongs: to the usual deadline from the last progress on, but not for
/// ever.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    next: Deadline,
    last: Deadline,
}

impl Patience {
    pub fn new() -> Patience {
        Patience::with(Duration::ZERO)
    }

    /// For a program that has just been started.
    pub fn for_a_start() -> Patience {
        let at_least = |time| Deadline::in_just(stretched(time).max(START));
        Patience { next: at_least(PATIENCE), last: at_least(ENDURANCE) }
    }

    /// As usual, but the first progress may take `longer`.
    pub fn with(longer: Duration) -> Patience {
        let (next, last) = (PATIENCE + longer, ENDURANCE + longer);
        Patience { next: Deadline::after(next), last: Deadline::after(last) }
    }

    /// No longer than to `deadline`, progress or not.
    pub fn until(deadline: Deadline) -> Patience {
        Patience { next: deadline, last: deadline }
    }

    /// Something has happened.
    pub fn renew(&mut self) {
        self.next = Deadline::usual();
    }

    /// When even progress prolongs it no more.
    pub fn last(&self) -> Deadline {
        self.last
    }

    /// What is left; `None` when it is over. Never zero.
    pub fn left(&self) -> Option<Duration> {
        Some(self.next.left()?.min(self.last.left()?))
    }

    /// The same, but it begins anew for somebody who `waits_for_a_disk`: slow is not silent.
    pub fn left_unless(&mut self, waits_for_a_disk: impl FnOnce() -> bool) -> Option<Duration> {
        if self.left().is_none() && self.last.left().is_some() && waits_for_a_disk() {
            self.renew();
        }
        self.left()
    }
}

/// The pauses between looks at whether there is still somebody to wait for: most is decided in
/// milliseconds, so they begin at two, and double up to fifty.
#[derive(Debug)]
pub(super) struct Pauses {
    next: Duration,
}

impl Pauses {
    pub fn new() -> Pauses {
        Pauses { next: Duration::from_millis(2) }
    }

    pub fn next(&mut self) -> Duration {
        let pause = self.next;
        self.next = (2 * pause).min(Duration::from_millis(50));
        pause
    }
}

/// The factor for slow machines.
fn scale() -> f64 {
    static SCALE: OnceLock<f64> = OnceLock::new();
    *SCALE.get_or_init(|| factor("LAB_DEADLINE_SCALE"))
}

/// The factor for the times that a test chooses.
fn pace() -> f64 {
    let hurry = hurry();
    takes_its_time();
    scale() * hurry
}

/// Says that a test waits, so that whoever is in a hurry may start it before the others. Who asks
/// for [`scaled`] times says so by that; this is for those whose times nothing shortens.
pub fn takes_its_time() {
    thread_local!(static IS_SAID: Cell<bool> = const { Cell::new(false) });
    if factor_of_hurry() != 1.0 && !IS_SAID.replace(true) {
        report_wait(&thread::current());
    }
}

/// A clock of the program's own runs from now on, and no factor reaches it. In the hurry, when many
/// tests run at once, a program may come too late for it that is right.
pub(super) fn their_clock_runs() {
    hurry();
}

fn factor_of_hurry() -> f64 {
    static HURRY: OnceLock<f64> = OnceLock::new();
    *HURRY.get_or_init(|| factor("LAB_HURRY"))
}

/// The factor in a hurry. Who asks while there is one is remembered.
fn hurry() -> f64 {
    let hurry = factor_of_hurry();
    if hurry != 1.0 {
        HURRIED.lock().expect("no panic under the lock").push(thread::current().id());
    }
    hurry
}

/// The threads, and so the tests, whose verdict may be another one without the hurry.
static HURRIED: Mutex<Vec<ThreadId>> = Mutex::new(Vec::new());

/// Whether the test on `thread` should be judged again without `LAB_HURRY`, if it fails.
pub(super) fn was_hurried(thread: ThreadId) -> bool {
    HURRIED.lock().expect("no panic under the lock").contains(&thread)
}

/// The factor that the variable `name` gives, 1 if there is none.
fn factor(name: &str) -> f64 {
    let Some(value) = env::var_os(name).filter(|value| !value.is_empty()) else {
        return 1.0;
    };
    let factor = value.to_str().and_then(|text| text.trim().parse().ok());
    factor.filter(|factor| FACTORS.contains(factor)).unwrap_or_else(|| {
        let (least, most) = (FACTORS.start(), FACTORS.end());
        eprintln!("{name}={value:?} is no number from {least} to {most}: 1 it is");
        1.0
    })
}

/// Looks at `condition` until it holds (`true`) or the deadline has passed (`false`).
///
/// For what the system offers no event for: another process's state, a kernel table.
pub fn poll_until(deadline: Deadline, mut condition: impl FnMut() -> bool) -> bool {
    let begun = Instant::now();
    while deadline.left().is_some() {
        if condition() {
            return true;
        }
        // A look at `/proc` is dear. So the first come at once, for on loopback most things have
        // happened already; then we rest for an eighth of the time that it has taken so far.
        match (begun.elapsed() / 8).min(REST) {
            pause if pause < NAP => thread::yield_now(),
            pause => thread::park_timeout(pause),
        }
    }
    condition()
}
