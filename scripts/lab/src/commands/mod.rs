//! The commands of `cargo lab`, one module for each.

pub mod command_line;
mod doctor;
pub mod hint;
pub mod next;
mod overview;
pub mod package;
mod reset;
mod restart;
pub mod test;

use std::process::ExitCode;

use crate::course::at_hand;
use crate::course::labs::{self, Lab, Step};
use crate::course::progress::Progress;
use crate::entry;
use crate::error::{Error, Exit};
use crate::output::{Format, Printer};
use crate::workspace::Workspace;
use command_line::{Command, CommandLine};

/// Runs the command that the arguments of this process name.
pub fn main() -> ExitCode {
    entry::main(run)
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    let workspace = Workspace::find()?;
    if let Some(exit) = restart::if_outdated(&workspace)? {
        return Ok(exit);
    }
    let printer = Printer::new(line.format);
    let start = |name: &str, arguments: &[String]| {
        let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
        package::run(&workspace, (name, name), line.format, &words)
    };
    match &line.command {
        None => Ok(printer.show(&overview::run(&workspace)?)),
        Some(Command::Test { lab, step }) => {
            let lab = find_or_at_hand(&workspace, lab)?;
            test::run(&workspace, &lab, step_of(&lab, step)?, &printer)
        }
        Some(Command::Hint { lab, step }) => {
            let lab = find_or_at_hand(&workspace, lab)?;
            Ok(printer.show(&hint::run(&workspace, &lab, step_of(&lab, step)?)?))
        }
        Some(Command::Reset { lab }) => {
            Ok(printer.show(&reset::run(&workspace, &labs::find(&workspace, lab)?)?))
        }
        Some(Command::Doctor) => Ok(printer.show(&doctor::run(&workspace)?)),
        Some(Command::Compare { arguments }) => start("compare", arguments),
        Some(Command::Trace { arguments }) => start("trace", arguments),
        Some(Command::Drive { arguments }) => start("drive", arguments),
        Some(Command::Grade { arguments }) => start("grade", arguments),
        Some(Command::Handout { arguments }) => start("handout", arguments),
        Some(Command::Report { arguments }) => start("class-report", arguments),
        Some(Command::Similar { arguments }) => start("similarity", arguments),
        Some(Command::Verify(arguments)) => start("verify", &arguments.words()),
        Some(Command::Watch(_)) if line.format == Format::Json => Err(no_json_of_watch()),
        Some(Command::Watch(arguments)) => start("watch", &arguments.words()),
        Some(Command::Replay { lab, test }) => {
            package::run(&workspace, ("drive", "replay"), line.format, &[lab, test])
        }
        Some(Command::Completions { shell }) => {
            let words = ["completions", shell.name()];
            package::run(&workspace, ("shell", "shell"), Format::Human, &words)
        }
        Some(Command::Man { command }) => {
            let words: Vec<&str> = ["man"].into_iter().chain(command.as_deref()).collect();
            package::run(&workspace, ("shell", "shell"), Format::Human, &words)
        }
    }
}

fn no_json_of_watch() -> Error {
    Error::usage("`cargo lab watch` prints no JSON", "it draws on the terminal")
        .advice("`cargo lab test --format json` judges your answer once.")
}

/// The lab that the user names, or else the lab at hand.
pub fn find_or_at_hand(workspace: &Workspace, wanted: &Option<String>) -> Result<Lab, Error> {
    if let Some(wanted) = wanted {
        return labs::find(workspace, wanted);
    }
    let labs = labs::all(workspace)?;
    let lab =
        at_hand::lab_at_hand(&labs, &Progress::read(workspace)).cloned().ok_or_else(|| {
            let names: Vec<String> = labs.iter().map(Lab::folder).collect();
            Error::usage("all labs are done", format!("name one of {}", names.join(", ")))
        })?;
    eprintln!("No lab was named, so this is lab {}, the lab at hand.", lab.folder());
    Ok(lab)
}

fn step_of<'lab>(lab: &'lab Lab, wanted: &Option<String>) -> Result<Option<&'lab Step>, Error> {
    wanted.as_deref().map(|wanted| lab.step(wanted)).transpose()
}
