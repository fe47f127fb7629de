//! Step crowd: many tries at the same time, but not too many.
//!
//! ```text
//!             workers, N at most
//!   queue ─┬─▶ work(3) ── waits for its timeout
//!          ├─▶ work(7) ── result ─┐
//!          └─▶ work(8) ── result ─┴─▶ bounded channel ─▶ in order: done(2), and 3 is missing
//! ```
//!
//! A worker that finds no descriptor gives its job back and ends. So there are soon as many workers
//! as the system allows.
//!
//! A result that waits for an earlier one takes memory. So no job begins that is [`MAX_AHEAD`] jobs
//! or more ahead of the first one whose result is missing.

use std::io;
use std::sync::mpsc::{Receiver, SyncSender};
use std::sync::{Condvar, Mutex, MutexGuard};

/// How many jobs are begun at most from the first one on whose result is missing.
pub const MAX_AHEAD: usize = 1 << 14;

/// The jobs that no worker has begun, and the workers that are left.
pub struct Queue {
    waiting: Mutex<Waiting>,
    /// A job has come into reach, or the scan is over.
    changed: Condvar,
}

/// A few numbers stand for all jobs, because there may be billions.
struct Waiting {
    /// The first job that was never taken, and the number of all jobs.
    next: usize,
    jobs: usize,
    /// Jobs that were taken and given back.
    given_back: Vec<usize>,
    /// How many results were passed on.
    delivered: usize,
    workers: usize,
}

impl Waiting {
    fn is_too_far_ahead(&mut self) -> bool {
        let is_ahead = self.next >= self.delivered.saturating_add(MAX_AHEAD);
        is_ahead && self.given_back.is_empty() && self.next < self.jobs
    }

    fn pop(&mut self) -> Option<usize> {
        self.given_back.pop().or_else(|| {
            let job = (self.next < self.jobs).then_some(self.next);
            self.next += usize::from(job.is_some());
            job
        })
    }
}

impl Queue {
    /// The jobs 0 to `jobs` - 1, for `workers` workers.
    pub fn new(jobs: usize, workers: usize) -> Queue {
        let waiting = Waiting { next: 0, jobs, given_back: Vec::new(), delivered: 0, workers };
        Queue { waiting: Mutex::new(waiting), changed: Condvar::new() }
    }

    /// The queue, when its next job is not too far ahead.
    fn lock_in_reach(&self) -> MutexGuard<'_, Waiting> {
        self.changed
            .wait_while(self.lock(), Waiting::is_too_far_ahead)
            .expect("no panic under the lock")
    }

    /// The next job, as soon as it is in reach, and whether the worker that takes it is the only one
    /// left. Without a job, the worker ends.
    ///
    /// # Contract
    ///
    /// * Jobs are taken from 0 on, except those that were given back.
    /// * A worker that gets no job is not counted any more.
    ///
    /// # Steps
    ///
    /// 1. Wait by `lock_in_reach`, and pop a job.
    /// 2. Without a job, this worker ends. Count it no more.
    /// 3. With one worker left, this one is alone.
    pub fn take(&self) -> Option<(usize, bool)> {
        todo!("lab11, step crowd: take")
    }

    /// Gives back a job for which the system has no descriptor. Returns whether the worker ends.
    ///
    /// # Contract
    ///
    /// * The worker ends, and is not counted any more, if another one is left to do the job.
    ///
    /// # Steps
    ///
    /// 1. Lock, push the job to `given_back`, and notify a worker that waits (`changed`).
    /// 2. If there is more than one worker, this one ends. Count it no more.
    pub fn give_back(&self, job: usize) -> bool {
        todo!("lab11, step crowd: give_back")
    }

    /// One more result was passed on, so one more job is in reach.
    pub fn note_delivery(&self) {
        self.lock().delivered += 1;
        self.changed.notify_one();
    }

    /// No result is wanted any more. No worker gets a further job.
    pub fn close(&self) {
        let mut waiting = self.lock();
        waiting.jobs = 0;
        waiting.given_back.clear();
        self.changed.notify_all();
    }

    /// A worker could not be started.
    pub fn remove_worker(&self) {
        self.lock().workers -= 1;
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().expect("no panic under the lock")
    }
}

/// Does jobs until none is left, and sends each result.
///
/// # Contract
///
/// * A shortage ([`is_shortage`](common::clients::is_shortage)) is no result. The job goes back into
///   the queue, and the worker ends if it is not the only one. Only the last worker sends a
///   shortage, because then no other worker can give a descriptor back.
/// * It ends when no thread receives the results any more.
///
/// # Steps
///
/// 1. Take a job, and do it.
/// 2. If the result is a shortage, and this worker was not alone when it took the job, give the
///    job back. End, or go on.
/// 3. Send any other result. End if that fails.
pub fn work_off<T>(
    queue: &Queue,
    work: &impl Fn(usize) -> io::Result<T>,
    results: &SyncSender<(usize, io::Result<T>)>,
) {
    todo!("lab11, step crowd: work_off")
}

/// Passes results on in the order of their jobs, each as soon as all before it are there.
///
/// # Steps
///
/// 1. Keep what came early in a `BTreeMap` by its job.
/// 2. After each result, pass on every result that is next.
///
/// # Errors
///
/// The first error among the results, or of `done`.
pub fn deliver<T>(
    results: Receiver<(usize, io::Result<T>)>,
    done: impl FnMut(usize, T) -> io::Result<()>,
) -> io::Result<()> {
    todo!("lab11, step crowd: deliver")
}

/// Does the jobs 0 to `jobs` - 1, and passes their results to `done`, in order.
///
/// # Contract
///
/// * At most `parallel` jobs are under way. A worker that is free takes the next job, whatever the
///   other workers do.
/// * After an error, no further job begins.
/// * At most [`MAX_AHEAD`] results wait for an earlier one.
///
/// # Steps
///
/// 1. Make the queue, and a bounded channel (`mpsc::sync_channel`).
/// 2. In a `thread::scope`, start the workers by `thread::Builder`, each with its own sender.
///    Remove a worker that could not be started from the queue. If it was the first one, return
///    the error.
/// 3. Drop the sender that is left, and deliver the results in this thread. Call `note_delivery`
///    after each, and `close` at the end.
///
/// # Errors
///
/// Those of `work` and `done`, and of the start of the only worker.
pub fn in_order<T: Send>(
    jobs: usize,
    parallel: usize,
    work: impl Fn(usize) -> io::Result<T> + Sync,
    done: impl FnMut(usize, T) -> io::Result<()>,
) -> io::Result<()> {
    // Given, so that step ports can be tried. It does one job after the other.
    if parallel == 1 {
        let mut done = done;
        return (0..jobs).try_for_each(|job| done(job, work(job)?));
    }
    todo!("lab11, step crowd: in_order")
}
