//! The verdict on a lab: what became of each test, step by step, and what it is worth.

use serde::Serialize;

use crate::answer::Answer;
use crate::judge::{Judged, Kind, Outcome};
use crate::labs::{Lab, Step};
use crate::progress::Progress;
use crate::screen::Screen;
use crate::trouble::Status;

/// What became of a lab's tests.
#[derive(Debug, Serialize)]
pub struct Verdict {
    pub lab: String,
    pub title: String,
    pub verdict: &'static str,
    pub points: u32,
    pub points_possible: u32,
    pub steps: Vec<StepVerdict>,
    /// What to type for the next hint, where one is left.
    pub next_hint: Option<String>,
    #[serde(skip)]
    pub number: String,
}

/// What became of one step's tests.
#[derive(Debug, Serialize)]
pub struct StepVerdict {
    pub name: String,
    pub idea: String,
    pub done: bool,
    pub points: u32,
    pub points_possible: u32,
    pub passed: usize,
    pub skipped: usize,
    pub tests: Vec<Judged>,
}

impl Verdict {
    /// The verdict on those steps of `lab` that `judged` holds tests of.
    pub fn new(
        lab: &Lab,
        asked: Option<&Step>,
        judged: Vec<Judged>,
        progress: &Progress,
    ) -> Verdict {
        let is_wanted = |step: &Step| asked.is_none_or(|asked| asked == step);
        let steps: Vec<StepVerdict> = by_step(lab, &judged)
            .into_iter()
            .filter(|(step, _)| is_wanted(step))
            .map(|(step, tests)| StepVerdict::new(step, tests))
            .collect();
        let well = judged.iter().all(|test| is_well(test.outcome));
        Verdict {
            lab: lab.folder(),
            title: lab.title.clone(),
            verdict: if well { "passed" } else { "failed" },
            points: steps.iter().map(|step| step.points).sum(),
            points_possible: steps.iter().map(|step| step.points_possible).sum(),
            next_hint: next_hint(lab, &steps, progress),
            steps,
            number: lab.number.clone(),
        }
    }

    /// The first step that is not done: the one to work on.
    pub fn current(&self) -> Option<&StepVerdict> {
        self.steps.iter().find(|step| step.failures().next().is_some())
    }
}

impl Answer for Verdict {
    fn page(&self, screen: &Screen) -> String {
        super::page::page(self, screen)
    }

    fn status(&self) -> Status {
        Status::of(self.verdict == "passed")
    }
}

impl StepVerdict {
    fn new(step: &Step, tests: Vec<Judged>) -> StepVerdict {
        let passed = passed(&tests);
        let skipped = skipped(&tests);
        StepVerdict {
            name: step.name.clone(),
            idea: step.idea.clone(),
            done: passed > 0 && passed + skipped == tests.len(),
            points: worth(step.points, passed, tests.len() - skipped),
            points_possible: step.points,
            passed,
            skipped,
            tests,
        }
    }

    /// The step whose hints help: that of the function which is missing, or else this one.
    pub fn step_to_ask(&self) -> &str {
        let first = self.failures().next().filter(|first| first.kind == Some(Kind::Unwritten));
        let missing = first.and_then(|first| first.sentence.strip_prefix("step "));
        missing.and_then(|rest| rest.split(' ').next()).unwrap_or(&self.name)
    }

    pub fn failures(&self) -> impl Iterator<Item = &Judged> {
        self.tests.iter().filter(|test| !is_well(test.outcome))
    }
}

/// The points for `passed` of `tests` tests: their share, rounded down.
fn worth(points: u32, passed: usize, tests: usize) -> u32 {
    let (passed, tests) = (u32::try_from(passed).unwrap_or(0), u32::try_from(tests).unwrap_or(0));
    (points * passed).checked_div(tests).unwrap_or(0)
}

fn is_well(outcome: Outcome) -> bool {
    matches!(outcome, Outcome::Passed | Outcome::Skipped)
}

/// The steps of `lab` that were judged, each with its tests.
pub fn by_step<'lab>(lab: &'lab Lab, judged: &[Judged]) -> Vec<(&'lab Step, Vec<Judged>)> {
    let tests_of = |step: &Step| {
        judged.iter().filter(|test| lab.step_of(&test.test) == Some(step)).cloned().collect()
    };
    let steps = lab.steps.iter().map(|step| (step, tests_of(step)));
    steps.filter(|(_, tests): &(_, Vec<Judged>)| !tests.is_empty()).collect()
}

pub fn passed(tests: &[Judged]) -> usize {
    tests.iter().filter(|test| test.outcome == Outcome::Passed).count()
}

pub fn skipped(tests: &[Judged]) -> usize {
    tests.iter().filter(|test| test.outcome == Outcome::Skipped).count()
}

fn next_hint(lab: &Lab, steps: &[StepVerdict], progress: &Progress) -> Option<String> {
    let current = steps.iter().find(|step| step.failures().next().is_some())?;
    let step = current.step_to_ask();
    let shown = progress.step(lab, step).hints;
    let all = lab.step(step).ok()?.hints.len();
    (shown < all).then(|| format!("cargo lab hint {} {step}", lab.number))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::tests::example;

    fn judged(test: &str, outcome: Outcome) -> Judged {
        Judged { outcome, ..Judged::passed(test) }
    }

    #[test]
    fn points_are_the_share_of_what_passed() {
        let tests = vec![
            judged("step1_listen::a", Outcome::Passed),
            judged("step2_echo::a", Outcome::Passed),
            judged("step2_echo::b", Outcome::TimedOut),
            judged("step2_echo::c", Outcome::Failed),
            judged("step2_echo::d", Outcome::Skipped),
        ];
        let verdict = Verdict::new(&example(), None, tests, &Progress::default());
        let points: Vec<u32> = verdict.steps.iter().map(|step| step.points).collect();
        assert_eq!((points, verdict.points_possible), (vec![15, 6], 35));
        assert_eq!(verdict.next_hint.as_deref(), Some("cargo lab hint 01 echo"));
        assert_eq!(verdict.status(), Status::Short);
    }

    #[test]
    fn where_a_function_is_missing_its_step_has_the_hints() {
        let mut test = judged("step2_echo::a", Outcome::Failed);
        test.kind = Some(Kind::Unwritten);
        test.sentence = "step listen is not written yet: bind, in src/listen.rs:12".to_owned();
        let verdict = Verdict::new(&example(), None, vec![test], &Progress::default());
        assert_eq!(verdict.next_hint.as_deref(), Some("cargo lab hint 01 listen"));
    }
}
