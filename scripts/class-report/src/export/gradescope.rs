//! Gradescope: `results.json` of an autograder, for one student.

use ledger::{Outcome, Test};
use serde::Serialize;

use crate::feedback::{HeldBack, text};
use crate::grade::{Share, judged};
use crate::gradebook::Graded;
use crate::words;

/// The file. Gradescope adds the points of the tests, except where `score` is given.
#[derive(Debug, Serialize)]
pub struct Results {
    score: f64,
    execution_time: u64,
    output: String,
    output_format: &'static str,
    test_output_format: &'static str,
    test_name_format: &'static str,
    stdout_visibility: &'static str,
    tests: Vec<TestResult>,
}

/// A test.
#[derive(Debug, Serialize)]
struct TestResult {
    name: String,
    /// `2.3`: the third test of the second step.
    number: String,
    score: f64,
    max_score: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    output: String,
    tags: Vec<String>,
    visibility: &'static str,
}

/// The file for `result`. `None`: there is no grade yet, and a file would be one.
pub fn results(result: &Graded, held_back: HeldBack) -> Option<Results> {
    let mut sentences = vec![words::points(result.grade)];
    sentences.extend(words::sentences(result));
    sentences.extend(result.entry.compiler.clone());
    Some(Results {
        score: rounded(result.grade.points?),
        execution_time: result.entry.wall_ms.div_ceil(1000),
        output: sentences.join("\n"),
        output_format: "text",
        test_output_format: "text",
        test_name_format: "text",
        stdout_visibility: "hidden",
        tests: tests(result, held_back),
    })
}

fn tests(result: &Graded, held_back: HeldBack) -> Vec<TestResult> {
    let steps = result.entry.steps.iter().zip(&result.grade.steps).enumerate();
    let mut tests: Vec<TestResult> = steps
        .flat_map(|(index, (step, share))| {
            of_step(index + 1, &step.name, &step.tests, *share, "visible")
        })
        .collect();
    if let Some(share) = result.grade.held_back {
        let number = result.entry.steps.len() + 1;
        // A hidden test would hide the total, so these are shown when the grades are published.
        let mut hidden =
            of_step(number, "held back", &result.entry.held_back, share, "after_published");
        if held_back == HeldBack::Hidden {
            hidden.iter_mut().for_each(|test| test.output.clear());
        }
        tests.extend(hidden);
    }
    tests
}

/// The tests of a step share its points equally.
fn of_step(
    number: usize,
    step: &str,
    tests: &[Test],
    share: Share,
    visibility: &'static str,
) -> Vec<TestResult> {
    let each = rounded(share.possible / judged(tests).max(1) as f64);
    let one = |(index, test): (usize, &Test)| {
        let (status, score, max_score) = match test.outcome {
            Outcome::Passed => (Some("passed"), each, each),
            Outcome::Failed => (Some("failed"), 0.0, each),
            Outcome::Skipped | Outcome::Machine => (None, 0.0, 0.0),
        };
        TestResult {
            name: words::name(test),
            number: format!("{number}.{}", index + 1),
            score,
            max_score,
            status,
            output: output(test),
            tags: vec![step.to_owned()],
            visibility,
        }
    };
    tests.iter().enumerate().map(one).collect()
}

/// The failure, or why the test did not run.
fn output(test: &Test) -> String {
    match test.outcome {
        Outcome::Passed => String::new(),
        Outcome::Failed | Outcome::Skipped | Outcome::Machine => text::failure(test),
    }
}

/// Two digits, as in the other formats.
pub fn rounded(points: f64) -> f64 {
    (points * 100.0).round() / 100.0
}
