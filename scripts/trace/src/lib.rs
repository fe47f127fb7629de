//! `cargo lab trace`: the conversation of one test as text, HTML, SVG or a packet capture.
//!
//! ```text
//!   test ── judge, with LAB_TRACE ──▶ Report ──▶ report's own text
//!                                       ├──────▶ page     HTML around the picture
//!                                       ├──────▶ picture  SVG
//!                                       └──────▶ capture  pcapng
//! ```
//!
//! Whatever a program sent is untrusted. [`html_page::escape`] is the only way of text into HTML and
//! SVG.

mod browser;
pub mod capture;
mod named;
pub mod page;
pub mod picture;
mod traced;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser};
use lab::build::cargo::{BuildResult, Reporting};
use lab::build::program::Program;
use lab::build::rustc_cache;
use lab::build::suite::Suite;
use lab::course::labs::{self, Lab};
use lab::entry;
use lab::error::{Error, Exit};
use lab::judge::{self, Job};
use lab::output::{Format, Printer};
use lab::result_file::ResultFile;
use lab::workspace::Workspace;
use report::env::{SUBJECT, subject};

pub use named::find as find_test;
use traced::Traced;
pub use traced::{Kind, write_and_open};

/// Shows what one test and your program sent each other
///
/// Builds your program and runs the test, whether it passes or fails. Without an option, the
/// conversation is printed as text. The exit status is 0 if the test passes, and 1 if it fails or the
/// program does not compile.
#[derive(Debug, Parser)]
#[command(bin_name = "cargo lab trace", override_usage = USAGE, after_help = AFTER)]
struct CommandLine {
    /// Which lab
    lab: String,

    /// Which test: its name, or a part that no other test's name has
    test: String,

    #[command(flatten)]
    file: FileArgs,

    /// Open the page in the browser. Without another option, this writes --html
    #[arg(long)]
    open: bool,

    /// Print pages for people, or one JSON value for programs
    #[arg(long, value_enum, default_value_t, value_name = "FORMAT")]
    format: Format,
}

/// What to write.
#[derive(Debug, Args)]
#[group(multiple = false)]
struct FileArgs {
    /// Write a page for the browser. It needs no network, and each message shows its bytes
    #[arg(long, num_args = 0..=1, value_name = "FILE")]
    html: Option<Option<PathBuf>>,

    /// Write the diagram as a picture
    #[arg(long, num_args = 0..=1, value_name = "FILE")]
    svg: Option<Option<PathBuf>>,

    /// Write a packet capture for Wireshark. With TLS, it has the keys of the sessions
    #[arg(long, num_args = 0..=1, value_name = "FILE")]
    pcapng: Option<Option<PathBuf>>,
}

const USAGE: &str = "cargo lab trace <LAB> <TEST> [--open] [--html|--svg|--pcapng [<FILE>]]";

const AFTER: &str = "\
Without a FILE, the file is in .lab/trace/ and has the test's name.
LAB_SUBJECT=COMMAND judges another program than the lab's. BROWSER=PROGRAM opens pages with it.";

/// The command line, for completions and the man page.
pub fn command_line() -> clap::Command {
    CommandLine::command()
}

/// Traces the test that the arguments of this process name.
pub fn main() -> ExitCode {
    entry::main(run)
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    let printer = &Printer::new(line.format);
    let workspace = Workspace::find()?;
    let lab = labs::find(&workspace, &line.lab)?;
    // A wrong path must not cost a build.
    let wanted = line.file.wanted(line.open)?;
    let command = match subject() {
        Some(command) => {
            eprintln!("This run judges `{command}`, because {SUBJECT} is set.");
            command
        }
        None => build(&workspace, &lab, printer.style.color)?,
    };
    // After the program: cargo builds it for the suite, too, and its errors are the student's.
    let suite = Suite::current(&workspace, &lab, Reporting::SHOWN)?;
    let test = named::find(&lab, &suite.tests, &line.test)?;
    let result = judge::trace(&Job::new(&suite.program, test, &lab, &command))?;
    let mut traced = Traced::new(result);
    if let Some((kind, file)) = &wanted {
        traced.write(&workspace, *kind, file.as_ref())?;
    }
    if line.open {
        traced.open()?;
    }
    Ok(printer.show(&traced))
}

/// The student's program, as a command.
fn build(workspace: &Workspace, lab: &Lab, color: bool) -> Result<String, Error> {
    let reporting = Reporting { color, ..Reporting::NONE };
    let built = rustc_cache::build(&Program::of_student(workspace, lab), reporting)?;
    command_of(lab, &built)
}

fn command_of(lab: &Lab, built: &BuildResult) -> Result<String, Error> {
    if !built.compiled {
        let what = format!("lab {} does not compile", lab.folder());
        return Err(Error::work_fails(what, built.errors()));
    }
    judge::subject(&built.executable(&lab.package())?)
}

impl FileArgs {
    /// What to write, and where if the user says so.
    fn wanted(&self, open: bool) -> Result<Option<(Kind, Option<ResultFile>)>, Error> {
        let FileArgs { html, svg, pcapng } = self;
        let kinds = [(Kind::Html, html), (Kind::Svg, svg), (Kind::Pcapng, pcapng)];
        let wanted = kinds.into_iter().find_map(|(kind, file)| Some((kind, file.as_ref()?)));
        let Some((kind, file)) = wanted else {
            return Ok(open.then_some((Kind::Html, None)));
        };
        let file = file.as_deref().map(ResultFile::at).transpose()?;
        Ok(Some((kind, file)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_does_not_compile_fails_as_work() {
        let workspace = Workspace::find().expect("the tests run in it");
        // A copy for students may have other labs, so one of them plays lab 01.
        let mut lab = labs::all(&workspace).expect("they can be read").remove(0);
        lab.number = "01".to_owned();
        lab.name = "echo".to_owned();
        let error = command_of(&lab, &BuildResult::default()).expect_err("nothing was built");
        assert_eq!(error.exit(), Exit::WorkFails);
        assert!(error.to_string().starts_with("error: lab 01-echo does not compile"), "{error}");
    }
}
