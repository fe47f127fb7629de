//! Judges one program with the suite and with the held-back tests.
//!
//! A busy machine can be the cause of some failures. Such tests run again, without all the others. What
//! the machine itself could not judge runs again, too, and is never a failure of the submission.

use std::sync::Arc;

use lab::build::suite::Suite;
use lab::cancel::CancellationToken;
use lab::commands::test::{Lints, Run, StepVerdict, Verdict as LabVerdict};
use lab::course::labs::Lab;
use lab::course::progress::Progress;
use lab::error::Error;
use lab::judge::{self, Job, Outcome, Permits, Sandbox, TestResult};
use ledger::{Step, Test, Verdict};
use report::{Failure, Kind, Report, TestId};

use terminal::Style;

use crate::task::Judged;

/// How often a test runs at most.
const MAX_RUNS: u32 = 3;

/// So many tests run again, all at the same time. Most of them wait for their deadlines, so they need
/// little of the machine. More failures are not caused by a busy machine.
const MANY: usize = 20;

/// The tests and what they judge.
pub struct Trial<'run> {
    /// The lab.
    pub lab: &'run Lab,
    /// The program or command, as `LAB_SUBJECT`.
    pub subject: String,
    /// Where the tests run.
    pub sandbox: Option<Arc<dyn Sandbox>>,
    /// Only tests of this name.
    pub only: Option<&'run str>,
    /// Starts the tests.
    pub permits: Permits,
}

/// A result, and how often the test ran.
struct Settled {
    result: TestResult,
    runs: u32,
}

impl<'run> Trial<'run> {
    /// A trial of the program that `subject` starts.
    pub fn new(
        lab: &'run Lab,
        subject: String,
        sandbox: Option<Arc<dyn Sandbox>>,
        only: Option<&'run str>,
    ) -> Trial<'run> {
        let permits = Permits::for_one_program(&CancellationToken::default());
        Trial { lab, subject, sandbox, only, permits }
    }

    /// Runs all tests. It calls `so_far` with the result of the suite before tests run again, and before
    /// the held-back ones.
    ///
    /// # Errors
    ///
    /// A test program cannot be started, or `so_far` fails.
    pub fn judge(
        &self,
        suite: &Suite,
        held_back: Option<&Suite>,
        so_far: impl Fn(&Judged) -> Result<(), Error>,
    ) -> Result<Judged, Error> {
        // If the time is over while tests run again, the first results count.
        let open = self.run(suite, |first| so_far(&judged(self.lab, first)))?;
        let judged = judged(self.lab, &open);
        // Held-back tests take long, and say nothing of a program that passes no other test.
        let has_passed = open.iter().any(|it| it.result.outcome == Outcome::Passed);
        match held_back.filter(|_| has_passed || self.only.is_some()) {
            None => Ok(judged),
            Some(held_back) => {
                so_far(&judged)?;
                Ok(with_held_back(judged, self.lab, &self.run(held_back, |_| Ok(()))?))
            }
        }
    }

    /// Runs the tests of `suite`. It calls `so_far` with their first results.
    fn run(
        &self,
        suite: &Suite,
        so_far: impl FnOnce(&[Settled]) -> Result<(), Error>,
    ) -> Result<Vec<Settled>, Error> {
        let is_wanted = |test: &&String| self.only.is_none_or(|only| is_called(test, only));
        let jobs: Vec<Job> =
            suite.tests.iter().filter(is_wanted).map(|it| self.job(suite, it)).collect();
        let results = judge::judge(&jobs, &self.permits)?;
        let mut settled: Vec<Settled> =
            results.into_iter().map(|result| Settled { result, runs: 1 }).collect();
        so_far(&settled)?;
        for _ in 1..MAX_RUNS {
            self.repeat_doubtful(&jobs, &mut settled)?;
        }
        Ok(settled)
    }

    fn job(&self, suite: &Suite, test: &str) -> Job {
        let job = Job::new(&suite.program, test, self.lab, &self.subject);
        match &self.sandbox {
            Some(sandbox) => job.in_sandbox(Arc::clone(sandbox)),
            None => job,
        }
    }

    fn repeat_doubtful(&self, jobs: &[Job], settled: &mut [Settled]) -> Result<(), Error> {
        let places: Vec<usize> =
            (0..settled.len()).filter(|place| settled[*place].is_doubtful()).collect();
        if places.len() > MANY {
            return Ok(());
        }
        let jobs: Vec<Job> = places.iter().map(|place| jobs[*place].clone()).collect();
        let results = judge::one_by_one(&jobs, &self.permits)?;
        for (place, result) in places.into_iter().zip(results) {
            settled[place] = Settled { result, runs: settled[place].runs + 1 };
        }
        Ok(())
    }
}

