//! The command line of `cargo lab handout`, which the program `handout` parses. It is in this package,
//! so that shells complete it without that one.

use std::path::PathBuf;

use clap::Parser;

use crate::output::Format;

/// Make the copy of this workspace that students get
///
/// Copies the last commit to DIR, without the model answers, the tests that only you have, and the
/// instructors' programs and pages. The copy is a git repository with one commit, whose id depends
/// only on the copied commit and on these options. Changes that are not committed are not copied.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab handout")]
pub struct HandoutLine {
    /// Where to write; a folder that does not exist yet
    #[arg(value_name = "DIR")]
    pub folder: PathBuf,

    /// Only these labs, as in `01,02`
    #[arg(long, value_name = "LABS", value_delimiter = ',')]
    pub labs: Vec<String>,

    /// Also the definition of a dev container, for editors that start one
    #[arg(long)]
    pub dev_container: bool,

    /// Print a line for people, or one JSON value for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}
