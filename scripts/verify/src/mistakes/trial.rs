//! The trial of one mistake: some tests run against the wrong program.

use std::path::Path;

use serde::Serialize;
use terminal::Style;

use super::evidence::Evidence;
use super::patch::Mistake;
use lab::build::suite::Suite;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::judge::{self, Job, Outcome, Permits, TestResult};

/// The test programs that a mistake is tried with.
pub struct Suites {
    pub suite: Suite,
    /// The tests that only the instructor has, if there are any.
    pub held_back: Option<Suite>,
}

/// The result of one trial.
#[derive(Debug, Serialize)]
pub struct Trial {
    pub mistake: String,
    pub believed: String,
    pub caught_by: String,
    /// The tests that fail on it, by the names that `caught-by` uses: of the named test, and of those
    /// that no mistake names.
    pub failed: Vec<String>,
    /// The tests that cannot run on this machine.
    pub skipped: Vec<String>,
    /// Why the mistake is not caught as it says; empty if it is.
    pub problem: String,
    /// The ids that the failure of the named test reported.
    #[serde(skip)]
    pub reported: Option<Evidence>,
}

impl Trial {
    pub fn new(mistake: &Mistake, failed: Vec<String>, problem: Option<String>) -> Trial {
        Trial {
            mistake: mistake.name.clone(),
            believed: mistake.believed.clone(),
            caught_by: mistake.caught_by.name().to_owned(),
            failed,
            skipped: Vec::new(),
            problem: problem.unwrap_or_default(),
            reported: None,
        }
    }
}

impl Suites {
    /// The names of all tests, as `caught-by` uses them.
    pub fn names(&self) -> Vec<String> {
        let held_back = self.held_back.iter().flat_map(|suite| &suite.tests);
        self.suite.tests.iter().cloned().chain(held_back.map(|test| held_back_name(test))).collect()
    }

    /// Runs the `wanted` tests, by the names that `caught-by` uses, against `program`, as many at
    /// once as `permits` allows. They run as a student's answer does, so that no mistake passes in
    /// the fast pass only.
    pub fn run(
        &self,
        lab: &Lab,
        program: &Path,
        permits: &Permits,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<TestResult>, Error> {
        let subject = judge::subject(program)?;
        let job = |suite: &Suite, test: &String| Job::new(&suite.program, test, lab, &subject);
        let open = self.suite.tests.iter().filter(|test| wanted(test));
        let open: Vec<Job> = open.map(|test| job(&self.suite, test)).collect();
        let mut results = judge::judge(&open, permits)?;
        if let Some(suite) = &self.held_back {
            let tests = suite.tests.iter().filter(|test| wanted(&held_back_name(test)));
            let jobs: Vec<Job> = tests.map(|test| job(suite, test)).collect();
            let held_back = judge::judge(&jobs, permits)?.into_iter();
            let renamed =
                held_back.map(|result| TestResult { test: held_back_name(&result.test), ..result });
            results.extend(renamed);
        }
        Ok(results)
    }
}

/// Held-back tests may be in modules; `caught-by` names them by `held_back` alone.
fn held_back_name(test: &str) -> String {
    format!("held_back::{}", test.strip_prefix("held_back::").unwrap_or(test))
}

/// The trial of a mistake that a test must catch, by the results of the tests.
pub fn by_tests(mistake: &Mistake, results: &[TestResult]) -> Trial {
    let names = |is_meant: &dyn Fn(&TestResult) -> bool| -> Vec<String> {
        let meant = results.iter().filter(|result| is_meant(result));
        meant.map(|result| result.test.clone()).collect()
    };
    let failed = names(&TestResult::is_failure);
    let skipped = names(&|result| result.outcome == Outcome::Skipped);
    let name = mistake.caught_by.name();
    let catcher = results.iter().find(|result| result.test == name);
    let problem = match catcher {
        None => Some(format!("there is no test {name}")),
        Some(result) => problem_with(result, &mistake.evidence),
    };
    let reported = catcher.and_then(|result| Evidence::reported_by(result, &mistake.evidence));
    Trial { skipped, reported, ..Trial::new(mistake, failed, problem) }
}

fn problem_with(result: &TestResult, evidence: &Evidence) -> Option<String> {
    let name = &result.test;
    match result.outcome {
        Outcome::Passed => Some(format!("{name} passes on it")),
        Outcome::Skipped => Some(format!("{name} cannot run here: {}", result.sentence())),
        _ => {
            let missing = evidence.missing_in(result)?;
            let text = result.render(&Style::PLAIN);
            Some(format!("{name} fails, but does not report {missing}; it reports\n{text}"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::patch::Catcher;
    use super::*;
    use report::{Failure, Kind, Report, TestId};
    use std::path::PathBuf;

    const TEST: &str = "step1_listen::a";

    fn failed(text: &str) -> TestResult {
        let failure = Failure::new(Kind::Expectation, "closed-early", text);
        TestResult::reported(TEST, Report::failed("01", TestId::parse(TEST), failure))
    }

    fn problem(evidence: Evidence, result: TestResult) -> String {
        let mistake = Mistake {
            name: "it".to_owned(),
            path: PathBuf::new(),
            believed: String::new(),
            caught_by: Catcher::Test(TEST.to_owned()),
            evidence,
        };
        by_tests(&mistake, &[result]).problem
    }

    #[test]
    fn a_mistake_is_caught_by_the_named_test_with_the_named_words() {
        let says = || Evidence::Says("wanted 9 more".to_owned());
        assert_eq!(problem(says(), failed("so I wanted 9\n   more bytes")), "");
        let late = TestResult { outcome: Outcome::TimedOut, ..failed("wanted 9 more") };
        assert_eq!(problem(says(), late), "");
        assert!(problem(says(), failed("wanted 8 more")).contains("does not report"));
        assert!(problem(says(), TestResult::passed(TEST)).contains("passes on it"));
        let reason = "no IPv6".to_owned();
        let skipped = Report::new("01", TestId::parse(TEST), report::Outcome::Skipped { reason });
        let skipped = TestResult::reported(TEST, skipped);
        assert!(problem(says(), skipped).contains("cannot run here"));
    }

    #[test]
    fn a_mistake_is_caught_with_the_named_message() {
        let message = |id: &str| Evidence::Ids { message: Some(id.to_owned()), advice: None };
        assert_eq!(problem(message("closed-early"), failed("anything")), "");
        assert!(problem(message("not-read"), failed("anything")).contains("`not-read`"));
    }
}
