//! Runs the command line.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::CommandFactory;
use grade::submission::roster::Roster;
use lab::course::labs;
use lab::entry;
use lab::error::{Error, Exit};
use lab::files;
use lab::output::Printer;
use lab::workspace::Workspace;
use ledger::Ledger;
use serde::Serialize;

use crate::class::Class;
use crate::class_page;
use crate::command_line::CommandLine;
use crate::export::sheet::{Filled, Sheet};
use crate::export::{canvas, classroom50, grades, gradescope, jsonl, junit, moodle};
use crate::feedback::{HeldBack, html, text};
use crate::gradebook::Gradebook;
use crate::measured::Measured;
use crate::policy::Policy;
use crate::summary::Summary;

/// The command line, for completions and the man page.
pub fn command_line() -> clap::Command {
    CommandLine::command()
}

/// Runs what the arguments of this process name.
pub fn main() -> ExitCode {
    entry::main(run)
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    let workspace = Workspace::find()?;
    let roster = line.roster.as_deref().map(Roster::read).transpose()?.unwrap_or_default();
    let class = class(line, &workspace)?.with_roster(&roster);
    let policy = line.policy.as_deref().map_or_else(|| Ok(Policy::default()), Policy::read)?;
    check(&policy, &class, line.lab.is_some())?;
    let measured = measured(line, &class)?;
    let book = Gradebook::new(&class, &policy);
    let mut remarks = book.remarks();
    let mut out = Out { folder: &line.out, written: Vec::new() };
    write_feedback(&book, line, &mut out)?;
    for lab in &class.labs {
        let page = class_page::html(&book, lab, &workspace, &measured);
        out.write(&format!("class-{}.html", lab.number), page)?;
    }
    out.write("grades.csv", grades::csv(&book)?)?;
    write_sheets(&book, line, &mut out, &mut remarks)?;
    write_for_programs(&book, line, &mut out)?;
    let summary = Summary::new(&book, remarks, &line.out, out.written);
    Ok(Printer::new(line.format).show(&summary))
}

fn class(line: &CommandLine, workspace: &Workspace) -> Result<Class, Error> {
    let mut ledger = Ledger::default();
    for path in &line.ledgers {
        let cannot =
            |error| Error::usage(format!("cannot read {}", path.display()), format!("{error}"));
        ledger.read(path).map_err(cannot)?;
    }
    if let Some(wanted) = &line.lab {
        let number = labs::find(workspace, wanted)?.number;
        ledger.entries.retain(|entry| entry.lab == number);
    }
    match ledger.entries.is_empty() {
        true => Err(Error::usage("there is nothing to report", "the ledgers have no entry")),
        false => Ok(Class::new(&ledger, workspace)),
    }
}

/// A policy for a lab without entries is most likely a typing error.
fn check(policy: &Policy, class: &Class, is_one_lab: bool) -> Result<(), Error> {
    let numbers: Vec<&str> = class.labs.iter().map(|lab| lab.number.as_str()).collect();
    match policy.unknown_labs(&numbers).first() {
        Some(name) if !is_one_lab => Err(Error::usage(
            format!("the policy names lab {name}"),
            format!("the ledgers have the labs {}", numbers.join(", ")),
        )),
        _ => Ok(()),
    }
}

/// The comparisons. One of a lab without entries has no page.
fn measured(line: &CommandLine, class: &Class) -> Result<Vec<Measured>, Error> {
    let read = |path: &PathBuf| {
        let measured = Measured::read(path)?;
        match class.labs.iter().any(|lab| lab.number == measured.lab()) {
            true => Ok(measured),
            false => Err(Error::usage(
                format!("{} is about lab {}", path.display(), measured.lab()),
                "the ledgers have no entry for it",
            )),
        }
    };
    line.compare.iter().map(read).collect()
}

fn write_feedback(book: &Gradebook, line: &CommandLine, out: &mut Out) -> Result<(), Error> {
    let held_back = held_back(line);
    for member in &book.class.students {
        let name = format!("feedback/{}", member.file_name);
        out.write(&format!("{name}.txt"), text::feedback(book, member, held_back))?;
        out.write(&format!("{name}.html"), html::feedback(book, member, held_back))?;
    }
    Ok(())
}

fn held_back(line: &CommandLine) -> HeldBack {
    if line.show_held_back { HeldBack::Shown } else { HeldBack::Hidden }
}

fn write_sheets(
    book: &Gradebook,
    line: &CommandLine,
    out: &mut Out,
    remarks: &mut Vec<String>,
) -> Result<(), Error> {
    let mut write = |name: &str, filled: Filled| {
        remarks.extend(filled.remarks);
        remarks.push(format!("{name} has {} of our grades.", filled.grades));
        out.write(name, filled.text)
    };
    if let Some(path) = &line.canvas {
        write("canvas.csv", canvas::filled(book, Sheet::read(path)?)?)?;
    }
    if let Some(path) = &line.moodle {
        let [lab] = &book.class.labs[..] else {
            return Err(Error::usage("a sheet of Moodle is for one lab", "the ledgers have more")
                .advice("Name the lab by --lab."));
        };
        write("moodle.csv", moodle::filled(book, lab, Sheet::read(path)?)?)?;
    }
    Ok(())
}

fn write_for_programs(book: &Gradebook, line: &CommandLine, out: &mut Out) -> Result<(), Error> {
    for lab in &book.class.labs {
        for (member, result) in book.results(lab) {
            let name = format!("lab{}/{}.json", lab.number, member.file_name);
            if line.gradescope {
                let results = gradescope::results(&result, held_back(line));
                out.write_json(&format!("gradescope/{name}"), results)?;
            }
            if line.classroom50 {
                out.write_json(&format!("classroom50/{name}"), classroom50::results(&result))?;
            }
        }
        if line.junit {
            out.write(&format!("junit-{}.xml", lab.number), junit::xml(book, lab)?)?;
        }
    }
    if line.jsonl {
        out.write("grades.jsonl", jsonl::lines(book)?)?;
    }
    Ok(())
}

/// The folder of the report.
struct Out<'a> {
    folder: &'a Path,
    written: Vec<PathBuf>,
}

impl Out<'_> {
    fn write(&mut self, name: &str, text: String) -> Result<(), Error> {
        let path = self.folder.join(name);
        let cannot = |error| Error::failed(format!("cannot write {}", path.display()), error);
        files::write_whole(&path, text.as_bytes()).map_err(cannot)?;
        self.written.push(path);
        Ok(())
    }

    /// Writes `value`. Without one, the file of an earlier report is removed, because it has a grade that
    /// does not count any more.
    fn write_json(&mut self, name: &str, value: Option<impl Serialize>) -> Result<(), Error> {
        let Some(value) = value else { return self.remove(name) };
        let text = serde_json::to_string_pretty(&value);
        self.write(
            name,
            text.map_err(|error| Error::failed(format!("cannot write {name}"), error))?,
        )
    }

    fn remove(&self, name: &str) -> Result<(), Error> {
        let path = self.folder.join(name);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                Err(Error::failed(format!("cannot remove {}", path.display()), error))
            }
            _ => Ok(()),
        }
    }
}
