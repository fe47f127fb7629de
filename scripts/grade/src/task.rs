//! One submission to build and judge, and the result: what goes to a worker and comes back.

use std::fs;
use std::path::{Path, PathBuf};

use lab::error::Error;
use lab::files;
use ledger::{Step, Test, Verdict};
use serde::{Deserialize, Serialize};

use crate::bench::Bench;
use crate::build_time::BuildTime;
use crate::sandbox::Sandbox;

/// What a worker does.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Task {
    /// With what.
    pub bench: Bench,
    /// Where.
    pub sandbox: Sandbox,
    /// A folder of the worker's own.
    pub folder: PathBuf,
    /// The files of the submission, in that folder.
    pub sources: PathBuf,
    /// The command to judge; `None`: the program that rustc builds.
    pub subject: Option<String>,
    /// Only tests of this name are judged; `None`: all.
    pub only: Option<String>,
    /// How long the grader waits for the build.
    pub build_time: BuildTime,
}

/// What a worker found out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The verdict.
    pub verdict: Verdict,
    /// One sentence on a verdict that is neither `Passed` nor `Failed`, or on a test without a result.
    pub reason: Option<String>,
    /// What the compiler printed, if it did not compile.
    pub compiler: Option<String>,
    /// The points for the tests that passed.
    pub points: u32,
    /// The points for all tests that could run.
    pub points_possible: u32,
    /// The steps in the order of the lab.
    pub steps: Vec<Step>,
    /// The tests that students do not have.
    pub held_back: Vec<Test>,
    /// How much processor time it took.
    pub cpu_ms: u64,
}

/// The file with the result of the suite, in the folder of a worker.
const SO_FAR: &str = "so-far.json";

impl Judged {
    /// Keeps the result of the suite in `folder`, for the case that the tests that follow take too long.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn keep_so_far(&self, folder: &Path) -> Result<(), Error> {
        let text = serde_json::to_vec(self).expect("it has no map");
        files::write_whole(&folder.join(SO_FAR), &text)
            .map_err(|error| Error::failed("cannot keep the result of the suite", error))
    }

    /// The result of the suite, if the worker in `folder` came so far.
    pub fn so_far(folder: &Path) -> Option<Judged> {
        serde_json::from_slice(&fs::read(folder.join(SO_FAR)).ok()?).ok()
    }

    /// A verdict without a test.
    pub fn without_tests(verdict: Verdict, reason: impl Into<String>) -> Judged {
        Judged {
            verdict,
            reason: Some(reason.into()),
            compiler: None,
            points: 0,
            points_possible: 0,
            steps: Vec::new(),
            held_back: Vec::new(),
            cpu_ms: 0,
        }
    }
}

/// What a judgement gives.
#[derive(Debug, PartialEq)]
pub enum Judgement {
    /// The results of all tests.
    Whole(Judged),
    /// The results of an earlier entry, with a new one for one test.
    Merged(Judged),
    /// That one test could not be judged, so the earlier entry stays.
    Failed(Judged),
}
