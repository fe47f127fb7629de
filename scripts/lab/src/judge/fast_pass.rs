//! All tests at once, in a hurry, for whoever waits for a verdict: what passes so has passed.
//!
//! One process runs them on many threads, and the times that they choose, for their own pauses
//! and for the program's timeouts, are a fifth of what they are by themselves (`LAB_TIME_SCALE`). Half of
//! what most tests cost is the start of their process; what the longest ones cost is waiting.
//!
//! A failure counts where hurry cannot be its cause: the test kit tells that. (Neighbours are no
//! excuse: with `cargo test`, every test has them.) All others are no verdict, and their tests are
//! to be judged again, each in its own process and without hurry.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use process_tree::allow_open_files;
use report::env::TIME_SCALE;

use super::process::{self, Job};
use super::report::{Judged, counts, of_report, read_report};
use super::slots::Slots;
use crate::trouble::Trouble;

/// The share of their usual time that pauses and timeouts take.
const HURRY: &str = "0.2";

/// How many tests each process runs at once, most of them waiting.
const AT_ONCE: &str = "--test-threads=32";

/// Runs all `jobs`, which are tests of one program, and returns what became of each; `None` where
/// that is no verdict.
pub fn rush(jobs: &[Job], slots: &Slots) -> Result<Vec<Option<Judged>>, Trouble> {
    let Some(first) = jobs.first() else { return Ok(Vec::new()) };
    let _slot = slots.take();
    let scratch = tempfile::tempdir()
        .map_err(|error| Trouble::failed("cannot make a temporary folder", error))?;
    // The pipes and sockets of so many tests in one process: more than the 256 of macOS. Where that
    // is forbidden, some fail in the rush that pass by themselves.
    allow_open_files(1024);
    let reports = scratch.path().join("reports");
    let printed = fs::create_dir(&reports).and_then(|()| run(jobs, &reports)).map_err(|error| {
        Trouble::failed(format!("cannot run {}", first.program.display()), error)
    })?;
    let results: HashMap<&str, bool> = results(&printed).collect();
    let verdict = |job: &Job| verdict(job, *results.get(job.test.as_str())?, &reports);
    Ok(jobs.iter().map(verdict).collect())
}

/// Runs all in one process. Returns what it prints.
fn run(jobs: &[Job], reports: &Path) -> io::Result<String> {
    let output = reports.with_file_name("output");
    let mut command = process::command(&jobs[0], reports, File::create(&output)?)?;
    command.arg("--exact").args(jobs.iter().map(|job| &job.test));
    command.arg(AT_ONCE).env(TIME_SCALE, HURRY);
    let started = process::start(command)?;
    let ended = started.within(jobs[0].deadline);
    started.finish(ended)?;
    Ok(process::read_output(&output))
}

/// What libtest says of each test that has ended: whether it passed.
fn results(printed: &str) -> impl Iterator<Item = (&str, bool)> {
    // What failing tests printed comes after all results, and may look like one.
    let lines = printed.lines().take_while(|line| *line != "failures:");
    let results = lines.filter_map(|line| line.strip_prefix("test ")?.rsplit_once(" ... "));
    results.map(|(test, result)| (test, result == "ok"))
}

fn verdict(job: &Job, passed: bool, reports: &Path) -> Option<Judged> {
    match (passed, read_report(&report::Report::file(reports, &job.test))) {
        (true, None) => Some(Judged::passed(&job.test)),
        (_, Some(report)) if counts(&report, passed) => Some(of_report(&report, job)),
        _ => None,
    }
}
