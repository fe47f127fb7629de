//! The verdict on a lab: the results of its tests, step by step, and the points.

use report::Report;
use serde::Serialize;

use crate::course::labs::{Lab, Step};
use crate::course::progress::Progress;
use crate::judge::{Outcome, TestResult};

/// The results of a lab's tests.
#[derive(Debug, Serialize)]
pub struct Verdict {
    lab: String,
    pub(super) number: String,
    pub(super) title: String,
    pub(super) verdict: &'static str,
    pub(super) points: u32,
    /// The points for all tests that could run on this machine.
    pub(super) points_possible: u32,
    /// The points for those that could not.
    pub(super) points_not_judged: u32,
    pub(super) steps: Vec<StepVerdict>,
    /// The command for the next hint, if one is left.
    pub(super) next_hint: Option<String>,
}

/// The results of one step's tests.
#[derive(Debug, Serialize)]
pub struct StepVerdict {
    pub name: String,
    pub idea: String,
    pub done: bool,
    pub points: u32,
    pub points_possible: u32,
    pub points_not_judged: u32,
    pub passed: usize,
    pub skipped: usize,
    pub tests: Vec<TestResult>,
}

impl Verdict {
    /// The verdict on those steps of `lab` that `results` holds tests of.
    pub fn new(
        lab: &Lab,
        asked: Option<&Step>,
        results: Vec<TestResult>,
        progress: &Progress,
    ) -> Verdict {
        let is_wanted = |step: &Step| asked.is_none_or(|asked| asked == step);
        let steps: Vec<StepVerdict> = by_step(lab, &results)
            .into_iter()
            .filter(|(step, _)| is_wanted(step))
            .map(|(step, tests)| StepVerdict::new(step, tests))
            .collect();
        Verdict {
            lab: lab.folder(),
            number: lab.number.clone(),
            title: lab.manifest.title.clone(),
            verdict: if results.iter().any(TestResult::is_failure) { "failed" } else { "passed" },
            points: steps.iter().map(|step| step.points).sum(),
            points_possible: steps.iter().map(|step| step.points_possible).sum(),
            points_not_judged: steps.iter().map(|step| step.points_not_judged).sum(),
            next_hint: next_hint(lab, &steps, progress),
            steps,
        }
    }

    /// The first step that is not done. The student should work on it next.
    pub(super) fn current(&self) -> Option<&StepVerdict> {
        first_failing(&self.steps)
    }
}

impl StepVerdict {
    fn new(step: &Step, tests: Vec<TestResult>) -> StepVerdict {
        let passed = passed(&tests);
        let skipped = skipped(&tests);
        let points_possible = worth(step.points, tests.len() - skipped, tests.len());
        StepVerdict {
            name: step.name.clone(),
            idea: step.idea.clone(),
            done: passed > 0 && passed + skipped == tests.len(),
            points: worth(step.points, passed, tests.len()),
            points_possible,
            points_not_judged: step.points - points_possible,
            passed,
            skipped,
            tests,
        }
    }

    /// The step whose hints help. It is the step of the first unwritten function, or else this one.
    pub fn step_to_ask(&self) -> &str {
        let report = self.failures().next().and_then(|first| first.report.as_ref());
        report.and_then(Report::step_with_hints).unwrap_or(&self.name)
    }

    pub fn failures(&self) -> impl Iterator<Item = &TestResult> {
        self.tests.iter().filter(|test| test.is_failure())
    }
}

/// The points for `passed` of `tests` tests: their share, rounded down.
fn worth(points: u32, passed: usize, tests: usize) -> u32 {
    let share = (points as usize * passed).checked_div(tests).unwrap_or(0);
    u32::try_from(share).unwrap_or(points)
}

/// The steps of `lab` that were judged, each with its tests.
pub fn by_step<'lab>(lab: &'lab Lab, results: &[TestResult]) -> Vec<(&'lab Step, Vec<TestResult>)> {
    let tests_of = |step: &Step| {
        results.iter().filter(|test| lab.step_of(&test.test) == Some(step)).cloned().collect()
    };
    let steps = lab.steps().iter().map(|step| (step, tests_of(step)));
    steps.filter(|(_, tests): &(_, Vec<TestResult>)| !tests.is_empty()).collect()
}

pub fn passed(tests: &[TestResult]) -> usize {
    tests.iter().filter(|test| test.outcome == Outcome::Passed).count()
}

pub fn skipped(tests: &[TestResult]) -> usize {
    tests.iter().filter(|test| test.outcome == Outcome::Skipped).count()
}

fn first_failing(steps: &[StepVerdict]) -> Option<&StepVerdict> {
    steps.iter().find(|step| step.failures().next().is_some())
}

fn next_hint(lab: &Lab, steps: &[StepVerdict], progress: &Progress) -> Option<String> {
    let step = first_failing(steps)?.step_to_ask();
    let shown = progress.step(lab, step).hints;
    let all = lab.step(step).ok()?.hints.len();
    (shown < all).then(|| format!("cargo lab hint {} {step}", lab.number))
}
