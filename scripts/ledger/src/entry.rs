//! One judged submission.

use crate::timestamp::Timestamp;
use report::Report;
use serde::{Deserialize, Serialize};

/// The name of the format, in each entry.
pub const SCHEMA: &str = "wirelab/ledger";

/// The version of the format. A reader refuses any other one.
pub const VERSION: u32 = 1;

/// A submission and its verdict: one line of the ledger.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// [`SCHEMA`]
    pub schema: String,
    /// [`VERSION`]
    pub version: u32,
    /// What the verdict depends on, as a hash: lab, files taken, suite, held-back tests, toolchain. A
    /// submission with the same key needs no second judgement.
    pub key: String,
    /// The lab's number: `01`.
    pub lab: String,
    /// The author.
    pub student: Student,
    /// What was handed in.
    pub submission: Submission,
    /// The verdict on all of it.
    pub verdict: Verdict,
    /// One sentence on a verdict that is neither `Passed` nor `Failed`, or on a test without a result.
    pub reason: Option<String>,
    /// What the compiler printed, if it did not compile.
    pub compiler: Option<String>,
    /// The points for the tests that passed. The held-back tests have none.
    pub points: u32,
    /// The points for all tests that could run.
    pub points_possible: u32,
    /// The steps in the order of the lab. Empty if nothing was judged.
    pub steps: Vec<Step>,
    /// The tests that students do not have.
    pub held_back: Vec<Test>,
    /// The version of the compiler.
    pub toolchain: String,
    /// The commit of the workspace that judged, if it has one.
    pub judge: Option<String>,
    /// When the judgement began.
    pub started: Timestamp,
    /// How long it took.
    pub wall_ms: u64,
    /// How much processor time it took, with all its processes.
    pub cpu_ms: u64,
}

/// The author of a submission, as the roster or the archive names them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Student {
    /// What identifies the student in this class: from the roster, or else from the file's name.
    pub id: String,
    /// The full name, if known.
    pub name: Option<String>,
    /// The e-mail address, if known.
    pub email: Option<String>,
}

/// What was handed in, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Submission {
    /// The folder or archive, relative to the folder of submissions.
    pub source: String,
    /// The id of the commit that was judged, if it is a git clone. Ledgers without this field name it in
    /// `source`.
    #[serde(default)]
    pub commit: Option<String>,
    /// The number of the submission in the course's system, if its archive has one.
    pub number: Option<String>,
    /// When it was handed in, if known.
    pub submitted: Option<Timestamp>,
    /// Whether the course's system marked it as late.
    pub marked_late: bool,
    /// The files that were judged.
    pub taken: Vec<File>,
    /// The files that were not.
    pub left_out: Vec<LeftOut>,
}

/// A file that was judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct File {
    /// Its path in the lab's folder: `src/echo.rs`.
    pub path: String,
    /// Its size.
    pub bytes: u64,
    /// Its SHA-256 checksum, in hexadecimal.
    pub sha256: String,
}

/// A file that was handed in and not judged.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LeftOut {
    /// Its path in the submission, with control characters escaped.
    pub path: String,
    /// Why, as a short phrase: `not a file of the lab`.
    pub reason: String,
}

/// The verdict on a submission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Every test that could run passed.
    Passed,
    /// A test failed.
    Failed,
    /// No test passed, and in most of them the program ended by itself.
    ExitedEarly,
    /// It took longer than a submission may, in all.
    TimedOut,
    /// The build went over a limit of memory, processor time, processes or disk, or it waited.
    LimitHit,
    /// The compiler refused it.
    DidNotCompile,
    /// The submission cannot be read, or has none of the lab's files.
    Refused,
    /// The grader or the machine failed. This is never a zero.
    GraderError,
}

impl Verdict {
    /// The verdict in words.
    pub fn words(self) -> &'static str {
        match self {
            Verdict::Passed => "passed",
            Verdict::Failed => "failed",
            Verdict::ExitedEarly => "exited early",
            Verdict::TimedOut => "timed out",
            Verdict::LimitHit => "limit hit",
            Verdict::DidNotCompile => "did not compile",
            Verdict::Refused => "refused",
            Verdict::GraderError => "grader error",
        }
    }
}

/// A step of the lab, and its tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Step {
    /// `echo`
    pub name: String,
    /// The points for its tests that passed.
    pub points: u32,
    /// The points for all its tests that could run.
    pub points_possible: u32,
    /// Its tests, in teaching order.
    pub tests: Vec<Test>,
}

/// A test of a submission.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Test {
    /// The module that it is in: `step2_echo`.
    pub module: String,
    /// Its own name.
    pub name: String,
    /// What became of it.
    pub outcome: Outcome,
    /// How often it was judged. More than once if a busy machine may have been the cause.
    pub runs: u32,
    /// What it has to say, if it did not pass.
    pub report: Option<Report>,
}

/// What became of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// It passed.
    Passed,
    /// It failed.
    Failed,
    /// It cannot run on this machine.
    Skipped,
    /// The machine could not judge, also when it was asked again.
    Machine,
}
