//! The command line, as `cargo lab compare --help` describes it.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;
use lab::commands::package;
use lab::output::Format;

/// Compare your answer with the model answer, or with any other program
///
/// Builds each program in release mode, judges it by the lab's suite, and lets the same clients talk
/// to each by turns. The table has the medians of the rounds, and the range from the lowest to the
/// highest round. Two programs differ if their ranges do. The figures depend on the machine, so
/// compare ratios of one run, and never figures of two machines.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab compare", after_help = AFTER)]
pub struct CommandLine {
    /// Which lab
    pub lab: String,

    /// Another answer or program; may be given more than once
    #[arg(long, value_name = "PATH|COMMAND")]
    pub with: Vec<String>,

    /// Also measure what a user would take instead: tokio, Python, openssl, sendfile
    #[arg(long, hide = !package::is_here("peers"))]
    pub peers: bool,

    /// Show the difference of the sources instead, of one step or of all steps
    #[arg(long, value_name = "STEP", num_args = 0..=1, default_missing_value = "")]
    pub diff: Option<String>,

    /// How often each program is measured
    #[arg(long, value_name = "NUMBER", default_value = "5", value_parser = at_least_one)]
    pub rounds: usize,

    /// How long each measurement takes
    #[arg(long, value_name = "SECONDS", value_parser = time)]
    pub seconds: Option<Duration>,

    /// How many clients talk at the same time
    #[arg(long, value_name = "NUMBER", value_parser = at_least_one)]
    pub clients: Option<usize>,

    /// How many messages a client sends before it waits for their answers
    #[arg(long, value_name = "NUMBER", value_parser = at_least_one)]
    pub in_flight: Option<usize>,

    /// The length of a message, or of the transferred file
    #[arg(long, value_name = "NUMBER", value_parser = at_least_one)]
    pub message_bytes: Option<usize>,

    /// Do not run the lab's suite
    #[arg(long)]
    pub no_tests: bool,

    /// Also write a page with plots; this measures with 1, 2, 4 and more clients, too
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,

    /// Print pages for people, or one JSON value for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    pub format: Format,
}

const AFTER: &str = "\
--with names a checkout (../anna), the folder of a package, a folder with the files that a student
hands in (as they are, in src, or in labs/NN-name/src; every other file is that of the stub), a
command that takes `serve --listen ADDR` and prints `listening on ADDR` ('python3 server.py'), or in
a copy with model answers a change of one (NAME.patch). Everything that it names runs with your
rights on your machine. The load of a lab is in its lab.toml; --seconds, --clients, --in-flight and
--message-bytes change it. The exit status is 1 if an answer does not compile or
yours does not listen, and 2 if a program of --with does not listen.";

fn at_least_one(text: &str) -> Result<usize, String> {
    let number = text.parse().ok().filter(|number| *number > 0);
    number.ok_or_else(|| "a whole number from 1 is needed, as in 5".to_owned())
}

fn time(text: &str) -> Result<Duration, String> {
    let time = common::cli::seconds(text)?;
    if time.is_zero() { Err("more than 0 seconds are needed".to_owned()) } else { Ok(time) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_of_zero_is_named() {
        for option in ["--rounds", "--clients", "--in-flight", "--message-bytes", "--seconds"] {
            let line = CommandLine::try_parse_from(["compare", "02", option, "0"]);
            let error = line.expect_err(option).to_string();
            let is_named = error.starts_with(&format!("error: invalid value '0' for '{option} "));
            assert!(is_named && error.contains(" needed"), "{error}");
        }
    }
}
