//! The fast pass: all tests at the same time, one process for each step, with short times.
//!
//! ```text
//!   LAB_TIME_SCALE=0.2   pauses and timeouts that tests choose take a fifth of their length
//!   --test-threads=32    as many as the permits allow; most tests wait
//! ```
//!
//! libtest starts tests in the order of their names, so in one process the tests of the last steps,
//! which wait longest, would start last. With a process for each step a suite takes 0.23 s instead
//! of 0.29 s (lab 03).
//!
//! A pass is final. A failure or a skip is final if the test kit reports that the short times cannot
//! be its cause. All other tests run again, one by one, with their usual times. (Many tests at the same
//! time are no excuse for a failure, because `cargo test` also runs them at the same time.)

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Instant;

use process_tree::{OPEN_FILES, allow_open_files};
use report::{Kind, Outcome, Report, env};

use super::permits::Permits;
use super::process::{self, Job, TestProcess};
use super::result::TestResult;
use super::scratch;
use crate::build::libtest;
use crate::cancel::CancellationToken;
use crate::error::Error;

/// The factor for the times that tests choose.
const SHORT_TIMES: &str = "0.2";

/// Runs all `jobs`, which are tests of one program. Returns the result of each, `None` if it is not
/// final.
pub fn run(jobs: &[Job], permits: &Permits) -> Result<Vec<Option<TestResult>>, Error> {
    let Some(first) = jobs.first() else { return Ok(Vec::new()) };
    let permit = permits.run(jobs.len());
    let scratch = scratch::folder(jobs)?;
    let reports = scratch.path().join("reports");
    let outputs = run_all(jobs, permit.count, &reports, permits.token())
        .map_err(|error| Error::failed(format!("cannot run {}", first.program.display()), error))?;
    let passed: HashMap<&str, bool> =
        outputs.iter().flat_map(|output| libtest::results(output)).collect();
    let result = |job: &Job| {
        let report = Report::file(&reports, &job.test);
        final_result(&job.test, *passed.get(job.test.as_str())?, &report)
    };
    Ok(jobs.iter().map(result).collect())
}

/// Runs `jobs`, `at_once` of them at the same time, in one process for each module. If some jobs
/// have to wait, all run in a single process. Returns the outputs of the processes.
fn run_all(
    jobs: &[Job],
    at_once: usize,
    reports: &Path,
    token: &CancellationToken,
) -> io::Result<Vec<String>> {
    // macOS allows 256. If the system forbids more, some tests fail here and pass one by one.
    allow_open_files(OPEN_FILES);
    fs::create_dir(reports)?;
    let is_one_batch =
        |one: &Job, other: &Job| at_once < jobs.len() || module(one) == module(other);
    let output = |jobs: &[Job]| reports.with_extension(module(&jobs[0]));
    let start = |jobs: &[Job]| Batch::start(jobs, at_once, output(jobs), token);
    let started: Vec<io::Result<Batch>> = jobs.chunk_by(is_one_batch).map(start).collect();
    // Waits for each process, even if another one could not start.
    let outputs: Vec<io::Result<String>> =
        started.into_iter().map(|batch| batch?.finish()).collect();
    outputs.into_iter().collect()
}

fn module(job: &Job) -> &str {
    job.test.split("::").next().unwrap_or_default()
}

/// Tests that run in one process.
struct Batch {
    process: TestProcess,
    output: PathBuf,
    late: Instant,
}

impl Batch {
    fn start(
        jobs: &[Job],
        at_once: usize,
        output: PathBuf,
        token: &CancellationToken,
    ) -> io::Result<Batch> {
        let reports = output.with_extension("");
        let mut command = process::command(&jobs[0], &reports, File::create(&output)?)?;
        command.arg("--exact").args(jobs.iter().map(|job| &job.test));
        command.arg(format!("--test-threads={at_once}")).env(env::TIME_SCALE, SHORT_TIMES);
        let late = Instant::now() + jobs[0].deadline;
        Ok(Batch { process: TestProcess::start(command, token)?, output, late })
    }

    /// Waits for its end, at the latest until the deadline. Returns its output, if it ended by itself.
    ///
    /// A program may write lines of libtest into the output of its judge, and then kill the judge. So
    /// the output of a process that did not end by itself decides nothing.
    fn finish(self) -> io::Result<String> {
        let ended = self.process.wait(self.late.saturating_duration_since(Instant::now()));
        let ended = self.process.finish(ended)?;
        let is_whole = ended.is_some_and(process::is_from_libtest);
        Ok(if is_whole { process::read_output(&self.output) } else { String::new() })
    }
}

fn final_result(test: &str, passed: bool, report: &Path) -> Option<TestResult> {
    match (passed, Report::read(report).ok()) {
        (true, None) => Some(TestResult::passed(test)),
        (_, Some(report)) if is_final(&report, passed) => Some(TestResult::reported(test, report)),
        _ => None,
    }
}

/// Whether the result will not change when the test runs again, for a test that libtest says has
/// `passed` or not. A `todo!` is final; a panic may be the result of a short timeout.
fn is_final(report: &Report, passed: bool) -> bool {
    match &report.outcome {
        Outcome::Failed(failure) => {
            !passed && (!report.provisional || failure.kind == Kind::Unwritten)
        }
        Outcome::Passed { .. } => passed,
        // A machine that is too busy for short times may have time for the usual ones.
        Outcome::Skipped { .. } => passed && !report.provisional,
        // Fewer tests at the same time need less of the machine.
        Outcome::Machine { .. } => false,
    }
}
