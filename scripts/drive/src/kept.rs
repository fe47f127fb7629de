//! The recording of the last run in which a test passed, in `.lab/recordings`. There is one for each test,
//! and it counts only for the suite that made it. With it, a replay shows where a wrong answer differs
//! from the right one.

use std::fs;
use std::path::PathBuf;

use lab::build::suite::Suite;
use lab::course::labs::Lab;
use lab::files;
use lab::workspace::Workspace;
use report::{Outcome, Report, VERSION};
use serde::{Deserialize, Serialize};

/// The recordings of one test.
#[derive(Debug)]
pub struct Recordings<'test> {
    file: PathBuf,
    suite: &'test Suite,
}

/// What the file holds.
#[derive(Debug, Deserialize, Serialize)]
struct Recording {
    /// The fingerprint of the suite.
    suite: String,
    report: Report,
}

impl<'test> Recordings<'test> {
    /// Those of `test`, which is in `suite`.
    pub fn of(
        workspace: &Workspace,
        lab: &Lab,
        suite: &'test Suite,
        test: &str,
    ) -> Recordings<'test> {
        let folder = workspace.state_dir().join("recordings").join(&lab.number);
        Recordings { file: folder.join(test.replace("::", ".") + ".json"), suite }
    }

    /// The report to replay after a run with the report `now`, and whether it is of an earlier run.
    pub fn choose(&self, now: Report) -> (Report, bool) {
        if matches!(now.outcome, Outcome::Passed { .. }) {
            let recording = Recording { suite: self.suite.inputs.clone(), report: now };
            let text = serde_json::to_vec(&recording).expect("all keys are text");
            // In a read-only checkout, each replay makes a new recording.
            let _ = files::write_whole(&self.file, &text);
            return (recording.report, false);
        }
        match self.read() {
            Some(earlier) => (earlier, true),
            None => (now, false),
        }
    }

    fn read(&self) -> Option<Report> {
        let recording: Recording = serde_json::from_slice(&fs::read(&self.file).ok()?).ok()?;
        let is_current =
            recording.suite == self.suite.inputs && recording.report.version == VERSION;
        is_current.then_some(recording.report)
    }
}
