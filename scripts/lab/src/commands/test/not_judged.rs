//! The output if the machine or the suite failed, so that there is no verdict on the program.

use serde::Serialize;
use terminal::{Style, count_of};

use crate::course::labs::Lab;
use crate::error::Exit;
use crate::judge::TestResult;
use crate::output::Output;

/// The tests without a result. No points are given or taken, and the student's progress stays.
#[derive(Debug, Serialize)]
pub struct NotJudged {
    lab: String,
    verdict: &'static str,
    /// Why the first of these tests has no result.
    reason: String,
    /// All tests that were run.
    tests: Vec<TestResult>,
}

impl NotJudged {
    /// `None` if each of `results` is a verdict on the program.
    pub fn find(lab: &Lab, results: &[TestResult]) -> Option<NotJudged> {
        let first = results.iter().find(|result| !result.is_verdict())?;
        let reason = first.sentence().to_owned();
        Some(NotJudged {
            lab: lab.folder(),
            verdict: "not_judged",
            reason,
            tests: results.to_vec(),
        })
    }

    /// The tests without a result, one for each reason.
    fn causes(&self) -> Vec<&TestResult> {
        let mut causes: Vec<&TestResult> = Vec::new();
        for test in self.tests.iter().filter(|test| !test.is_verdict()) {
            if causes.iter().all(|cause| cause.sentence() != test.sentence()) {
                causes.push(test);
            }
        }
        causes
    }
}

impl Output for NotJudged {
    fn page(&self, style: &Style) -> String {
        let causes: String =
            self.causes().iter().map(|cause| format!("\n{}\n", cause.render(style))).collect();
        let count = self.tests.iter().filter(|test| !test.is_verdict()).count();
        let closing = format!(
            "Lab {} is not judged, because {} could not run. No points are given or taken.",
            self.lab,
            count_of(count, "test")
        );
        format!("{causes}\n{}\n", style.bad(&closing))
    }

    fn exit(&self) -> Exit {
        Exit::ToolFails
    }
}
