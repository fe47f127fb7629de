//! Classroom 50: `result.json`, for one student. All its points are whole numbers.

use std::env;

use ledger::{Outcome, Test};
use serde::Serialize;

use crate::grade::is_judged;
use crate::gradebook::Graded;
use crate::words;

/// The name and version of the format.
const SCHEMA: &str = "classroom50/result/v1";

/// The file. The fields before `datetime` come from the environment of the runner.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Results {
    schema: &'static str,
    classroom: String,
    assignment: String,
    submission: String,
    commit: String,
    release: String,
    review: String,
    datetime: String,
    #[serde(rename = "graded_at")]
    graded_at: String,
    owner: String,
    score: u64,
    max_score: u64,
    tests: Vec<TestResult>,
}

/// A test.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct TestResult {
    test_name: String,
    passed: bool,
    score: u64,
    max_score: u64,
}

/// The file for `result`. `None`: there is no grade yet.
pub fn results(result: &Graded) -> Option<Results> {
    let entry = result.entry;
    let submitted = entry.submission.submitted.unwrap_or(entry.started);
    Some(Results {
        schema: SCHEMA,
        classroom: variable("CLASSROOM"),
        assignment: variable_or("ASSIGNMENT", || format!("lab {}", entry.lab)),
        submission: variable_or("SUBMISSION_TAG", || entry.submission.source.clone()),
        commit: variable("COMMIT_URL"),
        release: variable("RELEASE_URL"),
        review: variable("REVIEW_URL"),
        datetime: submitted.to_string(),
        graded_at: entry.started.to_string(),
        owner: entry.student.id.clone(),
        score: whole(result.grade.points?),
        max_score: whole(result.grade.possible),
        tests: tests(result),
    })
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

fn variable_or(name: &str, usual: impl Fn() -> String) -> String {
    env::var(name).ok().filter(|value| !value.is_empty()).unwrap_or_else(usual)
}

fn tests(result: &Graded) -> Vec<TestResult> {
    let steps = result.entry.steps.iter().zip(&result.grade.steps);
    steps.flat_map(|(step, share)| of_step(&step.tests, whole(share.possible))).collect()
}

/// The tests of a step, with whole points that add up to those of the step.
fn of_step(tests: &[Test], points: u64) -> Vec<TestResult> {
    let judged: Vec<&Test> = tests.iter().filter(|test| is_judged(test)).collect();
    let count = judged.len() as u64;
    let before = |index: usize| points * index as u64 / count;
    let one = |(index, test): (usize, &&Test)| {
        let max_score = before(index + 1) - before(index);
        let passed = test.outcome == Outcome::Passed;
        let score = if passed { max_score } else { 0 };
        TestResult { test_name: words::name(test), passed, score, max_score }
    };
    judged.iter().enumerate().map(one).collect()
}

/// Points are never negative.
fn whole(points: f64) -> u64 {
    points.round() as u64
}
