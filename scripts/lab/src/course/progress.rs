//! The student's progress: `.lab/progress.json`.
//!
//! ```text
//!   read ─▶ no such file           no progress yet
//!       ├─▶ from another version   unknown fields and unknown results are ignored
//!       └─▶ broken                 renamed to progress.broken.json, with a line on stderr
//!   write ─▶ beside the file, then renamed over it
//! ```
//!
//! A lost file does no harm, because the next `cargo lab test` writes the verdicts again. A file of
//! an older version keeps its hints, and has no verdicts.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::fs;
use std::io;
use std::mem;
use std::path::PathBuf;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::course::labs::{Lab, Step};
use crate::error::Error;
use crate::files;
use crate::output::notice;
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
    #[serde(deserialize_with = "known_marks")]
    pub results: BTreeMap<String, TestMark>,
    /// Whether clippy found an error in a file of the step.
    pub denied: bool,
    /// A fingerprint of each file of the lab's `src` that was judged.
    pub files: BTreeMap<String, String>,
    /// For each test that passed in an earlier run and not in the last one: the files of the last run in
    /// which it passed.
    pub passed_with: BTreeMap<String, BTreeMap<String, String>>,
    /// The advice that the last run showed.
    pub advice: Option<ReadAdvice>,
    /// How many hints were shown.
    pub hints: usize,
    /// Which of the step's `test_hints` were shown.
    pub test_hints: BTreeSet<usize>,
}

/// An advice that was shown in full.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct ReadAdvice {
    /// The test that failed, as libtest lists it.
    pub test: String,
    /// The advice.
    pub id: String,
    /// A fingerprint of each file of the lab's `src` when the advice was shown first.
    pub files: BTreeMap<String, String>,
}

impl ReadAdvice {
    /// Whether both are the same advice, at the same test.
    pub fn is_same(&self, other: &ReadAdvice) -> bool {
        self.test == other.test && self.id == other.id
    }
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
    /// Takes in a run on `files`.
    pub fn record(&mut self, results: BTreeMap<String, TestMark>, files: BTreeMap<String, String>) {
        let lost = results.iter().filter(|(_, mark)| **mark != TestMark::Passed);
        let passed_with =
            lost.filter_map(|(test, _)| Some((test.clone(), self.last_pass(test)?.clone())));
        self.passed_with = passed_with.collect();
        self.results = results;
        self.files = files;
    }

    /// Takes in the advice that was shown now. One that is shown again keeps its first files.
    pub fn show(&mut self, advice: Option<ReadAdvice>) {
        let is_same =
            self.advice.as_ref().zip(advice.as_ref()).is_some_and(|(old, new)| old.is_same(new));
        if !is_same {
            self.advice = advice;
        }
    }

    /// The files of the last run in which `test` passed. `None` if it never did, or if it did by accident:
    /// a step that comes to a `todo!` may pass a test, because a server that panics closes its connections.
    pub fn last_pass(&self, test: &str) -> Option<&BTreeMap<String, String>> {
        match self.results.get(test) {
            Some(TestMark::Passed) => (!self.is_unwritten()).then_some(&self.files),
            _ => self.passed_with.get(test),
        }
    }

    /// Whether all tests that could run passed, at least one did, and clippy denied nothing.
    pub fn is_done(&self) -> bool {
        !self.denied && self.passed() > 0 && self.passed() == self.judged()
    }

    /// Whether the program came to a `todo!` in a test.
    pub fn is_unwritten(&self) -> bool {
        self.results.values().any(|mark| *mark == TestMark::Unwritten)
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
    /// Reads the progress; no progress if there is no file. A broken file is set aside, because the
    /// user may have edited it, and the next [`Progress::write`] would replace it.
    pub fn read(workspace: &Workspace) -> Progress {
        let bytes = match fs::read(path(workspace)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Progress::default(),
            read => read,
        };
        let parsed = bytes.and_then(|bytes| Ok(serde_json::from_slice(&bytes)?));
        parsed.unwrap_or_else(|error| {
            set_aside(workspace, &error);
            Progress::default()
        })
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
            notice(&format!("Your progress is not kept ({}).", error.cause()));
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

/// The files that differ between two versions, or that only one of them has.
pub fn changed_files(
    one: &BTreeMap<String, String>,
    other: &BTreeMap<String, String>,
) -> Vec<String> {
    let names: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    names.into_iter().filter(|name| one.get(*name) != other.get(*name)).cloned().collect()
}

fn path(workspace: &Workspace) -> PathBuf {
    workspace.state_dir().join("progress.json")
}

/// Renames the broken file, so that the line about it is printed once.
fn set_aside(workspace: &Workspace, why: &dyn Display) {
    let aside = path(workspace).with_file_name("progress.broken.json");
    let what_now = match fs::rename(path(workspace), aside) {
        Ok(()) => "It is now .lab/progress.broken.json, and your progress starts again.",
        Err(_) => "It is ignored.",
    };
    notice(&format!("Your progress in .lab/progress.json cannot be read ({why}). {what_now}"));
}

/// The results whose marks this version knows. A later version may have more.
fn known_marks<'de, D>(deserializer: D) -> Result<BTreeMap<String, TestMark>, D::Error>
where
    D: Deserializer<'de>,
{
    let marks = BTreeMap::<String, Value>::deserialize(deserializer)?;
    let known = |(test, mark)| Some((test, serde_json::from_value(mark).ok()?));
    Ok(marks.into_iter().filter_map(known).collect())
}
