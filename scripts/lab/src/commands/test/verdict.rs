//! The verdict on a lab: the results of its tests, step by step, and the points.

use std::collections::BTreeMap;

use report::Report;
use serde::Serialize;

use super::clippy::Lints;
use super::earlier::Suspect;
use super::regression::Regression;
use super::repeated::RepeatedAdvice;
use super::run::Run;
use crate::commands::next::Afterwards;
use crate::course::labs::{Lab, Step};
use crate::course::progress::{Progress, StepProgress, TestMark};
use crate::judge::{Outcome, TestResult};

/// The results of a lab's tests.
#[derive(Debug, Serialize)]
pub struct Verdict {
    lab: String,
    /// `01`
    pub number: String,
    /// `Echo`
    pub title: String,
    /// `passed` or `failed`.
    pub verdict: &'static str,
    /// The points for the tests that passed.
    pub points: u32,
    /// The points for all tests that could run on this machine.
    pub points_possible: u32,
    /// The points for those that could not.
    pub points_not_judged: u32,
    /// The steps that were judged.
    pub steps: Vec<StepVerdict>,
    /// What clippy found.
    pub clippy: Lints,
    /// What became worse since an earlier run.
    pub regression: Option<Regression>,
    /// What to do next, if no test failed.
    pub afterwards: Option<Afterwards>,
    /// The command for the next hint, if one is left.
    pub next_hint: Option<String>,
}

/// The results of one step's tests.
#[derive(Debug, Serialize)]
pub struct StepVerdict {
    /// `echo`
    pub name: String,
    /// What the step teaches.
    pub idea: String,
    /// Whether all tests that could run passed, and clippy denies nothing.
    pub done: bool,
    /// The points for the tests that passed.
    pub points: u32,
    /// The points for all tests that could run.
    pub points_possible: u32,
    /// The points for those that could not.
    pub points_not_judged: u32,
    /// How many tests passed.
    pub passed: usize,
    /// How many tests could not run.
    pub skipped: usize,
    /// How many errors clippy found in the step's files.
    pub denied: usize,
    /// All tests of the step.
    pub tests: Vec<TestResult>,
    /// Functions of earlier steps that may be the cause of its failures.
    pub(super) suspects: Vec<Suspect>,
    /// The advice of its first failure, if the student has read it before.
    pub(super) repeated: Option<RepeatedAdvice>,
    /// The last run; `None` if the step was never judged.
    pub before: Option<Before>,
}

/// The results, in the last run, of those tests of a step that could run now.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Before {
    /// How many tests passed.
    pub passed: usize,
    /// How many tests could run.
    pub judged: usize,
    /// Whether the step was done.
    pub done: bool,
}

impl Verdict {
    /// The verdict on those steps of `lab` that `run` judged. `before` is the progress before it.
    pub fn new(lab: &Lab, asked: Option<&Step>, run: Run, before: &Progress) -> Verdict {
        let is_wanted = |step: &Step| asked.is_none_or(|asked| asked == step);
        let mut steps: Vec<StepVerdict> = by_step(lab, &run.results)
            .into_iter()
            .filter(|(step, _)| is_wanted(step))
            .map(|(step, tests)| StepVerdict::new(lab, step, tests, &run.files, before))
            .collect();
        let regression = Regression::find(lab, &run, before);
        charge(&mut steps, &run.lints);
        let has_failed = steps.iter().any(StepVerdict::has_failed);
        Verdict {
            lab: lab.folder(),
            number: lab.number.clone(),
            title: lab.manifest.title.clone(),
            verdict: if has_failed { "failed" } else { "passed" },
            points: steps.iter().map(|step| step.points).sum(),
            points_possible: steps.iter().map(|step| step.points_possible).sum(),
            points_not_judged: steps.iter().map(|step| step.points_not_judged).sum(),
            clippy: run.lints,
            afterwards: None,
            regression,
            next_hint: next_hint(lab, &steps, before),
            steps,
        }
    }

    /// Whether every test that could run passed.
    pub fn is_passed(&self) -> bool {
        self.verdict == "passed"
    }

