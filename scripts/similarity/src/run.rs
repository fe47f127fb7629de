//! Runs the command line.

use std::path::Path;
use std::process::ExitCode;

use clap::CommandFactory;
use grade::sandbox::confine;
use grade::submission::roster::Roster;
use lab::course::{kept_stub, labs};
use lab::entry;
use lab::error::{Error, Exit};
use lab::files;
use lab::output::Printer;
use lab::workspace::Workspace;

use crate::command_line::CommandLine;
use crate::overview::Overview;
use crate::pair_page;
use crate::pairs::pairs;
use crate::regions::regions;
use crate::submissions::{Submissions, submissions};

/// The command line, for completions and the man page.
pub fn command_line() -> clap::Command {
    CommandLine::command()
}

/// Runs what the arguments of this process name.
pub fn main() -> ExitCode {
    confine::run_if_asked();
    entry::main(run)
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    let workspace = Workspace::find()?;
    let lab = labs::find(&workspace, &line.lab)?;
    let roster = line.roster.as_deref().map(Roster::read).transpose()?.unwrap_or_default();
    let stub = kept_stub::current(&workspace, &lab)?;
    let Submissions { answers, refused } = submissions(&line.submissions, &roster, &lab, &stub)?;
    let mut pairs = pairs(&answers, f64::from(line.least) / 100.0);
    let found = pairs.len();
    pairs.truncate(line.pairs);
    let mut overview = Overview::new(&lab, &answers, refused, found, line.least);
    for (place, pair) in pairs.iter().enumerate() {
        let [one, other] = pair.members.map(|member| &answers[member]);
        let regions = regions(one, other);
        let name = format!("pair-{:03}.html", place + 1);
        write(&line.out, &name, &pair_page::html(&lab, [one, other], pair, &regions))?;
        overview.add([one, other], pair, &regions, name);
    }
    write(&line.out, "index.html", &overview.html())?;
    overview.page = Some(line.out.join("index.html"));
    Ok(Printer::new(line.format).show(&overview))
}

fn write(folder: &Path, name: &str, text: &str) -> Result<(), Error> {
    let path = folder.join(name);
    let cannot = |error| Error::failed(format!("cannot write {}", path.display()), error);
    files::write_whole(&path, text.as_bytes()).map_err(cannot)
}
