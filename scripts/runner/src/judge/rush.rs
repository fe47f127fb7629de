//! All tests at once, in a hurry, for whoever waits for a verdict: what passes so has passed.
//!
//! One process runs them on many threads, and the times that they choose, for their own pauses and
//! for the program's timeouts, are a fifth of what they are by themselves (`LAB_HURRY`). Half of
//! what most tests cost is the start of their process; what the longest ones cost is waiting.
//!
//! A failure counts where hurry cannot be its cause: the test kit tells that. (Neighbours are no
//! excuse: with `cargo test`, every test has them.) All others are no verdict, and their tests are
//! to be judged again, each in its own process and without hurry.

use std::collections::HashMap;
use std::fs::{self, File};
use std::path::Path;

use common::testkit::allow_open_files;

use super::process::{self, Job};
use super::report::Judged;
use super::slots::Slots;
use crate::trouble::Trouble;

/// The share of their usual time that pauses and timeouts take.
const HURRY: &str = "0.2";

/// How many tests run at once, most of them waiting.
const AT_ONCE: &str = "--test-threads=32";

/// Runs all `jobs`, which are tests of one program, and returns what became of each; `None` where
/// that is no verdict.
pub fn rush(jobs: &[Job], slots: &Slots) -> Result<Vec<Option<Judged>>, Trouble> {
    let Some(first) = jobs.first() else { return Ok(Vec::new()) };
    let _slot = slots.take();
    let scratch = tempfile::tempdir()
        .map_err(|error| Trouble::failed("cannot make a temporary folder", error))?;
    // All their pipes and sockets are in one process: more than the 256 of macOS. Where that is
    // forbidden, some tests fail in the rush that pass by themselves.
    allow_open_files(1024);
    let (reports, output) = (scratch.path().join("reports"), scratch.path().join("output"));
    fs::create_dir(&reports)
        .and_then(|()| File::create(&output))
        .and_then(|file| {
            let mut command = process::command(first, &reports, file)?;
            command.arg("--exact").args(jobs.iter().map(|job| &job.test));
            command.arg(AT_ONCE).env(process::HURRY, HURRY);
            let started = process::start(command)?;
            let ended = started.within(first.deadline);
            started.finish(ended)
        })
        .map_err(|error| {
            Trouble::failed(format!("cannot run {}", first.program.display()), error)
        })?;
    let printed = process::read_output(&output);
    let results = results(&printed);
    let verdict = |job: &Job| verdict(&job.test, *results.get(job.test.as_str())?, &reports);
    Ok(jobs.iter().map(verdict).collect())
}

/// What libtest says of each test that has ended: whether it passed.
fn results(printed: &str) -> HashMap<&str, bool> {
    // What failing tests printed comes after all results, and may look like one.
    let lines = printed.lines().take_while(|line| *line != "failures:");
    let results = lines.filter_map(|line| line.strip_prefix("test ")?.rsplit_once(" ... "));
    results.map(|(test, result)| (test, result == "ok")).collect()
}

fn verdict(test: &str, passed: bool, reports: &Path) -> Option<Judged> {
    match (passed, process::read_report(&reports.join(test.replace("::", ".")))) {
        (true, None) => Some(Judged::passed(test)),
        (_, Some(report)) if report.counts(passed) => Some(report.judge(test)),
        _ => None,
    }
}
