//! Tests that passed in an earlier run and fail now, and the files that changed since they passed.
//!
//! A test stays a regression until it passes again. A test of a step that comes to a `todo!` is none,
//! because the student is writing that step.

use std::collections::BTreeSet;

use report::TestId;
use serde::Serialize;
use terminal::{Style, count_of, wrap_to};

use super::run::Run;
use crate::course::labs::{Lab, Step};
use crate::course::progress::{Progress, TestMark, changed_files};
use crate::output::list_in_words;

/// How many tests are named.
const NAMED: usize = 5;

/// What became worse since an earlier run.
#[derive(Debug, Serialize)]
pub struct Regression {
    /// The tests, in the order of `lab.toml`.
    tests: Vec<String>,
    /// The files that changed since these tests passed, relative to `src`.
    changed_files: BTreeSet<String>,
}

impl Regression {
    /// Compares `run` with the results `before` it.
    pub fn find(lab: &Lab, run: &Run, before: &Progress) -> Option<Regression> {
        let mut found = Regression { tests: Vec::new(), changed_files: BTreeSet::new() };
        for result in run.results.iter().filter(|result| result.is_failure()) {
            let Some(step) = lab.step_of(&result.test) else { continue };
            if is_unwritten_now(lab, step, run) {
                continue;
            }
            if let Some(files) = before.step(lab, &step.name).last_pass(&result.test) {
                found.tests.push(result.test.clone());
                found.changed_files.extend(changed_files(files, &run.files));
            }
        }
        (!found.tests.is_empty()).then_some(found)
    }

    /// A sentence on the tests and one on the files.
    fn summary(&self, style: &Style) -> String {
        let heading = match self.tests.len() {
            1 => "1 test passed before and fails now.".to_owned(),
            count => format!("{} passed before and fail now.", count_of(count, "test")),
        };
        let text = format!("{heading} {}", self.what_changed());
        style.careful(&wrap_to(&text, 0, style.columns))
    }

    /// A paragraph with the names of the tests and of the files.
    pub fn page(&self, style: &Style) -> String {
        let names = self.tests.iter().take(NAMED).map(|test| {
            let test = TestId::parse(test);
            format!("  {} › {}\n", test.group(), test.name.replace('_', " "))
        });
        let more = match self.tests.len().saturating_sub(NAMED) {
            0 => String::new(),
            more => format!("  and {}\n", count_of(more, "more test")),
        };
        format!("\n{}\n{}{more}", self.summary(style), names.collect::<String>())
    }

    fn what_changed(&self) -> String {
        let files: Vec<&str> = self.changed_files.iter().map(String::as_str).collect();
        if files.is_empty() {
            return "No file in src has changed since then, so the result may depend on timing."
                .to_owned();
        }
        format!("Since then, you changed {}.", list_in_words(&files))
    }
}

/// Whether the program comes to a `todo!` in a test of `step`.
fn is_unwritten_now(lab: &Lab, step: &Step, run: &Run) -> bool {
    let mut results = run.results.iter().filter(|result| lab.step_of(&result.test) == Some(step));
    results.any(|result| result.mark() == TestMark::Unwritten)
}
