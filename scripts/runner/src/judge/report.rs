//! What became of a test: the kit's report, the exit status, and what the two mean together.

use std::time::Duration;

use serde::{Deserialize, Serialize};

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

#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// The student's program came to a `todo!`.
    Unwritten,
    /// It panicked elsewhere.
    Panicked,
    /// It ended when it should not have.
    Exited,
    /// It did something else than the test expects.
    Expectation,
}

/// The file that the test kit writes when a test fails or is skipped.
#[derive(Debug, Deserialize)]
pub struct Report {
    outcome: Reported,
    kind: Option<Kind>,
    sentence: String,
    text: String,
    /// By itself, without hurry and neighbours, it may pass.
    #[serde(default)]
    hurried: bool,
}

impl Report {
    /// Whether it is a verdict on a test that has `passed` or not, and would be the same without
    /// hurry. A `todo!` would; a panic may come of a timeout.
    pub fn counts(&self, passed: bool) -> bool {
        let fits = passed == (self.outcome == Reported::Skipped);
        fits && (!self.hurried || self.kind == Some(Kind::Unwritten))
    }

    pub fn judge(self, test: &str) -> Judged {
        let outcome = match self.outcome {
            Reported::Failed => Outcome::Failed,
            Reported::Skipped => Outcome::Skipped,
        };
        let Report { kind, sentence, text, .. } = self;
        Judged { test: test.to_owned(), outcome, kind, sentence, text }
    }
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Reported {
    Failed,
    Skipped,
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
    pub fn judge(self, test: &str, deadline: Duration) -> Judged {
        let outcome = self.outcome();
        let (kind, sentence, text) = match (outcome, self.report) {
            (Outcome::Passed, _) => (None, String::new(), String::new()),
            (Outcome::TimedOut, _) => late(deadline, &self.output),
            (_, Some(report)) => (report.kind, report.sentence, report.text),
            (_, None) => broken(&self.output),
        };
        Judged { test: test.to_owned(), outcome, kind, sentence, text }
    }

    fn outcome(&self) -> Outcome {
        match (self.well, &self.report) {
            (None, _) => Outcome::TimedOut,
            (Some(_), Some(report)) if report.outcome == Reported::Failed => Outcome::Failed,
            (Some(true), Some(_)) => Outcome::Skipped,
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
