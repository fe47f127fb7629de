//! The command line, as `cargo lab handout --help` describes it.

use std::path::PathBuf;

use clap::{Parser, ValueEnum};
use lab::output::Format;
use serde::Serialize;

/// Make the copy of this workspace that students get, or files with which another system grades
///
/// Copies the last commit to PLACE, without the model answers, the tests that only you have, and the
/// instructors' programs and pages. The copy is a git repository with one commit, whose id depends
/// only on the copied commit and on these options. Changes that are not committed are not copied.
///
/// `--for` makes the files with which a system runs `cargo lab grade` and `cargo lab report`. They
/// depend only on the same.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab handout")]
pub struct CommandLine {
    /// Where to write; a folder, or an archive for Gradescope, that does not exist yet
    #[arg(value_name = "PLACE")]
    pub place: PathBuf,

    /// Only these labs, as in `01,02`
    #[arg(long, value_name = "LABS", value_delimiter = ',')]
    pub labs: Vec<String>,

    /// Also the definition of a dev container, for editors that start one
    #[arg(long)]
    pub dev_container: bool,

    /// Make files for this system; gradescope and github take one lab
    #[arg(long = "for", value_enum, value_name = "SYSTEM")]
    pub system: Option<System>,

    /// For slurm and kubernetes: in how many parts the class is judged
    #[arg(long, value_name = "NUMBER", default_value_t = 4, requires = "system")]
    #[arg(value_parser = clap::value_parser!(u32).range(1..))]
    pub shards: u32,

    /// For gradescope: what keeps a submission away from its container
    #[arg(long, value_enum, default_value_t, value_name = "SANDBOX", requires = "system")]
    pub sandbox: ContainerSandbox,

    /// Print a line for people, or one JSON value for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

/// A system that runs the grader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum System {
    /// An autograder, as a ZIP archive
    Gradescope,
    /// A repository for students, which judges itself after each push
    Github,
    /// An array of jobs, and a report after them
    Slurm,
    /// An indexed Job, a report after it, and the definition of their image
    Kubernetes,
}

/// The values of `--sandbox`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum ContainerSandbox {
    /// Boxes of bubblewrap; if the container forbids them, nothing is judged
    #[default]
    Bubblewrap,
    /// None: the submission has all rights of the container, which has no model answer and no
    /// held-back test
    None,
}
