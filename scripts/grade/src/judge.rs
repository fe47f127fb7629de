//! Judges one program with the suite and with the held-back tests.
//!
//! A busy machine can be the cause of some failures. Such tests run again, without all the others. What
//! the machine itself could not judge runs again, too, and is never a failure of the submission.
//!
//! A test that ends without a result may have a defect, which a program can look for. So such a test
//! counts as failed, with a remark for the instructor.

use std::sync::Arc;

use lab::build::suite::Suite;
use lab::cancel::CancellationToken;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::judge::{self, Job, Outcome, Permits, Sandbox};
use report::Kind;

use crate::result::{Settled, fail_without_result, judged, with_held_back};
use crate::task::Judged;

/// How often a test runs at most.
const MAX_RUNS: u32 = 3;

/// So many failed tests run again, all at the same time. Most of them wait for their deadlines, so they
/// need little of the machine. More failures are not caused by a busy machine.
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
        let keep_first = |first: &[Settled]| {
            let mut first = first.to_vec();
            fail_without_result(self.lab, &mut first);
            so_far(&judged(self.lab, &first))
        };
        let mut open = self.run(suite, keep_first)?;
        // Without any result, the machine cannot run tests.
        let can_judge = open.iter().any(|it| it.result.is_verdict());
        if can_judge {
            fail_without_result(self.lab, &mut open);
        }
        let judged = judged(self.lab, &open);
        // Held-back tests take long, and say nothing of a program that passes no other test.
        let has_passed = open.iter().any(|it| it.result.outcome == Outcome::Passed);
        match held_back.filter(|_| has_passed || self.only.is_some()) {
            None => Ok(judged),
            Some(held_back) => {
                so_far(&judged)?;
                let mut hidden = self.run(held_back, |_| Ok(()))?;
                if can_judge {
                    fail_without_result(self.lab, &mut hidden);
                }
                Ok(with_held_back(judged, self.lab, &hidden))
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
        let mut places: Vec<usize> =
            (0..settled.len()).filter(|place| settled[*place].is_doubtful()).collect();
        let has_failed = |place: &usize| settled[*place].result.outcome == Outcome::Failed;
        if places.iter().filter(|place| has_failed(place)).count() > MANY {
            places.retain(|place| !has_failed(place));
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
    /// Whether the machine, or its load, may be the cause. A failure counts when it came twice, and so
    /// does a test that timed out: in the fast pass, another test of its step may have taken the time.
    fn is_doubtful(&self) -> bool {
        let report = self.result.report.as_ref();
        match self.result.outcome {
            Outcome::Passed => false,
            Outcome::Machine | Outcome::TestProgramFailed => true,
            Outcome::Skipped => report.is_some_and(|report| report.provisional),
            Outcome::TimedOut => self.runs == 1,
            Outcome::Failed => self.runs == 1 && self.result.kind() != Some(Kind::Unwritten),
        }
    }
}

/// Whether libtest's name `test` is the one that the user calls `name`.
pub fn is_called(test: &str, name: &str) -> bool {
    test == name || test.strip_suffix(name).is_some_and(|module| module.ends_with("::"))
}

#[cfg(test)]
mod tests {
    use lab::judge::TestResult;
    #[cfg(unix)]
    use ledger::Verdict;
    #[cfg(unix)]
    use report::Report;

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

    /// Otherwise a submission that finds a defect of a test could choose to have no grade.
    #[cfg(unix)]
    #[test]
    fn a_test_that_ends_without_a_result_has_failed_and_the_instructor_sees_it() {
        let (judged, _) = judge_by("panics.sh");
        assert_eq!(judged.verdict, Verdict::Failed);
        let reason = judged.reason.unwrap_or_default();
        assert!(reason.starts_with("The test b ended without a result"), "{reason}");
        let failed = &judged.steps[0].tests[1];
        let failure = failed.report.as_ref().and_then(Report::failure).expect("a failure");
        assert_eq!(failure.message.text, "The test ended without a result in 3 runs.");
        assert!(failure.details.contains(&"it panicked".to_owned()), "{failure:?}");
    }

    #[cfg(unix)]
    #[test]
    fn a_suite_without_any_result_is_a_grader_error() {
        let (judged, _) = judge_by("crashes.sh");
        assert_eq!(judged.verdict, Verdict::GraderError);
    }

    #[test]
    fn a_test_that_timed_out_runs_again_once() {
        let mut result = TestResult::passed("step1_listen::a");
        result.outcome = Outcome::TimedOut;
        let is_doubtful = |runs| Settled { result: result.clone(), runs }.is_doubtful();
        assert_eq!([1, 2].map(is_doubtful), [true, false]);
    }
}
