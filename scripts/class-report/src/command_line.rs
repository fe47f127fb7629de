//! The command line, as `cargo lab report --help` describes it.

use std::path::PathBuf;

use clap::Parser;
use lab::output::Format;

/// Turn the ledgers of `cargo lab grade` into grades, feedback and a page about the class
///
/// Merges all ledgers. Of two entries for the same student and lab, the one whose judgement began last
/// counts. Writes into DIR: `grades.csv`; `class-NN.html`, a page about the class for each lab;
/// `feedback/ID.txt` and `feedback/ID.html` for each student, with the ladder of each failure. No page
/// needs a network. A submission that the grader could not judge has no grade, and is listed first.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab report", after_long_help = AFTER)]
pub struct CommandLine {
    /// The ledgers, such as results.jsonl of each shard
    #[arg(required = true, value_name = "LEDGER")]
    pub ledgers: Vec<PathBuf>,

    /// Where to write
    #[arg(long, value_name = "DIR", default_value = "class-report")]
    pub out: PathBuf,

    /// Report on this lab only
    #[arg(long)]
    pub lab: Option<String>,

    /// A table of the students as CSV; a student without a submission appears as missing
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,

    /// Deadlines, late penalties, weights and overrides, as described below
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,

    /// Show speed and memory on the page about the class: what `cargo lab compare NN --with ANSWER
    /// --format json` has printed; may be given again
    #[arg(long, value_name = "FILE")]
    pub compare: Vec<PathBuf>,

    /// Fill in a gradebook that Canvas has exported: canvas.csv
    #[arg(long, value_name = "SHEET")]
    pub canvas: Option<PathBuf>,

    /// Fill in an offline grading worksheet of Moodle: moodle.csv
    #[arg(long, value_name = "SHEET")]
    pub moodle: Option<PathBuf>,

    /// Also write results.json of Gradescope for each student: gradescope/labNN/ID.json
    #[arg(long)]
    pub gradescope: bool,

    /// Also write result.json of Classroom 50 for each student: classroom50/labNN/ID.json
    #[arg(long)]
    pub classroom50: bool,

    /// Also write JUnit XML, a suite for each student: junit-NN.xml
    #[arg(long)]
    pub junit: bool,

    /// Also write a line of JSON for each student and lab: grades.jsonl
    #[arg(long)]
    pub jsonl: bool,

    /// Show students the failures of held-back tests, too
    #[arg(long)]
    pub show_held_back: bool,

    /// Print pages for people, or one JSON value for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

const AFTER: &str = r#"The policy, in which every line may be left out:

  same_cause = "counts_once"          # failures of one cause in a step cost one test
  overrides = "overrides.csv"         # student,lab,points,deadline,reason

  [late]
  percent_per_day = 10                # of the points of the lab, for each day that has begun
  grace_minutes = 15
  last_day = 3                        # a later submission has no points

  [lab.02]
  deadline = "2026-11-30T23:59:00Z"
  weight = 2                          # in the total; without it, 1
  held_back_points = 20               # without it, held-back tests do not count

An override has points, or a deadline of its own, and always a reason, which feedback and tables show.
--canvas finds students by id, login or name, and columns by titles such as `Lab 02 (48213)`. --moodle
needs one lab, so name it by --lab if the ledgers have more. All other cells of a sheet stay as they
are. The exit status is 0 if everything was written."#;
