//! The result of a submission, by those of its tests.

use lab::commands::test::{Lints, Run, StepVerdict, Verdict as LabVerdict};
use lab::course::labs::Lab;
use lab::course::progress::Progress;
use lab::judge::{Outcome, TestResult};
use ledger::{Step, Test, Verdict};
use report::{Failure, Kind, Report, TestId};
use terminal::Style;

use crate::task::Judged;

/// A result, and how often the test ran.
#[derive(Clone)]
pub struct Settled {
    /// The last result.
    pub result: TestResult,
    /// How often.
    pub runs: u32,
}

/// Each test without a result has failed.
pub fn fail_without_result(lab: &Lab, settled: &mut [Settled]) {
    let is_open = |it: &&mut Settled| it.result.outcome == Outcome::TestProgramFailed;
    for Settled { result, runs } in settled.iter_mut().filter(is_open) {
        let runs = terminal::count_of(*runs as usize, "run");
        let sentence = format!("The test ended without a result in {runs}.");
        let mut failure = Failure::new(Kind::Expectation, WITHOUT_RESULT, &sentence);
        let harmless = |line: &String| terminal::shorten(&terminal::harmless(line));
        failure.details = result.last_lines().iter().map(harmless).collect();
        let report = Report::failed(&lab.number, TestId::parse(&result.test), failure);
        *result = TestResult::reported(&result.test, report);
    }
}

/// The result of the suite.
pub fn judged(lab: &Lab, open: &[Settled]) -> Judged {
    let runs_of =
        |test: &str| open.iter().find(|it| it.result.test == test).map_or(1, |it| it.runs);
    let mut results: Vec<TestResult> = open.iter().map(|settled| settled.result.clone()).collect();
    // libtest lists tests by name. The lab lists them as they teach.
    results.sort_by(|one, other| lab.place(&one.test).cmp(&lab.place(&other.test)));
    let run = Run { files: Default::default(), results, lints: Lints::default() };
    let counted = LabVerdict::new(lab, None, run, &Progress::default());
    let step = |step: &StepVerdict| Step {
        name: step.name.clone(),
        points: step.points,
        points_possible: step.points_possible,
        tests: step.tests.iter().map(|result| test(lab, result, runs_of(&result.test))).collect(),
    };
    let steps: Vec<Step> = counted.steps.iter().map(step).collect();
    let (verdict, reason) = verdict(&steps, &[]);
    Judged {
        verdict,
        reason,
        compiler: None,
        points: counted.points,
        points_possible: counted.points_possible,
        steps,
        held_back: Vec::new(),
        cpu_ms: 0,
    }
}

/// `judged` with the results of the held-back tests, too.
pub fn with_held_back(judged: Judged, lab: &Lab, hidden: &[Settled]) -> Judged {
    let held_back: Vec<Test> = hidden.iter().map(|it| test(lab, &it.result, it.runs)).collect();
    let (verdict, reason) = verdict(&judged.steps, &held_back);
    Judged { verdict, reason, held_back, ..judged }
}

/// The verdict on the tests of all steps. It has a reason if it is neither passed nor failed, or if a test
/// ended without a result. Of the held-back tests, it only matters whether the machine could run them.
pub fn verdict(steps: &[Step], held_back: &[Test]) -> (Verdict, Option<String>) {
    let tests = || steps.iter().flat_map(|step| &step.tests);
    let has = |outcome: ledger::Outcome| tests().any(|test| test.outcome == outcome);
    if let Some(test) =
        tests().chain(held_back).find(|test| test.outcome == ledger::Outcome::Machine)
    {
        let reason = format!("The machine could not run the test {}.", test.name);
        return (Verdict::GraderError, Some(reason));
    }
    let has_exited = |test: &&Test| {
        let failure = test.report.as_ref().and_then(Report::failure);
        failure.is_some_and(|failure| failure.kind == Kind::Exited)
    };
    let (exited, all) = (tests().filter(has_exited).count(), tests().count());
    match has(ledger::Outcome::Failed) {
        false => (Verdict::Passed, without_result(tests().chain(held_back))),
        true if !has(ledger::Outcome::Passed) && exited * 2 > all => {
            let reason = format!(
                "No test passed, and the program ended by itself in {exited} of {all} tests."
            );
            (Verdict::ExitedEarly, Some(reason))
        }
        true => (Verdict::Failed, without_result(tests().chain(held_back))),
    }
}

/// A remark for the instructor on a test that ended without a result.
fn without_result<'a>(mut tests: impl Iterator<Item = &'a Test>) -> Option<String> {
    let has_none = |test: &&Test| {
        let failure = test.report.as_ref().and_then(Report::failure);
        failure.is_some_and(|failure| failure.message.id == WITHOUT_RESULT)
    };
    let name = &tests.find(has_none)?.name;
    Some(format!(
        "The test {name} ended without a result and counts as failed. It may have a defect."
    ))
}

fn test(lab: &Lab, result: &TestResult, runs: u32) -> Test {
    let id = TestId::parse(&result.test);
    let outcome = match result.outcome {
        Outcome::Passed => ledger::Outcome::Passed,
        Outcome::Failed | Outcome::TimedOut => ledger::Outcome::Failed,
        Outcome::Skipped => ledger::Outcome::Skipped,
        Outcome::Machine | Outcome::TestProgramFailed => ledger::Outcome::Machine,
    };
    let report = result.report.clone().or_else(|| report_of_problem(lab, result));
    let (module, name) = (id.module, id.name);
    Test { module, name, outcome, runs, report }
}

/// A report for a test that ended without one.
fn report_of_problem(lab: &Lab, result: &TestResult) -> Option<Report> {
    let id = TestId::parse(&result.test);
    let sentence = result.sentence();
    match result.outcome {
        Outcome::TimedOut => {
            let failure = Failure::new(Kind::Expectation, "timed-out", sentence);
            Some(Report::failed(&lab.number, id, failure))
        }
        Outcome::TestProgramFailed => {
            // With the last lines of the test program.
            let reason = result.render(&Style::PLAIN);
            let outcome = report::Outcome::Machine { reason };
            Some(Report::new(&lab.number, id, outcome))
        }
        _ => None,
    }
}

/// The id of the failure of a test that ended without a result.
const WITHOUT_RESULT: &str = "test-without-result";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_held_back_test_that_the_machine_could_not_run_is_a_grader_error() {
        for (outcome, wanted) in [
            (ledger::Outcome::Machine, Verdict::GraderError),
            (ledger::Outcome::Failed, Verdict::Passed),
        ] {
            let (module, name) = ("held_back".to_owned(), "a_secret_test".to_owned());
            let test = Test { module, name, outcome, runs: 3, report: None };
            assert_eq!(verdict(&[], &[test]).0, wanted);
        }
    }
}
