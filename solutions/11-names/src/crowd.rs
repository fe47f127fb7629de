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

use common::clients::is_shortage;
use std::collections::BTreeMap;
use std::io;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::sync::{Condvar, Mutex, MutexGuard};
use std::thread;

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
    pub fn take(&self) -> Option<(usize, bool)> {
        let mut waiting = self.lock_in_reach();
        let job = waiting.pop();
        if job.is_none() {
            waiting.workers -= 1;
        }
        job.map(|job| (job, waiting.workers == 1))
    }

    /// Gives back a job for which the system has no descriptor. Returns whether the worker ends.
    ///
    /// # Contract
    ///
    /// * The worker ends, and is not counted any more, if another one is left to do the job.
    pub fn give_back(&self, job: usize) -> bool {
        let mut waiting = self.lock();
        waiting.given_back.push(job);
        self.changed.notify_one();
        let has_others = waiting.workers > 1;
        if has_others {
            waiting.workers -= 1;
        }
        has_others
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
pub fn work_off<T>(
    queue: &Queue,
    work: &impl Fn(usize) -> io::Result<T>,
    results: &SyncSender<(usize, io::Result<T>)>,
) {
    while let Some((job, is_alone)) = queue.take() {
        let result = work(job);
        if !is_alone && result.as_ref().is_err_and(is_shortage) {
            if queue.give_back(job) {
                return;
            }
        } else if results.send((job, result)).is_err() {
            return;
        }
    }
}

/// Passes results on in the order of their jobs, each as soon as all before it are there.
///
/// # Errors
///
/// The first error among the results, or of `done`.
pub fn deliver<T>(
    results: Receiver<(usize, io::Result<T>)>,
    mut done: impl FnMut(usize, T) -> io::Result<()>,
) -> io::Result<()> {
    let mut early = BTreeMap::new();
    let mut next = 0;
    for (job, result) in results {
        early.insert(job, result?);
        while let Some(result) = early.remove(&next) {
            done(next, result)?;
            next += 1;
        }
    }
    Ok(())
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
/// # Errors
///
/// Those of `work` and `done`, and of the start of the only worker.
pub fn in_order<T: Send>(
    jobs: usize,
    parallel: usize,
    work: impl Fn(usize) -> io::Result<T> + Sync,
    mut done: impl FnMut(usize, T) -> io::Result<()>,
) -> io::Result<()> {
    let workers = parallel.min(jobs);
    let queue = Queue::new(jobs, workers);
    let (sender, results) = mpsc::sync_channel(workers);
    thread::scope(|scope| {
        for number in 0..workers {
            let (sender, queue, work) = (sender.clone(), &queue, &work);
            let worker = move || work_off(queue, work, &sender);
            // Builder, because `scope.spawn` panics when the system has no thread left.
            match thread::Builder::new().spawn_scoped(scope, worker) {
                Ok(_) => (),
                Err(error) if number == 0 => return Err(error),
                Err(_) => queue.remove_worker(),
            }
        }
        // The channel is closed when the last worker drops its own.
        drop(sender);
        let outcome = deliver(results, |job, result| {
            queue.note_delivery();
            done(job, result)
        });
        queue.close();
        outcome
    })
}
