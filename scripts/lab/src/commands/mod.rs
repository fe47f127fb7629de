//! The commands of `cargo lab`, one module for each.

mod command_line;
mod doctor;
mod hint;
mod overview;
mod reset;
mod restart;
pub mod test;
mod verify;

use std::process::ExitCode;

use clap::Parser;

use crate::build::rustc_cache;
use crate::course::labs::{self, Lab, Step};
use crate::error::{Error, Exit};
use crate::output::Printer;
use crate::workspace::Workspace;
use command_line::{Command, CommandLine};

/// Runs the command that the arguments of this process name.
pub fn main() -> ExitCode {
    if let Some(code) = rustc_cache::act_as_rustc() {
        return code;
    }
    let line = CommandLine::parse();
    let exit = run(&line).unwrap_or_else(|error| {
        eprintln!("{error}");
        error.exit()
    });
    exit.into()
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    let workspace = Workspace::find()?;
    if let Some(exit) = restart::if_outdated(&workspace)? {
        return Ok(exit);
    }
    let printer = Printer::new(line.format);
    let find = |lab: &str| labs::find(&workspace, lab);
    match &line.command {
        None => Ok(printer.show(&overview::run(&workspace)?)),
        Some(Command::Test { lab, step }) => {
            let lab = find(lab)?;
            test::run(&workspace, &lab, step_of(&lab, step)?, &printer)
        }
        Some(Command::Hint { lab, step }) => {
            let lab = find(lab)?;
            Ok(printer.show(&hint::run(&workspace, &lab, step_of(&lab, step)?)?))
        }
        Some(Command::Reset { lab }) => Ok(printer.show(&reset::run(&workspace, &find(lab)?)?)),
        Some(Command::Doctor) => Ok(printer.show(&doctor::run(&workspace)?)),
        Some(Command::Verify { arguments }) => verify::run(&workspace, line.format, arguments),
    }
}

fn step_of<'lab>(lab: &'lab Lab, wanted: &Option<String>) -> Result<Option<&'lab Step>, Error> {
    wanted.as_deref().map(|wanted| lab.step(wanted)).transpose()
}
