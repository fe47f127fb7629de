//! A report: which test, what became of it, and the file that it is written to.

use crate::failure::Failure;
use crate::ladder::Ladder;
use crate::trace::Trace;
use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The version of the format. A reader refuses any other one.
pub const VERSION: u32 = 3;

/// What a test has to say: one that did not pass, or any if the runner asks for a trace.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`VERSION`], from the kit of the same workspace.
    pub version: u32,
    /// The lab's number: `01`.
    pub lab: String,
    /// Which test.
    pub test: TestId,
    /// What became of it.
    pub outcome: Outcome,
    /// Whether the verdict may change when the test runs alone and at normal speed. Either times
    /// were scaled ([`TIME_SCALE`](crate::env::TIME_SCALE)), or a timer inside the program ran
    /// beside many other tests.
    pub provisional: bool,
    /// What went over the wire, if the runner asks for it ([`TRACE`](crate::env::TRACE)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trace: Option<Trace>,
}

/// A test, and the step that it judges.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestId {
    /// The module that it is in: `step2_echo`.
    pub module: String,
    /// The step of that module: `echo`. `None` for a test that belongs to no step.
    pub step: Option<String>,
    /// Its own name.
    pub name: String,
}

/// What became of a test.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It passed. Only a report with a trace says so.
    Passed {
        /// The conversation.
        ladder: Ladder,
    },
    /// It failed.
    Failed(Box<Failure>),
    /// The test cannot run on this machine.
    Skipped {
        /// What the machine lacks.
        reason: String,
    },
    /// The machine cannot judge the program now. This is no verdict on the program.
    Machine {
        /// What the machine does not allow, as a sentence.
        reason: String,
    },
}

impl Report {
    /// A report of this version.
    pub fn new(lab: &str, test: TestId, outcome: Outcome) -> Report {
        let lab = lab.to_owned();
        Report { version: VERSION, lab, test, outcome, provisional: false, trace: None }
    }

    /// A failure, as a report of this version.
    pub fn failed(lab: &str, test: TestId, failure: Failure) -> Report {
        Report::new(lab, test, Outcome::Failed(Box::new(failure)))
    }

    /// The failure, if it is one.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.outcome {
            Outcome::Failed(failure) => Some(failure),
            Outcome::Passed { .. } | Outcome::Skipped { .. } | Outcome::Machine { .. } => None,
        }
    }

    /// The conversation, if the report has one.
    pub fn ladder(&self) -> Option<&Ladder> {
        match &self.outcome {
            Outcome::Passed { ladder } => Some(ladder),
            Outcome::Failed(failure) => failure.ladder.as_ref(),
            Outcome::Skipped { .. } | Outcome::Machine { .. } => None,
        }
    }

    /// Whether the test ended as failed, be it the program's fault or the machine's.
    pub fn is_failure(&self) -> bool {
        matches!(self.outcome, Outcome::Failed(_) | Outcome::Machine { .. })
    }

    /// The step whose hints help: that of the function which is missing, or else the test's own.
    /// `None` for a test that belongs to no step.
    pub fn step_with_hints(&self) -> Option<&str> {
        let own = self.test.step.as_deref()?;
        let unwritten = self.failure().and_then(|failure| failure.unwritten.as_ref());
        Some(unwritten.map_or(own, |unwritten| &unwritten.step))
    }

    /// The file for a test's report, where [`REPORT`](crate::env::REPORT) is `path`: `path` itself,
    /// or if that is a folder, a file in it that is named after the test, as libtest writes it.
    pub fn file(path: &Path, libtest_name: &str) -> PathBuf {
        if path.is_dir() { path.join(libtest_name.replace("::", ".")) } else { path.to_owned() }
    }

    /// Writes it as JSON.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub fn write(&self, file: &Path) -> io::Result<()> {
        fs::write(file, serde_json::to_vec(self)?)
    }

    /// Reads what [`Report::write`] has written.
    ///
    /// # Errors
    ///
    /// There is no such file (`NotFound`), or it is no report of this version (`InvalidData`).
    pub fn read(file: &Path) -> io::Result<Report> {
        let report: Report = serde_json::from_slice(&fs::read(file)?)?;
        if report.version == VERSION {
            return Ok(report);
        }
        let error = format!("a report of version {}, not {VERSION}", report.version);
        Err(io::Error::new(io::ErrorKind::InvalidData, error))
    }
}

impl TestId {
    /// `path` ends as Rust names the test: `...::step2_echo::a_test`. The module of a step may have
    /// modules of its own.
    pub fn parse(path: &str) -> TestId {
        let (modules, name) = path.rsplit_once("::").unwrap_or(("", path));
        let of_a_step = modules.split("::").find(|module| step_of(module).is_some());
        let module = of_a_step.or(modules.rsplit("::").next()).unwrap_or(modules);
        let step = step_of(module).map(str::to_owned);
        TestId { module: module.to_owned(), step, name: name.to_owned() }
    }

    /// The step, or the module of a test that belongs to none: what stands before its name in a
    /// heading.
    pub fn group(&self) -> &str {
        self.step.as_deref().unwrap_or(&self.module)
    }
}

/// `step2_echo` is the module of the step `echo`.
fn step_of(module: &str) -> Option<&str> {
    let (number, step) = module.strip_prefix("step")?.split_once('_')?;
    number.parse::<u32>().is_ok().then_some(step)
}
