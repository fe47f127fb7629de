//! An advice that the student has read before, and has perhaps followed.
//!
//! An advice is written for the usual mistake behind a failure. After an edit, the same advice at the
//! same test often means that the cause is another one.

use std::collections::BTreeMap;

use serde::Serialize;
use terminal::{Style, wrap_to};

use crate::course::functions::{self, Function};
use crate::course::labs::{Lab, Step};
use crate::course::progress::{ReadAdvice, StepProgress, changed_files};
use crate::judge::TestResult;
use crate::output::list_in_words;

/// What the first failure of a step says again.
#[derive(Debug, Serialize)]
pub struct RepeatedAdvice {
    /// The files that changed since it was read first, relative to `src`.
    changed_files: Vec<String>,
    /// The functions of the step that the advice does not name.
    other_functions: Vec<Function>,
}

impl RepeatedAdvice {
    /// Compares the first failure among `tests` of `step` with the advice of the runs `before`.
    pub fn find(
        lab: &Lab,
        step: &Step,
        tests: &[TestResult],
        files: &BTreeMap<String, String>,
        before: &StepProgress,
    ) -> Option<RepeatedAdvice> {
        let failure = tests.iter().find(|test| test.is_failure())?;
        let shown = ReadAdvice::of(failure, files)?;
        let read = before.advice.as_ref().filter(|read| read.is_same(&shown))?;
        let text = &failure.failure()?.advice.as_ref()?.text;
        let is_named = |function: &Function| functions::is_named_in(text, &function.name);
        let others = functions::to_write(lab, step).into_iter();
        let changed_files = changed_files(&read.files, files);
        (!changed_files.is_empty()).then(|| RepeatedAdvice {
            changed_files,
            other_functions: others.filter(|function| !is_named(function)).collect(),
        })
    }

    /// A paragraph below the failure.
    pub fn paragraph(&self, style: &Style) -> String {
        let changed: Vec<&str> = self.changed_files.iter().map(String::as_str).collect();
        let verb = if changed.len() == 1 { "has" } else { "have" };
        let mut text = format!(
            "You have read this advice before, and {} {verb} changed since then. If your code does \
             what it says, the cause is elsewhere.",
            list_in_words(&changed)
        );
        let others: Vec<String> = self.other_functions.iter().map(Function::to_string).collect();
        if !others.is_empty() {
            let others = list_in_words(&others.iter().map(String::as_str).collect::<Vec<_>>());
            text += &format!(" The files of this step also have {others}.");
        }
        wrap_to(&text, 0, style.columns) + "\n"
    }
}

impl ReadAdvice {
    /// The advice that `failure` shows on `files`, if it shows one.
    pub fn of(failure: &TestResult, files: &BTreeMap<String, String>) -> Option<ReadAdvice> {
        let advice = failure.failure()?.advice.as_ref()?;
        let (test, id) = (failure.test.clone(), advice.id.clone());
        Some(ReadAdvice { test, id, files: files.clone() })
    }
}
