//! JUnit XML: a suite for each student, for CI servers. It is for instructors, so it has the held-back
//! tests.

use std::time::Duration;

use lab::error::Error;
use ledger::{Entry, Outcome, Test, Verdict};
use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};

use crate::cause;
use crate::class::{ClassLab, Member};
use crate::feedback::text;
use crate::gradebook::Gradebook;

/// The file for `lab`.
pub fn xml(book: &Gradebook, lab: &ClassLab) -> Result<String, Error> {
    let mut report = Report::new(format!("lab {}", lab.number));
    report.add_test_suites(book.results(lab).map(|(member, result)| suite(member, result.entry)));
    report.to_string().map_err(|error| Error::failed("cannot write JUnit XML", error))
}

fn suite(member: &Member, entry: &Entry) -> TestSuite {
    let mut suite = TestSuite::new(member.student.id.as_str());
    suite.add_property(("verdict", entry.verdict.words()));
    if let Some(commit) = &entry.submission.commit {
        suite.add_property(("commit", commit.as_str()));
    }
    suite.set_time(Duration::from_millis(entry.wall_ms));
    suite.add_test_cases(without_tests(entry));
    let steps = entry.steps.iter().flat_map(|step| &step.tests);
    suite.add_test_cases(steps.chain(&entry.held_back).map(case));
    suite
}

/// A case that says why there are no tests.
fn without_tests(entry: &Entry) -> Option<TestCase> {
    let kind = match entry.verdict {
        Verdict::Passed | Verdict::Failed => return None,
        Verdict::GraderError => NonSuccessKind::Error,
        _ => NonSuccessKind::Failure,
    };
    let mut status = TestCaseStatus::non_success(kind);
    status.set_message(entry.reason.as_deref().unwrap_or(entry.verdict.words()));
    status.set_type(entry.verdict.words());
    if let Some(compiler) = &entry.compiler {
        status.set_description(compiler.as_str());
    }
    Some(TestCase::new("submission", status))
}

fn case(test: &Test) -> TestCase {
    let mut case = TestCase::new(test.name.as_str(), status(test));
    case.set_classname(test.module.as_str());
    case
}

fn status(test: &Test) -> TestCaseStatus {
    let mut status = match test.outcome {
        Outcome::Passed => return TestCaseStatus::success(),
        Outcome::Skipped => TestCaseStatus::skipped(),
        Outcome::Failed => TestCaseStatus::non_success(NonSuccessKind::Failure),
        Outcome::Machine => TestCaseStatus::non_success(NonSuccessKind::Error),
    };
    let failure = cause::failure(test);
    status.set_message(failure.map_or("no verdict", |failure| failure.message.text.as_str()));
    if let Some(failure) = failure {
        status.set_type(failure.message.id.as_str());
        status.set_description(text::failure(test));
    }
    status
}
