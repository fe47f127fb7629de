//! The result of a test, from the kit's report and the end of the test process.

use std::time::Duration;

use report::{Failure, Kind, Report};
use serde::Serialize;
use terminal::Style;

use crate::build::libtest;
use crate::course::progress::TestMark;

/// The result of one test.
#[derive(Clone, Debug, Serialize)]
pub struct TestResult {
    /// The test's name, as libtest lists it.
    pub test: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The test kit's report, if the test failed, was skipped, or was traced.
    pub report: Option<Report>,
    /// How a test ended that neither passed nor wrote a report.
    pub problem: Option<Problem>,
}

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed, and the report says why.
    Failed,
    /// It cannot run on this machine, and the report says why.
    Skipped,
    /// It was still running at its deadline, and was killed.
    TimedOut,
    /// The machine cannot judge the program, and the report says why.
    Machine,
    /// The test program ended without a result, which is a defect of the suite.
    TestProgramFailed,
}

/// Why a test has neither passed nor a report.
#[derive(Clone, Debug, Serialize)]
pub struct Problem {
    sentence: String,
    /// The last lines that the test process printed.
    last_lines: Vec<String>,
}

/// How many lines of a test process's output are shown.
const LAST_LINES: usize = 20;

impl TestResult {
    /// The result of a test that passed.
    pub fn passed(test: &str) -> TestResult {
        TestResult::new(test, Outcome::Passed)
    }

    /// The result that `report` describes.
    pub fn reported(test: &str, report: Report) -> TestResult {
        let outcome = match &report.outcome {
            report::Outcome::Passed { .. } => Outcome::Passed,
            report::Outcome::Failed(_) => Outcome::Failed,
            report::Outcome::Skipped { .. } => Outcome::Skipped,
            report::Outcome::Machine { .. } => Outcome::Machine,
        };
        TestResult { report: Some(report), ..TestResult::new(test, outcome) }
    }

    fn without_report(test: &str, outcome: Outcome, sentence: String, output: &str) -> TestResult {
        let lines: Vec<&str> = output.lines().filter(|line| !libtest::is_frame(line)).collect();
        let last = &lines[lines.len().saturating_sub(LAST_LINES)..];
        let last_lines = last.iter().map(|line| (*line).to_owned()).collect();
        TestResult {
            problem: Some(Problem { sentence, last_lines }),
            ..TestResult::new(test, outcome)
        }
    }

    fn new(test: &str, outcome: Outcome) -> TestResult {
        TestResult { test: test.to_owned(), outcome, report: None, problem: None }
    }

    /// `all_comes_back` of `step2_echo::all_comes_back`.
    pub fn name(&self) -> &str {
        self.test.rsplit("::").next().unwrap_or(&self.test)
    }

    /// The same as `all comes back`.
    pub fn name_in_words(&self) -> String {
        self.name().replace('_', " ")
    }

    /// The result as the student's progress keeps it.
    pub fn mark(&self) -> TestMark {
        match self.outcome {
            Outcome::Passed => TestMark::Passed,
            Outcome::Skipped => TestMark::Skipped,
            _ if self.kind() == Some(Kind::Unwritten) => TestMark::Unwritten,
            _ => TestMark::Failed,
        }
    }

    /// Whether the test found a fault, or its result is unknown.
    pub fn is_failure(&self) -> bool {
        !matches!(self.outcome, Outcome::Passed | Outcome::Skipped)
    }

    /// Whether the result says anything about the program. If the machine or the suite failed, it
    /// does not.
    pub fn is_verdict(&self) -> bool {
        !matches!(self.outcome, Outcome::Machine | Outcome::TestProgramFailed)
    }

    /// The reported failure.
    pub fn failure(&self) -> Option<&Failure> {
        self.report.as_ref()?.failure()
    }

    /// The kind of the reported failure.
    pub fn kind(&self) -> Option<Kind> {
        self.failure().map(|failure| failure.kind)
    }

    /// Why the test failed or was skipped, in one sentence; empty if it passed.
    pub fn sentence(&self) -> &str {
        let reported = self.report.as_ref().map(|report| match &report.outcome {
            report::Outcome::Failed(failure) => failure.message.text.as_str(),
            report::Outcome::Passed { .. } => "",
            report::Outcome::Skipped { reason } | report::Outcome::Machine { reason } => reason,
        });
        let problem = self.problem.as_ref().map(|problem| problem.sentence.as_str());
        reported.or(problem).unwrap_or_default()
    }

    /// The last lines of a test process that ended without a report.
    pub fn last_lines(&self) -> &[String] {
        self.problem.as_ref().map_or(&[], |problem| &problem.last_lines)
    }

    /// The whole failure for people, without the line that says where the hint is.
    pub fn render(&self, style: &Style) -> String {
        let report = self.report.as_ref().map(|report| report.render_without_hint(style));
        report.unwrap_or_else(|| {
            let heading = format!("{} {}", style.mark(false), self.name_in_words());
            let problem = self.problem.as_ref().map(Problem::render).unwrap_or_default();
            format!("{heading}\n\n{problem}")
        })
    }
}

impl Problem {
    fn render(&self) -> String {
        if self.last_lines.is_empty() {
            return self.sentence.clone();
        }
        format!("{}\nIts last lines:\n  {}", self.sentence, self.last_lines.join("\n  "))
    }
}

/// How the process of one test ended.
pub struct Ending {
    /// Whether it exited with status 0; `None` if it was killed at its deadline.
    pub success: Option<bool>,
    /// What it printed.
    pub output: String,
    /// What it reported.
    pub report: Option<Report>,
}

impl Ending {
    /// The result. A test has passed only if its process prints that it ran the test, exits with 0
    /// and reports nothing. A process that ends early in any other way must not look like a pass.
    pub fn result(self, test: &str, deadline: Duration) -> TestResult {
        let passed = self.success == Some(true) && libtest::one_passed(&self.output);
        match (self.success, self.report) {
            (None, _) => {
                let seconds = deadline.as_secs_f32();
                let sentence = format!("timed out: still running after {seconds} s, and killed");
                TestResult::without_report(test, Outcome::TimedOut, sentence, &self.output)
            }
            (Some(true), Some(report)) if passed || report.is_failure() => {
                TestResult::reported(test, report)
            }
            (Some(false), Some(report)) if report.is_failure() => {
                TestResult::reported(test, report)
            }
            (_, None) if passed => TestResult::passed(test),
            _ => {
                let sentence = "the test program itself failed, so this is no verdict on your code";
                let outcome = Outcome::TestProgramFailed;
                TestResult::without_report(test, outcome, sentence.to_owned(), &self.output)
            }
        }
    }
}
