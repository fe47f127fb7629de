//! The fast pass: all tests at once, in one process, with short times.
//!
//! ```text
//!   LAB_TIME_SCALE=0.2   pauses and timeouts that tests choose take a fifth of their length
//!   --test-threads=32    most tests wait
//! ```
//!
//! A pass is final. A failure is final if the short times cannot be its cause: the test kit's report
//! says so. All other tests run again, one by one, with their usual times. (Many tests at the same
//! time are no excuse for a failure: `cargo test` runs them like that, too.)

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use process_tree::allow_open_files;
use report::{Kind, Report, env};

use super::permits::Permits;
use super::process::{self, Job, TestProcess};
use super::result::TestResult;
use crate::build::libtest;
use crate::error::Error;

/// The factor for the times that tests choose.
const SHORT_TIMES: &str = "0.2";

/// How many tests run at once. Most of them wait.
const AT_ONCE: &str = "--test-threads=32";

/// The pipes and sockets of so many tests in one process need more than the 256 files of macOS.
/// If the system forbids it, some tests fail in the fast pass and pass one by one.
const OPEN_FILES: u64 = 1024;

/// Runs all `jobs`, which are tests of one program. Returns the result of each, `None` if it is not
/// final.
pub fn run(jobs: &[Job], permits: &Permits) -> Result<Vec<Option<TestResult>>, Error> {
    let Some(first) = jobs.first() else { return Ok(Vec::new()) };
    let _permit = permits.take();
    let scratch = tempfile::tempdir()
        .map_err(|error| Error::failed("cannot make a temporary folder", error))?;
    let reports = scratch.path().join("reports");
    let output = run_all(first, jobs, &reports)
        .map_err(|error| Error::failed(format!("cannot run {}", first.program.display()), error))?;
    let passed: HashMap<&str, bool> = libtest::results(&output).collect();
    let result = |job: &Job| {
        let report = Report::file(&reports, &job.test);
        final_result(&job.test, *passed.get(job.test.as_str())?, &report)
    };
    Ok(jobs.iter().map(result).collect())
}

/// Runs `jobs` in one process, at the latest until the deadline of the `first`. Returns its output.
fn run_all(first: &Job, jobs: &[Job], reports: &Path) -> io::Result<String> {
    allow_open_files(OPEN_FILES);
    fs::create_dir(reports)?;
    let output = reports.with_extension("output");
    let mut command = process::command(first, reports, File::create(&output)?)?;
    command.arg("--exact").args(jobs.iter().map(|job| &job.test));
    command.arg(AT_ONCE).env(env::TIME_SCALE, SHORT_TIMES);
    let process = TestProcess::start(command)?;
    let ended = process.wait(first.deadline);
    process.finish(ended)?;
    Ok(process::read_output(&output))
}

fn final_result(test: &str, passed: bool, report: &Path) -> Option<TestResult> {
    match (passed, process::read_report(report)) {
        (true, None) => Some(TestResult::passed(test)),
        (_, Some(report)) if is_final(&report, passed) => Some(TestResult::reported(test, report)),
        _ => None,
    }
}

/// Whether the result will not change when the test runs again, for a test that libtest says has
/// `passed` or not. A `todo!` is final; a panic may be the result of a short timeout.
fn is_final(report: &Report, passed: bool) -> bool {
    let is_skip = report.failure().is_none();
    let is_unwritten = report.failure().is_some_and(|failure| failure.kind == Kind::Unwritten);
    passed == is_skip && (!report.provisional || is_unwritten)
}