impl Settled {
    /// Whether the machine, or its load, may be the cause. A failure counts when it came twice. A test
    /// that timed out did so in the fast pass and then in its own process.
    fn is_doubtful(&self) -> bool {
        let report = self.result.report.as_ref();
        match self.result.outcome {
            Outcome::Passed | Outcome::TimedOut => false,
            Outcome::Machine | Outcome::TestProgramFailed => true,
            Outcome::Skipped => report.is_some_and(|report| report.provisional),
            Outcome::Failed => self.runs == 1 && self.result.kind() != Some(Kind::Unwritten),
        }
    }
}

fn judged(lab: &Lab, open: &[Settled]) -> Judged {
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
fn with_held_back(judged: Judged, lab: &Lab, hidden: &[Settled]) -> Judged {
    let held_back: Vec<Test> = hidden.iter().map(|it| test(lab, &it.result, it.runs)).collect();
    let (verdict, reason) = verdict(&judged.steps, &held_back);
    Judged { verdict, reason, held_back, ..judged }
}

/// Whether libtest's name `test` is the one that the user calls `name`.
pub fn is_called(test: &str, name: &str) -> bool {
    test == name || test.strip_suffix(name).is_some_and(|module| module.ends_with("::"))
}

/// The verdict on the tests of all steps, with a reason if it is neither passed nor failed. Of the
/// held-back tests, it only matters whether the machine could run them.
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
        false => (Verdict::Passed, None),
        true if !has(ledger::Outcome::Passed) && exited * 2 > all => {
            let reason = format!(
                "No test passed, and the program ended by itself in {exited} of {all} tests."
            );
            (Verdict::ExitedEarly, Some(reason))
        }
        true => (Verdict::Failed, None),
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The result of two tests of lab 01, by a program in `tests/suites`. And what the calls of `so_far`
    /// got.
    #[cfg(unix)]
    fn judge_by(program: &str) -> (Judged, Vec<Judged>) {
        let crate_folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let program = crate_folder.join("tests/suites").join(program);
        let tests = ["step1_listen::a", "step1_listen::b"];
        let suite =
            serde_json::json!({"inputs": "", "built": "", "program": program, "tests": tests});
        let suite: Suite = serde_json::from_value(suite).expect("a suite");
        let workspace = lab::workspace::Workspace { root: crate_folder.join("../..") };
        let lab = lab::course::labs::find(&workspace, "01").expect("lab 01");
        let so_far = std::cell::RefCell::new(Vec::new());
        let keep = |judged: &Judged| {
            so_far.borrow_mut().push(judged.clone());
            Ok(())
        };
        let judged = Trial::new(&lab, String::new(), None, None).judge(&suite, None, keep);
        (judged.expect("a result"), so_far.into_inner())
    }

    #[cfg(unix)]
    #[test]
    fn the_results_so_far_are_kept_before_tests_run_again() {
        let (judged, so_far) = judge_by("panics.sh");
        let runs = |judged: &Judged| judged.steps[0].tests.iter().map(|it| it.runs).max();
        assert_eq!(so_far.iter().map(runs).collect::<Vec<_>>(), [Some(1)]);
        assert_eq!(runs(&judged), Some(MAX_RUNS));
    }

    #[test]
    fn a_test_that_timed_out_in_its_own_process_does_not_run_again() {
        let mut result = TestResult::passed("step1_listen::a");
        result.outcome = Outcome::TimedOut;
        assert!(!Settled { result, runs: 1 }.is_doubtful());
    }

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
