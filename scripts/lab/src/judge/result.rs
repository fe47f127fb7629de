//! What became of a test: the kit's report, the exit status, and what the two mean together.

use std::path::Path;
use std::time::Duration;

pub use report::Kind;
use report::Report;
use serde::Serialize;
use terminal::Style;

use super::process::Job;

/// What became of one test.
#[derive(Clone, Debug, Serialize)]
pub struct Judged {
    pub test: String,
    pub outcome: Outcome,
    /// What kind of failure it is, where the test kit says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// What went wrong, or why the test was skipped, in one sentence; empty when it passed.
    pub sentence: String,
    /// All that there is to show, in several lines.
    pub text: String,
}

impl Judged {
    pub fn passed(test: &str) -> Judged {
        let (test, sentence, text) = (test.to_owned(), String::new(), String::new());
        Judged { test, outcome: Outcome::Passed, kind: None, sentence, text }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Passed,
    Failed,
    /// The test cannot run on this machine, and says why.
    Skipped,
    /// It was still running at its deadline, and was killed.
    TimedOut,
    /// The test program ended in a way that is no verdict: the fault is the suite's.
    TestProgramFailed,
}

/// The report that the test kit wrote, if it did.
pub fn read_report(path: &Path) -> Option<Report> {
    Report::read(path).ok()
}

/// Whether it is a verdict on a test that has `passed` or not, and would be the same at normal speed
/// and alone. A `todo!` would; a panic may come of a timeout.
pub fn counts(report: &Report, passed: bool) -> bool {
    let unwritten = report.failure().is_some_and(|failure| failure.kind == Kind::Unwritten);
    passed == report.failure().is_none() && (!report.provisional || unwritten)
}

/// What `report` says of the test of `job`.
pub fn of_report(report: &Report, job: &Job) -> Judged {
    let test = job.test.clone();
    let style = Style { color: job.color, unicode: true };
    let text = report.render(&style);
    match &report.outcome {
        report::Outcome::Failed(failure) => Judged {
            test,
            outcome: Outcome::Failed,
            kind: Some(failure.kind),
            sentence: failure.message.text.clone(),
            text,
        },
        report::Outcome::Skipped { reason } => Judged {
            test,
            outcome: Outcome::Skipped,
            kind: None,
            sentence: reason.clone(),
            text: reason.clone(),
        },
    }
}

/// How the process of a test ended.
pub struct Ending {
    /// Whether it exited with status 0; `None` when it was killed at its deadline.
    pub well: Option<bool>,
    /// What it printed.
    pub output: String,
    pub report: Option<Report>,
}

/// libtest's last words when the one test that was asked for passed.
const PASSED: &str = "test result: ok. 1 passed";

impl Ending {
    /// The verdict. Only a process that says it ran its test, exits with 0 and reports nothing
    /// has passed: whatever ends early in any other way must not look like a pass.
    pub fn judge(self, job: &Job) -> Judged {
        let outcome = self.outcome();
        let (kind, sentence, text) = match (outcome, &self.report) {
            (Outcome::Passed, _) => (None, String::new(), String::new()),
            (Outcome::TimedOut, _) => late(job.deadline, &self.output),
            (_, Some(report)) => return of_report(report, job),
            (_, None) => broken(&self.output),
        };
        Judged { test: job.test.clone(), outcome, kind, sentence, text }
    }

    fn outcome(&self) -> Outcome {
        let failed = self.report.as_ref().map(|report| report.failure().is_some());
        match (self.well, failed) {
            (None, _) => Outcome::TimedOut,
            (Some(_), Some(true)) => Outcome::Failed,
            (Some(true), Some(false)) => Outcome::Skipped,
            (Some(true), None) if self.output.contains(PASSED) => Outcome::Passed,
            _ => Outcome::TestProgramFailed,
        }
    }
}

fn late(deadline: Duration, output: &str) -> (Option<Kind>, String, String) {
    let sentence =
        format!("timed out: still running after {} s, and killed", deadline.as_secs_f32());
    let text = with_tail(&sentence, output);
    (None, sentence, text)
}

fn broken(output: &str) -> (Option<Kind>, String, String) {
    let sentence = "the test program itself failed: this says nothing about your code".to_owned();
    let text = with_tail(&sentence, output);
    (None, sentence, text)
}

/// `sentence` and below it the last lines of what the process printed.
fn with_tail(sentence: &str, output: &str) -> String {
    let lines: Vec<&str> = output.lines().filter(|line| !is_libtests(line)).collect();
    let tail = &lines[lines.len().saturating_sub(20)..];
    if tail.is_empty() {
        return sentence.to_owned();
    }
    format!("{sentence}\nIts last words:\n  {}", tail.join("\n  "))
}

/// Lines that libtest writes around every test, and empty ones.
fn is_libtests(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line == "running 1 test"
        || line.starts_with("test ") && line.ends_with("...")
}
