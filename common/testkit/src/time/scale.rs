//! The times that a test chooses, and whether its verdict may depend on them.
//!
//! The runner runs all tests at the same time first, and with a small `LAB_TIME_SCALE`. A pass is
//! final then. A failure may come of the short times, or of the many neighbours, if the test has
//! chosen a time or started a timer of the program's. Such a failure is provisional.

use report::env::{deadline_scale, time_scale};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

thread_local! {
    /// For the test on this thread.
    static PROVISIONAL: Arc<AtomicBool> = Arc::default();
}

/// `seconds` as a time, times `LAB_DEADLINE_SCALE` and `LAB_TIME_SCALE`: for the pauses of a peer,
/// and, as an argument ([`test_time_arg`]), for the program's own timeouts, so that both scale
/// alike.
pub fn test_time(seconds: f64) -> Duration {
    Duration::from_secs_f64(scaled(seconds))
}

/// The same as text for a command line: `test_time_arg(0.25)` is `"0.25"`, and `"0.5"` on a machine
/// that is given twice the time.
pub fn test_time_arg(seconds: f64) -> String {
    scaled(seconds).to_string()
}

fn scaled(seconds: f64) -> f64 {
    mark_program_timer();
    seconds * deadline_scale() * time_scale()
}

/// A timer of the program's own runs from now on, and no factor reaches it. Beside many other tests
/// a program that is right may be too late for it.
pub fn mark_program_timer() {
    if time_scale() != 1.0 {
        PROVISIONAL.with(|mark| mark.store(true, Ordering::SeqCst));
    }
}

/// Whether a failure of the test on this thread is provisional, now and later.
pub fn provisional_mark() -> Arc<AtomicBool> {
    PROVISIONAL.with(Arc::clone)
}
