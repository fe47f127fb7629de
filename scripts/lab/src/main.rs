//! `cargo lab`: the board, the judge, the hints, and the maintainer's checks.
//!
//! ```text
//! command_line  what the user may type          board   cargo lab
//! workspace     where everything lies           test    cargo lab test: program, suite, judge
//! labs          lab.toml: titles, steps, hints  hint    cargo lab hint
//! progress      .lab/progress.json              reset   cargo lab reset: stub_history
//! answer        pages for people, or JSON       doctor  cargo lab doctor: machine
//! trouble       errors and exit status          verify  cargo lab verify
//! ```
//!
//! A command computes an [`answer::Answer`] first and prints it last, so that people and
//! programs are told the same.

mod answer;
mod board;
mod cargo;
mod command_line;
mod doctor;
mod files;
mod git;
mod hint;
mod judge;
mod labs;
mod machine;
mod own_settings;
mod program;
mod progress;
mod reset;
mod screen;
mod stub_history;
mod suite;
mod test;
mod trouble;
mod verify;
mod workspace;

use std::process::ExitCode;

use clap::Parser;

use answer::Output;
use command_line::{Command, CommandLine};
use labs::{Lab, Step};
use trouble::{Status, Trouble};
use workspace::Workspace;

fn main() -> ExitCode {
    if let Some(code) = program::stand_in_for_rustc() {
        return code;
    }
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
    let find = |lab: &str| labs::find(&workspace, lab);
    match &line.command {
        None => Ok(output.show(&board::run(&workspace)?)),
        Some(Command::Test { lab, step }) => {
            let lab = find(lab)?;
            test::run(&workspace, &lab, step_of(&lab, step)?, &output)
        }
        Some(Command::Hint { lab, step }) => {
            let lab = find(lab)?;
            Ok(output.show(&hint::run(&workspace, &lab, step_of(&lab, step)?)?))
        }
        Some(Command::Reset { lab }) => Ok(output.show(&reset::run(&workspace, &find(lab)?)?)),
        Some(Command::Doctor) => Ok(output.show(&doctor::run(&workspace)?)),
        Some(Command::Verify { lab }) => {
            Ok(output.show(&verify::run(&workspace, lab.as_deref(), &output)?))
        }
    }
}

fn step_of<'lab>(lab: &'lab Lab, wanted: &Option<String>) -> Result<Option<&'lab Step>, Trouble> {
    wanted.as_deref().map(|wanted| lab.step(wanted)).transpose()
}
