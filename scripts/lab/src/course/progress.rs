//! The student's progress: `.lab/progress.json`.
//!
//! A lost or broken file does no harm: the next `cargo lab test` writes the verdicts again.

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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::course::labs::tests::example;

    #[test]
    fn what_was_written_is_read_back() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let workspace = Workspace { root: folder.path().to_owned() };
        let mut progress = Progress::default();
        progress.step_mut(&example(), "echo").hints = 2;
        progress.write(&workspace).expect("written");
        assert_eq!(Progress::read(&workspace), progress);
    }

    #[test]
    fn a_lost_or_broken_file_means_no_progress() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let workspace = Workspace { root: folder.path().to_owned() };
        assert_eq!(Progress::read(&workspace), Progress::default());

        for broken in ["", "{\"labs\": {\"01-echo\": ", "[1, 2]", "\0\0\0"] {
            files::write_whole(&path(&workspace), broken.as_bytes()).expect("written");
            assert_eq!(Progress::read(&workspace), Progress::default());
        }
    }

    #[test]
    fn a_step_is_done_when_all_that_could_run_passed() {
        let judged = |passed, skipped, tests| StepProgress {
            passed,
            skipped,
            tests,
            ..StepProgress::default()
        };
        assert!(judged(3, 0, 3).is_done());
        assert!(judged(2, 1, 3).is_done());
        assert!(!judged(2, 0, 3).is_done());
        assert!(!judged(0, 3, 3).is_done());
        assert!(!judged(0, 0, 0).is_done());
    }
}
