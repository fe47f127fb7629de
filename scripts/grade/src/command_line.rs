//! The command line, as `cargo lab grade --help` describes it.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use lab::output::Format;
use ledger::Timestamp;
use report::env::scale_deadline;

use crate::shard::Shard;

/// Judge the submissions of a class, each in a sandbox
///
/// Takes a folder of submissions, or the ZIP archive with all submissions that Canvas or Moodle
/// exports. A submission is a folder, a git clone, a .zip, .tar.gz, .tgz or .tar archive, or single
/// files with the names that Canvas gives. Of each, only the files that a step of lab.toml names are
/// judged. All other files of the program come from the stub.
///
/// Each program is built and judged in a box of bubblewrap, without a network, by the lab's suite and
/// by the held-back tests. Each verdict is appended to a ledger, so a killed run continues where it
/// was. `cargo lab report` reads ledgers.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab grade", after_help = AFTER)]
pub struct CommandLine {
    /// The folder of submissions, or the archive with all of them
    pub submissions: PathBuf,

    /// Which labs
    #[arg(long = "lab", value_name = "LAB", required = true, num_args = 1..)]
    pub labs: Vec<String>,

    /// The folder for the ledger
    #[arg(long, value_name = "DIR", default_value = "grades")]
    pub out: PathBuf,

    /// How many submissions are judged at the same time; by default, one for each core
    #[arg(long, value_name = "NUMBER", value_parser = at_least_one)]
    pub jobs: Option<usize>,

    /// Judge one part of the class only, as in 1/3; the ledgers of all parts are one class
    #[arg(long, value_name = "I/N")]
    pub shard: Option<Shard>,

    /// A table of the students as CSV, with headings such as id, name and email
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,

    /// Of git clones, judge the last commit before this time, as in 2026-11-30T23:59:00Z
    #[arg(long, value_name = "TIME")]
    pub deadline: Option<Timestamp>,

    /// How long one submission may take in all, as in 90s or 5m; by default 150s, times
    /// LAB_DEADLINE_SCALE
    #[arg(long, value_name = "TIME", value_parser = humantime::parse_duration)]
    time_limit: Option<Duration>,

    /// What keeps submissions away from this machine
    #[arg(long, value_enum, default_value_t, value_name = "SANDBOX")]
    pub sandbox: SandboxChoice,

    /// Judge this command instead of the Rust program; it runs in the folder of the submission
    #[arg(long, value_name = "COMMAND")]
    pub subject: Option<String>,

    /// Judge this test again for all students, and keep their other results
    #[arg(long, value_name = "TEST")]
    pub again: Option<String>,

    /// Print pages for people, or one JSON value for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// A build, and four times the deadline of a test: in the fast pass, in its own process, once more with
/// the tests that failed, and once with the held-back tests.
const TIME_LIMIT: Duration = Duration::from_secs(150);

impl CommandLine {
    /// How long one submission may take in all.
    pub fn time_limit(&self) -> Duration {
        self.time_limit.unwrap_or_else(|| scale_deadline(TIME_LIMIT))
    }
}

/// The values of `--sandbox`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum SandboxChoice {
    /// Boxes of bubblewrap, on Linux
    #[default]
    Bubblewrap,
    /// None: each submission has all your rights
    None,
}

const AFTER: &str = "\
A LAB is a number, a name or both (01, 1, lab01, echo, 01-echo).
A submission gets one of these verdicts: passed, failed, exited_early, timed_out, limit_hit,
did_not_compile, refused, grader_error. A grader error is never a zero. The submission is judged again
at the end of the run, and by the next run.
The ledger is DIR/results.jsonl, or DIR/results-I-of-N.jsonl for a shard. A submission whose files,
tests and compiler are the same is not judged a second time.
The exit status is 0 if each submission has a verdict, whatever it is, and 3 if one has none.";

fn at_least_one(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "a whole number from 1 is needed, as in 5".to_owned())
}
