//! Each test in a process of its own, many at once, each with a deadline.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::permits::{Permit, Permits};
use super::process::{self, Job, TestProcess};
use super::result::{Ending, TestResult};
use crate::error::Error;

/// How many tests run at the same time. Most of them wait.
const AT_ONCE: usize = 32;

/// Runs all `jobs`, as many at once as `permits` allows. The results are in the order of the jobs.
pub fn one_by_one(jobs: &[Job], permits: &Permits) -> Result<Vec<TestResult>, Error> {
    let scratch = tempfile::tempdir()
        .map_err(|error| Error::failed("cannot make a temporary folder", error))?;
    let next = AtomicUsize::new(0);
    let results = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(jobs.len()) {
            scope.spawn(|| {
                loop {
                    let permit = permits.take();
                    let Some((index, job)) = take(jobs, &next) else { return };
                    let result = run(job, &scratch.path().join(index.to_string()), permit);
                    results.lock().expect("no thread panics with the lock").push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().expect("no thread panicked with the lock");
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// The next job that no thread has taken.
fn take<'jobs>(jobs: &'jobs [Job], next: &AtomicUsize) -> Option<(usize, &'jobs Job)> {
    let index = next.fetch_add(1, Ordering::Relaxed);
    jobs.get(index).map(|job| (index, job))
}

/// Runs `job` to its end. Its files are `scratch` with an extension.
fn run(job: &Job, scratch: &Path, permit: Permit<'_>) -> Result<TestResult, Error> {
    let report = scratch.with_extension("report");
    let output = scratch.with_extension("output");
    let ended = File::create(&output)
        .and_then(|file| start(job, &report, file))
        .and_then(|process| {
            let held = permit.limit().min(job.deadline);
            let early = process.wait(held);
            drop(permit);
            let ended = early.or_else(|| process.wait(job.deadline - held));
            process.finish(ended)
        })
        .map_err(|error| Error::failed(format!("cannot run {}", job.program.display()), error))?;
    let ending = Ending {
        success: ended.map(|status| status.success()),
        output: process::read_output(&output),
        report: process::read_report(&report),
    };
    Ok(ending.result(&job.test, job.deadline))
}

fn start(job: &Job, report: &Path, output: File) -> io::Result<TestProcess> {
    let mut command = process::command(job, report, output)?;
    command
        .args(["--exact", &job.test, "--test-threads=1"])
        // Captured output is lost when a test is killed, and the last lines of a hang matter most.
        .arg("--nocapture");
    TestProcess::start(command)
}