    /// The steps that are done, and were not in the last run.
    pub fn newly_done(&self) -> Vec<&str> {
        let was_done = |step: &StepVerdict| step.before.as_ref().is_some_and(|before| before.done);
        let new = self.steps.iter().filter(|step| step.done && !was_done(step));
        new.map(|step| step.name.as_str()).collect()
    }

    /// The first step that is not done. The student should work on it next.
    pub fn current(&self) -> Option<&StepVerdict> {
        self.steps.iter().find(|step| step.has_failed())
    }
}

impl StepVerdict {
    fn new(
        lab: &Lab,
        step: &Step,
        tests: Vec<TestResult>,
        files: &BTreeMap<String, String>,
        before: &Progress,
    ) -> StepVerdict {
        let before = before.step(lab, &step.name);
        let passed = passed(&tests);
        let skipped = skipped(&tests);
        let points_possible = points_for(step.points, tests.len() - skipped, tests.len());
        StepVerdict {
            name: step.name.clone(),
            idea: step.idea.clone(),
            done: passed > 0 && passed + skipped == tests.len(),
            points: points_for(step.points, passed, tests.len()),
            points_possible,
            points_not_judged: step.points - points_possible,
            passed,
            skipped,
            denied: 0,
            suspects: Suspect::find(lab, step, &tests),
            repeated: RepeatedAdvice::find(lab, step, &tests, files, &before),
            before: Before::of(&before, &tests),
            tests,
        }
    }

    /// How many tests could run.
    pub fn judged(&self) -> usize {
        self.tests.len() - self.skipped
    }

    /// The step whose hints help with its first failure.
    pub fn step_to_ask(&self) -> &str {
        self.failures().next().map_or(&self.name, |first| self.step_to_ask_about(first))
    }

    /// The step whose hints help with `failure`, one of its own. It is the step of the unwritten
    /// function, or else this one.
    pub fn step_to_ask_about<'a>(&'a self, failure: &'a TestResult) -> &'a str {
        let step = failure.report.as_ref().and_then(Report::step_with_hints);
        step.unwrap_or(&self.name)
    }

    /// Whether a test failed, or clippy denies a line.
    pub fn has_failed(&self) -> bool {
        self.denied > 0 || self.failures().next().is_some()
    }

    /// Its tests that failed.
    pub fn failures(&self) -> impl Iterator<Item = &TestResult> {
        self.tests.iter().filter(|test| test.is_failure())
    }
}

impl Before {
    /// A test that cannot run now is not lost, so it does not count.
    fn of(step: &StepProgress, now: &[TestResult]) -> Option<Before> {
        let cannot_run =
            |test: &str| now.iter().any(|it| it.test == test && it.outcome == Outcome::Skipped);
        let mut comparable = step.clone();
        comparable.results.retain(|test, _| !cannot_run(test));
        let (passed, judged) = (comparable.passed(), comparable.judged());
        let before = Before { passed, judged, done: step.is_done() };
        (!step.results.is_empty()).then_some(before)
    }
}

/// Counts clippy's errors. Each costs its step: the step is not done, and has no points. A file that
/// belongs to no step costs the last step that is done otherwise.
fn charge(steps: &mut [StepVerdict], lints: &Lints) {
    let last_done = steps.iter().rposition(|step| step.done);
    for error in lints.findings.iter().flatten().filter(|finding| finding.is_error) {
        let own = steps.iter().position(|step| error.step.as_ref() == Some(&step.name));
        if let Some(index) = own.or(last_done) {
            let step = &mut steps[index];
            step.denied += 1;
            (step.done, step.points) = (false, 0);
        }
    }
}

/// The points for `passed` of `tests` tests: their share, rounded down.
pub fn points_for(points: u32, passed: usize, tests: usize) -> u32 {
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

fn next_hint(lab: &Lab, steps: &[StepVerdict], progress: &Progress) -> Option<String> {
    let failing = steps.iter().find(|step| step.failures().next().is_some())?;
    let name = failing.step_to_ask();
    let step = lab.step(name).ok()?;
    let first = failing.failures().next().filter(|first| first.mark() == TestMark::Failed);
    let fitting = first.and_then(|first| step.hint_for(first.name()));
    let is_left = progress.step(lab, name).has_hint_left(step, fitting);
    is_left.then(|| format!("cargo lab hint {} {name}", lab.number))
}
