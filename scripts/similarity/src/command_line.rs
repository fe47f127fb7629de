//! The command line, as `cargo lab similar --help` describes it.

use std::path::PathBuf;

use clap::Parser;
use lab::output::Format;

/// Find pairs of submissions that share more than the stub gives
///
/// Compares the tokens of all submissions for one lab. Names, literals, comments and the order of
/// functions make no difference. The stub and the given files do not count. Writes a page
/// with all pairs, and a page for each pair that shows both side by side. Similarity is a reason to talk
/// with the students, and no verdict: two answers may be alike because the task leaves few ways, or
/// because both students followed the same hints.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab similar")]
pub struct CommandLine {
    /// The folder of submissions, or the archive with all of them, as `cargo lab grade` takes it
    pub submissions: PathBuf,

    /// For which lab
    #[arg(long)]
    pub lab: String,

    /// A table of the students as CSV, with headings such as id, name and email
    #[arg(long, value_name = "FILE")]
    pub roster: Option<PathBuf>,

    /// Where to write
    #[arg(long, value_name = "DIR", default_value = "similarity")]
    pub out: PathBuf,

    /// Show pairs that share this part of the smaller answer, or more
    #[arg(long, value_name = "PERCENT", default_value_t = 30, value_parser = clap::value_parser!(u8).range(1..=100))]
    pub least: u8,

    /// Show this many pairs at most
    #[arg(long, value_name = "NUMBER", default_value_t = 50)]
    pub pairs: usize,

    /// Print pages for people, or one JSON value for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
