//! All tests at once, in a hurry, for whoever waits for a verdict: what passes so has passed.
//!
//! A process or two run them on many threads, and the times that they choose, for their own pauses
//! and for the program's timeouts, are a fifth of what they are by themselves (`LAB_HURRY`). Half of
//! what most tests cost is the start of their process; what the longest ones cost is waiting.
//!
//! A failure counts where hurry cannot be its cause: the test kit tells that. (Neighbours are no
//! excuse: with `cargo test`, every test has them.) All others are no verdict, and their tests are
//! to be judged again, each in its own process and without hurry.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use testkit::allow_open_files;

use super::process::{self, Job, Started};
use super::report::Judged;
use super::slots::Slots;
use crate::trouble::Trouble;

/// The share of their usual time that pauses and timeouts take.
const HURRY: &str = "0.2";

/// How many tests each process runs at once, most of them waiting.
const AT_ONCE: &str = "--test-threads=32";

/// Runs all `jobs`, which are tests of one program, and returns what became of each; `None` where
/// that is no verdict. Also returns those that were seen to wait for times of their own choice.
pub fn rush(jobs: &[Job], slots: &Slots) -> Result<(Vec<Option<Judged>>, Vec<String>), Trouble> {
    let Some(first) = jobs.first() else { return Ok((Vec::new(), Vec::new())) };
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
    let results: HashMap<&str, bool> = printed.iter().flat_map(|text| results(text)).collect();
    let file = |job: &Job| reports.join(job.test.replace("::", "."));
    let verdict = |job: &Job| verdict(&job.test, *results.get(job.test.as_str())?, &file(job));
    let waits = |job: &&Job| file(job).with_added_extension("waits").exists();
    let waiting = jobs.iter().filter(waits).map(|job| job.test.clone()).collect();
    Ok((jobs.iter().map(verdict).collect(), waiting))
}

/// Runs those who wait in one process and the others in another one, for libtest starts tests in the
/// order of their names, and who waits should begin first; the others work meanwhile, and give way.
/// Returns what they print.
fn run(jobs: &[Job], reports: &Path) -> io::Result<Vec<String>> {
    let (waiting, others): (Vec<&Job>, Vec<&Job>) = jobs.iter().partition(|job| job.waits);
    let waiting = Batch::start(&waiting, reports, "waiting");
    let others = Batch::start(&others, reports, "others");
    if let (Ok(Some(_)), Ok(Some(others))) = (&waiting, &others) {
        others.started.give_way();
    }
    // Each to its end, whatever becomes of the other.
    let printed = [waiting, others].map(|batch| batch?.map_or(Ok(String::new()), Batch::finish));
    printed.into_iter().collect()
}

/// Tests that run in one process.
struct Batch {
    started: Started,
    since: Instant,
    deadline: Duration,
    output: PathBuf,
}

impl Batch {
    /// Starts `jobs`, if there are any.
    fn start(jobs: &[&Job], reports: &Path, name: &str) -> io::Result<Option<Batch>> {
        let Some(first) = jobs.first() else { return Ok(None) };
        let output = reports.with_file_name(name);
        let mut command = process::command(first, reports, File::create(&output)?)?;
        command.arg("--exact").args(jobs.iter().map(|job| &job.test));
        command.arg(AT_ONCE).env(process::HURRY, HURRY);
        let (since, deadline) = (Instant::now(), first.deadline);
        Ok(Some(Batch { started: process::start(command)?, since, deadline, output }))
    }

    /// Waits for its end, at the latest at the deadline. Returns what it has printed.
    fn finish(self) -> io::Result<String> {
        let ended = self.started.within(self.deadline.saturating_sub(self.since.elapsed()));
        self.started.finish(ended)?;
        Ok(process::read_output(&self.output))
    }
}

/// What libtest says of each test that has ended: whether it passed.
fn results(printed: &str) -> impl Iterator<Item = (&str, bool)> {
    // What failing tests printed comes after all results, and may look like one.
    let lines = printed.lines().take_while(|line| *line != "failures:");
    let results = lines.filter_map(|line| line.strip_prefix("test ")?.rsplit_once(" ... "));
    results.map(|(test, result)| (test, result == "ok"))
}

fn verdict(test: &str, passed: bool, report: &Path) -> Option<Judged> {
    match (passed, process::read_report(report)) {
        (true, None) => Some(Judged::passed(test)),
        (_, Some(report)) if report.counts(passed) => Some(report.judge(test)),
        _ => None,
    }
}
