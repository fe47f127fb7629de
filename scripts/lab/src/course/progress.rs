//! The student's progress: `.lab/progress.json`.
//!
//! A lost or broken file does no harm, because the next `cargo lab test` writes the verdicts again.
//! A file of an older version keeps its hints, and has no verdicts.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::mem;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::course::labs::{Lab, Step};
use crate::error::Error;
use crate::files;
use crate::workspace::Workspace;

/// The progress in each step of each lab, by the lab's folder name and the step's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Progress {
    labs: BTreeMap<String, BTreeMap<String, StepProgress>>,
}

/// The progress in one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct StepProgress {
    /// The result of each test when the step was last judged, by the test's name as libtest lists
    /// it. Empty if the step was never judged.
    pub results: BTreeMap<String, TestMark>,
    /// Whether clippy found an error in a file of the step.
    pub denied: bool,
    /// A fingerprint of each file of the lab's `src` that was judged.
    pub files: BTreeMap<String, String>,
    /// How many hints were shown.
    pub hints: usize,
    /// Which of the step's `test_hints` were shown.
    pub test_hints: BTreeSet<usize>,
}

/// The result of one test, as far as a later run needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TestMark {
    /// It passed.
    Passed,
    /// It cannot run on this machine.
    Skipped,
    /// It failed.
    Failed,
    /// The program came to a `todo!`.
    Unwritten,
}

impl StepProgress {
    /// Whether all tests that could run passed, at least one did, and clippy denied nothing.
    pub fn is_done(&self) -> bool {
        !self.denied && self.passed() > 0 && self.passed() == self.judged()
    }

    /// How many tests passed.
    pub fn passed(&self) -> usize {
        self.results.values().filter(|mark| **mark == TestMark::Passed).count()
    }

    /// Whether a hint of `step` is left, if `fitting` is the one that fits its first failing test.
    pub fn has_hint_left(&self, step: &Step, fitting: Option<usize>) -> bool {
        let is_new = |index| !self.test_hints.contains(&index);
        self.hints < step.hints.len() || fitting.is_some_and(is_new)
    }

    /// How many tests could run on this machine.
    pub fn judged(&self) -> usize {
        self.results.values().filter(|mark| **mark != TestMark::Skipped).count()
    }
}

impl Progress {
    /// Reads the progress; no progress if the file is lost or broken.
    pub fn read(workspace: &Workspace) -> Progress {
        fs::read(path(workspace))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Writes the progress.
    pub fn write(&self, workspace: &Workspace) -> Result<(), Error> {
        let text = serde_json::to_string_pretty(self).expect("maps with text as keys are JSON");
        files::write_whole(&path(workspace), text.as_bytes())
            .map_err(|error| Error::failed("cannot write .lab/progress.json", error))
    }

    /// Writes the progress. Where that fails, as in a read-only checkout, says so and goes on,
    /// because a verdict or a hint is worth more than its trace.
    pub fn keep(&self, workspace: &Workspace) {
        if let Err(error) = self.write(workspace) {
            eprintln!("Your progress is not kept ({}).", error.cause());
        }
    }

    /// The progress in one step of `lab`.
    pub fn step(&self, lab: &Lab, step: &str) -> StepProgress {
        let steps = self.labs.get(&lab.folder());
        steps.and_then(|steps| steps.get(step)).cloned().unwrap_or_default()
    }

    /// The same, to be changed.
    pub fn step_mut(&mut self, lab: &Lab, step: &str) -> &mut StepProgress {
        self.labs.entry(lab.folder()).or_default().entry(step.to_owned()).or_default()
    }

    /// The first step of `lab` that is not done.
    pub fn first_to_do<'lab>(&self, lab: &'lab Lab) -> Option<&'lab Step> {
        lab.steps().iter().find(|step| !self.step(lab, &step.name).is_done())
    }

    /// Forgets the verdicts on the lab's steps, and keeps which hints were shown.
    pub fn forget_verdicts(&mut self, lab: &Lab) {
        for step in self.labs.entry(lab.folder()).or_default().values_mut() {
            let (hints, test_hints) = (step.hints, mem::take(&mut step.test_hints));
            *step = StepProgress { hints, test_hints, ..StepProgress::default() };
        }
    }
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.state_dir().join("progress.json")
}
