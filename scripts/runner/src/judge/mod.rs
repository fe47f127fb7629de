//! Judging: one process for each test, many at once, each with a deadline.
//!
//! ```text
//!            ┌─ suite --exact step1_listen::a ── starts ──▶ the student's program
//!  runner ───┼─ suite --exact step1_listen::b ── starts ──▶ the student's program
//!            └─ ...                       └─ writes its report when it fails or is skipped
//! ```
//!
//! A process of its own for each test means that one which hangs is killed without its
//! neighbours, and that nothing one test leaves behind reaches the next.

mod process;
mod report;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub use process::{Job, deadline, kill_all_on_interrupt};
pub use report::{Judged, Kind, Outcome};

use crate::trouble::Trouble;

/// Judges all `jobs`, at most `at_once` at the same time; the answers are in their order.
pub fn judge(jobs: &[Job], at_once: usize) -> Result<Vec<Judged>, Trouble> {
    let scratch = tempfile::tempdir()
        .map_err(|error| Trouble::failed("cannot make a temporary folder", error))?;
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..at_once.min(jobs.len()) {
            scope.spawn(|| {
                while let Some((index, job)) = take(jobs, &next) {
                    let judged = process::run(job, &scratch.path().join(index.to_string()));
                    answers.lock().expect("no thread panics with the lock").push((index, judged));
                }
            });
        }
    });
    let mut answers = answers.into_inner().expect("no thread panicked with the lock");
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, judged)| judged).collect()
}

/// The next job that nobody has taken yet.
fn take<'jobs>(jobs: &'jobs [Job], next: &AtomicUsize) -> Option<(usize, &'jobs Job)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(index).map(|job| (index, job))
}

/// How many tests to run at once: more than there are cores, for they mostly wait.
pub fn tests_at_once() -> usize {
    4 * thread::available_parallelism().map_or(2, usize::from)
}

#[cfg(test)]
mod tests;
