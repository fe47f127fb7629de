//! Each test in its own process, many at the same time, each with a deadline.

use std::fs::File;
use std::io;
use std::path::Path;
use std::slice;
use std::thread::{self, Builder, ScopedJoinHandle};

use report::{Report, env};

use super::permits::Permits;
use super::process::{self, Job, TestProcess};
use super::result::{Ending, TestResult};
use super::scratch;
use crate::cancel::CancellationToken;
use crate::error::Error;

/// Runs all `jobs`, as many at the same time as `permits` allows. The results are in the order of
/// the jobs.
pub fn one_by_one(jobs: &[Job], permits: &Permits) -> Result<Vec<TestResult>, Error> {
    let scratch = scratch::folder(jobs)?;
    let scratch = scratch.path();
    thread::scope(|scope| {
        let start = |(index, job): (usize, _)| {
            let run = move || run(job, &scratch.join(index.to_string()), permits, &[]);
            Builder::new().spawn_scoped(scope, run)
        };
        let threads: Vec<_> = jobs.iter().enumerate().map(start).collect();
        let join = |thread: ScopedJoinHandle<'_, _>| thread.join().expect("no such thread panics");
        let result = |thread: io::Result<_>| {
            thread.map_err(|error| Error::failed("cannot start a thread", error)).and_then(join)
        };
        threads.into_iter().map(result).collect()
    })
}

/// Runs `job` alone, until Ctrl-C. Its report has a trace, also if the test passes.
pub fn trace(job: &Job) -> Result<TestResult, Error> {
    let scratch = scratch::folder(slice::from_ref(job))?;
    let permits = Permits::for_one_program(&CancellationToken::of_process());
    run(job, &scratch.path().join("0"), &permits, &[(env::TRACE, "1")])
}

/// Runs `job` to its end, with more `variables`. Its files are `scratch` with an extension.
fn run(
    job: &Job,
    scratch: &Path,
    permits: &Permits,
    variables: &[(&str, &str)],
) -> Result<TestResult, Error> {
    let _running = permits.run(1);
    let young = permits.work();
    let report = scratch.with_extension("report");
    let output = scratch.with_extension("output");
    let ended = File::create(&output)
        .and_then(|file| start(job, &report, file, permits.token(), variables))
        .and_then(|process| {
            let youth = permits.youth().min(job.deadline);
            let early = process.wait(youth);
            drop(young);
            let ended = early.or_else(|| process.wait(job.deadline - youth));
            process.finish(ended)
        })
        .map_err(|error| Error::failed(format!("cannot run {}", job.program.display()), error))?;
    let ending = Ending {
        success: ended.map(|status| status.success()),
        output: process::read_output(&output),
        report: Report::read(&report).ok(),
    };
    Ok(ending.result(&job.test, job.deadline))
}

fn start(
    job: &Job,
    report: &Path,
    output: File,
    token: &CancellationToken,
    variables: &[(&str, &str)],
) -> io::Result<TestProcess> {
    let mut command = process::command(job, report, output)?;
    command
        .envs(variables.iter().copied())
        .args(["--exact", &job.test, "--test-threads=1"])
        // Captured output is lost when a test is killed, and the last lines of a hang matter most.
        .arg("--nocapture");
    TestProcess::start(command, token)
}
