//! The student's progress: `.lab/progress.json`.
//!
//! A lost or broken file does no harm, because the next `cargo lab test` writes the verdicts again.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use crate::course::labs::Lab;
use crate::error::Error;
use crate::files;
use crate::workspace::Workspace;

/// The progress in each step of each lab, by the lab's folder name and the step's name.
#[derive(Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Progress {
    labs: BTreeMap<String, BTreeMap<String, StepProgress>>,
}

/// The progress in one step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(default)]
pub struct StepProgress {
    /// How many tests passed when the step was last judged.
    pub passed: usize,
    /// How many tests could not run on this machine.
    pub skipped: usize,
    /// How many tests the step has; 0 when it was never judged.
    pub tests: usize,
    /// The fingerprint of the lab's `src` that was judged.
    pub source: String,
    /// How many hints were shown.
    pub hints: usize,
}

impl StepProgress {
    /// Whether all tests that could run passed, and at least one did.
    pub fn is_done(&self) -> bool {
        self.passed > 0 && self.passed + self.skipped == self.tests
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

    /// Forgets the verdicts on the lab's steps, and keeps which hints were shown.
    pub fn forget_verdicts(&mut self, lab: &Lab) {
        for step in self.labs.entry(lab.folder()).or_default().values_mut() {
            *step = StepProgress { hints: step.hints, ..StepProgress::default() };
        }
    }
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.state_dir().join("progress.json")
}
