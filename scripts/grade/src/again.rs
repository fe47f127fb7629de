//! `--again TEST`: one test is judged again, and the other results stay. If it cannot be judged, the
//! earlier entry stays as it is.

use lab::commands::test::points_for;
use lab::course::labs::Lab;
use lab::error::Error;
use ledger::{Entry, Outcome, Step, Test, Verdict};

use crate::course::Course;
use crate::judge::is_called;
use crate::result::verdict;
use crate::task::{Judged, Judgement};

/// Checks that a lab has the test `name`.
///
/// # Errors
///
/// None has it.
pub fn check(courses: &[Course], name: &str) -> Result<(), Error> {
    match courses.iter().any(|course| has(course, name)) {
        true => Ok(()),
        false => Err(Error::usage(format!("there is no test `{name}`"), "no lab has it")
            .advice("`cargo lab test NN --format json` names the tests of a lab.")),
    }
}

/// Whether the lab of `course` has the test `name`.
pub fn has(course: &Course, name: &str) -> bool {
    let held_back = course.bench.held_back.iter().flat_map(|suite| &suite.tests);
    course.bench.suite.tests.iter().chain(held_back).any(|test| is_called(test, name))
}

/// The results of `last`, with those of `again` in their places. `Failed` if `again` has none.
pub fn merge(lab: &Lab, last: &Entry, again: Judged) -> Judgement {
    if !matches!(again.verdict, Verdict::Passed | Verdict::Failed | Verdict::ExitedEarly) {
        let why = again.reason.as_deref().unwrap_or("No reason is known.");
        let reason = format!("The earlier results stay, because the test has no new one. {why}");
        return Judgement::Failed(Judged { reason: Some(reason), ..again });
    }
    let mut merged = Judged {
        steps: last.steps.clone(),
        held_back: last.held_back.clone(),
        compiler: None,
        ..again
    };
    let new: Vec<Test> = again.steps.iter().flat_map(|step| step.tests.clone()).collect();
    for step in &mut merged.steps {
        replace(&mut step.tests, &new);
        count(lab, step);
    }
    replace(&mut merged.held_back, &again.held_back);
    merged.points = merged.steps.iter().map(|step| step.points).sum();
    merged.points_possible = merged.steps.iter().map(|step| step.points_possible).sum();
    (merged.verdict, merged.reason) = verdict(&merged.steps, &merged.held_back);
    Judgement::Merged(merged)
}

fn replace(tests: &mut [Test], new: &[Test]) {
    for test in tests {
        let same = new.iter().find(|new| new.module == test.module && new.name == test.name);
        if let Some(new) = same {
            *test = Test { runs: test.runs + new.runs, ..new.clone() };
        }
    }
}

fn count(lab: &Lab, step: &mut Step) {
    let with = |outcome| step.tests.iter().filter(|test| test.outcome == outcome).count();
    let (passed, skipped, all) = (with(Outcome::Passed), with(Outcome::Skipped), step.tests.len());
    let worth = lab.steps().iter().find(|it| it.name == step.name).map_or(0, |it| it.points);
    step.points = points_for(worth, passed, all);
    step.points_possible = points_for(worth, all - skipped, all);
}
