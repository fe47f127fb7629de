//! Runs the command line.

use std::process::ExitCode;

use clap::CommandFactory;
use lab::course::labs::{self, Lab};
use lab::entry;
use lab::error::{Error, Exit};
use lab::output::Printer;
use lab::workspace::Workspace;

use crate::command_line::{CommandLine, ContainerSandbox, System};
use crate::contents::Contents;
use crate::grader;
use crate::output::{Grader, Handout};
use crate::place::Place;
use crate::repository::Source;
use crate::students;
use crate::templates::Values;

/// The command line, for completions and the man page.
pub fn command_line() -> clap::Command {
    CommandLine::command()
}

/// Runs the program with the arguments of this process.
pub fn main() -> ExitCode {
    entry::main(run)
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    let place = Place::new(&line.place)?;
    let workspace = Workspace::find()?;
    let labs = chosen_labs(&workspace, &line.labs)?;
    let source = Source::last_commit(&workspace.root)?;
    match line.system {
        None => for_students(line, labs, &source, place),
        Some(system) => for_system(line, system, labs, &source, place),
    }
}

/// The numbers of the labs that `names` name, or of all labs.
fn chosen_labs(workspace: &Workspace, names: &[String]) -> Result<Vec<String>, Error> {
    let labs: Vec<Lab> = match names {
        [] => labs::all(workspace)?,
        names => names.iter().map(|name| labs::find(workspace, name)).collect::<Result<_, _>>()?,
    };
    Ok(labs.into_iter().map(|lab| lab.number).collect())
}

fn for_students(
    line: &CommandLine,
    labs: Vec<String>,
    source: &Source,
    place: Place<'_>,
) -> Result<Exit, Error> {
    let contents = Contents { labs, dev_container: line.dev_container, grader: false };
    let commit = students::make(source, &contents, place, |_| Ok(()))?;
    let (folder, labs) = (line.place.clone(), contents.labs);
    let handout = Handout { folder, labs, source: source.commit.clone(), commit };
    Ok(Printer::new(line.format).show(&handout))
}

fn for_system(
    line: &CommandLine,
    system: System,
    labs: Vec<String>,
    source: &Source,
    place: Place<'_>,
) -> Result<Exit, Error> {
    check(line, system, &labs)?;
    let values = values(line, &labs, source);
    match system {
        System::Gradescope => grader::archive(source, &values, line.sandbox, place)?,
        System::Github => {
            let (labs, dev_container) = (labs.clone(), line.dev_container);
            let contents = Contents { labs, dev_container, grader: true };
            let add = |copy: &_| grader::write_templates(system, &values, copy);
            students::make(source, &contents, place, add)?;
        }
        System::Slurm | System::Kubernetes => grader::folder(source, system, &values, place)?,
    }
    let (place, source) = (line.place.clone(), source.commit.clone());
    Ok(Printer::new(line.format).show(&Grader { place, labs, source, system }))
}

/// An assignment of Gradescope or GitHub is one lab. Only Gradescope may need to go without a sandbox.
fn check(line: &CommandLine, system: System, labs: &[String]) -> Result<(), Error> {
    let is_assignment = matches!(system, System::Gradescope | System::Github);
    if is_assignment && labs.len() != 1 {
        let why = "an assignment of this system is one lab";
        return Err(Error::usage("there is more than one lab", why)
            .advice("Name the lab by --labs, as in `--labs 01`."));
    }
    if line.sandbox == ContainerSandbox::None && system != System::Gradescope {
        let why = "only a container of Gradescope, which has one submission, can do without";
        return Err(Error::usage("this system needs the sandbox", why));
    }
    Ok(())
}

fn values(line: &CommandLine, labs: &[String], source: &Source) -> Values {
    let sandbox = match line.sandbox {
        ContainerSandbox::Bubblewrap => "bubblewrap",
        ContainerSandbox::None => "none",
    };
    let commit = format!("{:.12}", source.commit);
    Values { labs: labs.join(" "), shards: line.shards, sandbox, commit }
}
