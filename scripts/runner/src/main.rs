//! `cargo lab`: the board, the judge, the hints, and the maintainer's checks.
//!
//! ```text
//! command_line  what the user may type          board   cargo lab
//! workspace     where everything lies           test    cargo lab test: cargo, suite, judge
//! labs          lab.toml: titles, steps, hints  hint    cargo lab hint
//! progress      .lab/progress.json              reset   cargo lab reset: stub_history
//! answer        pages for people, or JSON       doctor  cargo lab doctor: machine
//! trouble       errors and exit status          verify  cargo lab verify
//! ```
//!
//! A command computes an [`answer::Answer`] first and prints it last, so that people and
//! programs are told the same.

mod answer;
mod cargo;
mod command_line;
mod files;
mod judge;
mod labs;
mod progress;
mod screen;
mod suite;
mod test;
mod trouble;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use answer::Output;
use command_line::{Command, CommandLine};
use trouble::{Status, Trouble};
use workspace::Workspace;

fn main() -> ExitCode {
    let line = CommandLine::parse();
    let status = run(&line).unwrap_or_else(|trouble| {
        eprintln!("{trouble}");
        trouble.status
    });
    status.into()
}

fn run(line: &CommandLine) -> Result<Status, Trouble> {
    let workspace = Workspace::find()?;
    let output = Output::new(line.format);
    judge::kill_all_on_interrupt();
    match &line.command {
        Some(Command::Test { lab, step }) => {
            let lab = labs::find(&workspace, lab)?;
            let step = step.as_deref().map(|step| lab.step(step)).transpose()?;
            test::run(&workspace, &lab, step, &output)
        }
        _ => Ok(Status::Well),
    }
}
