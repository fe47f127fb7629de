//! The trial of one mistake, which runs some tests against the wrong program.

use std::path::Path;

use serde::Serialize;
use terminal::Style;

use lab::build::suite::Suite;
use lab::course::labs::Lab;
use lab::course::mistake::{Evidence, Mistake};
use lab::error::Error;
use lab::judge::{self, Job, Outcome, Permits, TestResult};

/// The test programs that a mistake is tried with.
pub struct Suites {
    /// The tests of the lab.
    pub suite: Suite,
    /// The tests that only the instructor has, if there are any.
    pub held_back: Option<Suite>,
}

/// The result of one trial.
#[derive(Debug, Serialize)]
pub struct Trial {
    /// The name of the mistake.
    pub mistake: String,
    /// What the student believed.
    pub believed: String,
    /// The test or the lint that must catch it.
    pub caught_by: String,
    /// The tests that fail on it, by the names that `caught-by` uses: of the named test, and of those
    /// that no mistake names.
    pub failed: Vec<String>,
    /// The tests that cannot run on this machine.
    pub skipped: Vec<String>,
    /// How often it was tried.
    pub runs: u32,
    /// How many of these runs caught it as expected.
    pub caught: u32,
    /// Why the mistake is not caught as expected; empty if it always is.
    pub problem: String,
}

impl Trial {
    /// A trial in which these tests `failed`.
    pub fn new(mistake: &Mistake, failed: Vec<String>, problem: Option<String>) -> Trial {
        Trial {
            mistake: mistake.name.clone(),
            believed: mistake.believed.clone(),
            caught_by: mistake.caught_by.name().to_owned(),
            failed,
            skipped: Vec::new(),
            runs: 1,
            caught: u32::from(problem.is_none()),
            problem: problem.unwrap_or_default(),
        }
    }

    /// Adds one more run of the same mistake.
    pub fn add_run(&mut self, run: Trial) {
        self.runs += run.runs;
        self.caught += run.caught;
        self.keep_failures(run.failed, run.skipped);
        if self.problem.is_empty() {
            self.problem = run.problem;
        }
    }

    /// This trial, which replaces `other` of the same mistake. Its tests need not have run again.
    pub fn with_failures_of(mut self, other: Trial) -> Trial {
        self.keep_failures(other.failed, other.skipped);
        self
    }

    /// A test that failed in any run has caught a mistake.
    fn keep_failures(&mut self, failed: Vec<String>, skipped: Vec<String>) {
        self.failed.extend(failed);
        self.failed.sort();
        self.failed.dedup();
        self.skipped.extend(skipped);
    }

    /// What is wrong with the trial.
    pub fn sentence(&self) -> String {
        let Trial { mistake, runs, caught, problem, .. } = self;
        match runs {
            1 => format!("{mistake}: {problem}"),
            _ => format!("{mistake}: caught in {caught} of {runs} runs: {problem}"),
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
    let find = |name: &str| {
        let result = results.iter().find(|result| result.test == name);
        result.ok_or_else(|| format!("there is no test {name}"))
    };
    let first = find(mistake.caught_by.name())
        .map_or_else(Some, |result| problem_with(result, &mistake.evidence));
    let any = Evidence::default();
    let also = |name: &String| match find(name) {
        // Another machine will prove it.
        Ok(result) if result.outcome == Outcome::Skipped => None,
        Ok(result) => problem_with(result, &any),
        Err(problem) => Some(problem),
    };
    let problem = first.or_else(|| mistake.also_caught_by.iter().find_map(also));
    Trial { skipped, ..Trial::new(mistake, failed, problem) }
}

fn problem_with(result: &TestResult, evidence: &Evidence) -> Option<String> {
    let name = &result.test;
    match result.outcome {
        Outcome::Passed => Some(format!("{name} passes on it")),
        Outcome::Skipped => Some(format!("{name} cannot run here: {}", result.sentence())),
        _ => {
            let missing = evidence.missing_in(result.failure())?;
            let text = result.render(&Style::PLAIN);
            Some(format!("{name} fails, but does not report {missing}; it reports\n{text}"))
        }
    }
}
