//! `grades.jsonl`: a line of JSON for each student and lab, for programs.

use lab::error::Error;
use ledger::{Outcome, Student, Test, Timestamp, Verdict};
use serde::Serialize;

use super::gradescope::rounded;
use crate::cause;
use crate::gradebook::{Gradebook, Graded};

/// The name of the format, in each line.
pub const SCHEMA: &str = "wirelab/grades";

/// The version of the format.
pub const VERSION: u32 = 1;

/// A grade.
#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    version: u32,
    /// The key of the entry in the ledger.
    key: &'a str,
    lab: &'a str,
    student: &'a Student,
    verdict: Verdict,
    reason: Option<&'a str>,
    /// The commit that was judged, of a git clone.
    commit: Option<&'a str>,
    submitted: Option<Timestamp>,
    judged: Timestamp,
    toolchain: &'a str,
    wall_ms: u64,
    cpu_ms: u64,
    /// `null`: no grade yet.
    points: Option<f64>,
    possible: f64,
    points_by_tests: f64,
    days_late: Option<u64>,
    late_penalty: Option<f64>,
    override_reason: Option<&'a str>,
    steps: Vec<Step<'a>>,
    held_back: Vec<TestLine<'a>>,
}

#[derive(Serialize)]
struct Step<'a> {
    name: &'a str,
    points: f64,
    possible: f64,
    tests: Vec<TestLine<'a>>,
}

#[derive(Serialize)]
struct TestLine<'a> {
    module: &'a str,
    name: &'a str,
    outcome: Outcome,
    /// The ids of the failure.
    message: Option<&'a str>,
    advice: Option<&'a str>,
}

/// The file.
pub fn lines(book: &Gradebook) -> Result<String, Error> {
    let mut text = String::new();
    for lab in &book.class.labs {
        for (_, result) in book.results(lab) {
            let line = serde_json::to_string(&line(&result));
            text += &line.map_err(|error| Error::failed("cannot write grades.jsonl", error))?;
            text.push('\n');
        }
    }
    Ok(text)
}

fn line<'a>(result: &Graded<'a>) -> Line<'a> {
    let (entry, grade) = (result.entry, result.grade);
    let steps = entry.steps.iter().zip(&grade.steps).map(|(step, share)| Step {
        name: &step.name,
        points: rounded(share.points),
        possible: share.possible,
        tests: step.tests.iter().map(test).collect(),
    });
    Line {
        schema: SCHEMA,
        version: VERSION,
        key: &entry.key,
        lab: &entry.lab,
        student: &entry.student,
        verdict: entry.verdict,
        reason: entry.reason.as_deref(),
        commit: entry.submission.commit.as_deref(),
        submitted: entry.submission.submitted,
        judged: entry.started,
        toolchain: &entry.toolchain,
        wall_ms: entry.wall_ms,
        cpu_ms: entry.cpu_ms,
        points: grade.points.map(rounded),
        possible: grade.possible,
        points_by_tests: rounded(grade.by_tests),
        days_late: grade.lateness.map(|late| late.days),
        late_penalty: grade.lateness.map(|late| rounded(late.penalty)),
        override_reason: grade.decision.as_ref().map(|decision| decision.reason.as_str()),
        steps: steps.collect(),
        held_back: entry.held_back.iter().map(test).collect(),
    }
}

fn test(test: &Test) -> TestLine<'_> {
    let failure = cause::failure(test);
    TestLine {
        module: &test.module,
        name: &test.name,
        outcome: test.outcome,
        message: failure.map(|failure| failure.message.id.as_str()),
        advice: failure.and_then(|failure| Some(failure.advice.as_ref()?.id.as_str())),
    }
}
