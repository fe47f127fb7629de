//! Judging: one process for each test, many at once, each with a deadline.
//!
//! ```text
//!            ┌─ suite --exact step1_listen::a ── starts ──▶ the student's program
//!  runner ───┼─ suite --exact step1_listen::b ── starts ──▶ the student's program
//!            └─ ...                       └─ writes its report when it fails or is skipped
//! ```
//!
//! A process of its own for each test means that one which hangs is killed without its
//! neighbours, and that nothing one test leaves behind reaches the next. Whoever waits for a verdict
//! has all of them run side by side first, and a process of its own only for each of those about
//! which that says nothing certain: [`rush`].

mod process;
mod report;
mod rush;
mod slots;

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

pub use process::{Job, deadline, kill_all_on_interrupt};
pub use report::{Judged, Kind, Outcome};
pub use slots::Slots;

use crate::trouble::Trouble;

/// How many tests may be under way, most of them waiting.
const UNDER_WAY: usize = 32;

/// Judges all `jobs`, as many at once as there are `slots`; the answers are in their order.
pub fn judge(jobs: &[Job], slots: &Slots) -> Result<Vec<Judged>, Trouble> {
    let scratch = tempfile::tempdir()
        .map_err(|error| Trouble::failed("cannot make a temporary folder", error))?;
    let next = AtomicUsize::new(0);
    let answers = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..UNDER_WAY.min(jobs.len()) {
            scope.spawn(|| {
                loop {
                    let slot = slots.take();
                    let Some((index, job)) = take(jobs, &next) else { return };
                    let judged = process::run(job, &scratch.path().join(index.to_string()), slot);
                    answers.lock().expect("no thread panics with the lock").push((index, judged));
                }
            });
        }
    });
    let mut answers = answers.into_inner().expect("no thread panicked with the lock");
    answers.sort_by_key(|(index, _)| *index);
    answers.into_iter().map(|(_, judged)| judged).collect()
}

/// Judges all `jobs`, the tests of one program, as soon as can be: all side by side first, and then
/// those again that this says nothing certain of.
pub fn judge_soon(jobs: &[Job], slots: &Slots) -> Result<Vec<Judged>, Trouble> {
    let verdicts = rush::rush(jobs, slots)?;
    let open = jobs.iter().zip(&verdicts).filter(|(_, verdict)| verdict.is_none());
    let open: Vec<Job> = open.map(|(job, _)| job.clone()).collect();
    let mut again = judge(&open, slots)?.into_iter();
    let verdicts = verdicts.into_iter().map(|verdict| verdict.or_else(|| again.next()));
    let judged = verdicts.map(|verdict| verdict.expect("each open job was judged"));
    Ok(judged.collect())
}

/// The next job that nobody has taken yet.
fn take<'jobs>(jobs: &'jobs [Job], next: &AtomicUsize) -> Option<(usize, &'jobs Job)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(index).map(|job| (index, job))
}

#[cfg(test)]
mod tests;
