//! Runs the command line.

use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use clap::CommandFactory;
use lab::course::labs;
use lab::entry;
use lab::error::{Error, Exit};
use lab::git;
use lab::output::Printer;
use lab::workspace::Workspace;
use ledger::Student;

use crate::again;
use crate::bench::Subject;
use crate::command_line::{CommandLine, SandboxChoice};
use crate::course::Course;
use crate::grading::Grading;
use crate::judging::Judging;
use crate::progress::Progress;
use crate::records::Records;
use crate::run_folder::RunFolder;
use crate::sandbox::{self, Sandbox};
use crate::shard::Shard;
use crate::submission::find::{self, Found};
use crate::submission::roster::Roster;
use crate::summary::Summary;
use crate::worker;

/// The command line, for completions and the man page.
pub fn command_line() -> clap::Command {
    CommandLine::command()
}

/// Runs what the arguments of this process name.
pub fn main() -> ExitCode {
    if worker::is_worker() { worker::main() } else { entry::main(run) }
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    let workspace = Workspace::find()?;
    let labs: Vec<_> =
        line.labs.iter().map(|lab| labs::find(&workspace, lab)).collect::<Result<_, Error>>()?;
    let sandbox = match line.sandbox {
        SandboxChoice::Bubblewrap => Sandbox::Bubblewrap(sandbox::try_out()?),
        SandboxChoice::None => Sandbox::None,
    };
    let roster = line.roster.as_deref().map(Roster::read).transpose()?.unwrap_or_default();
    let mut found = find::find(&line.submissions, &roster)?;
    let students: Vec<&Student> = found.submissions.iter().map(|it| &it.student).collect();
    let missing = roster.missing(&students).into_iter().cloned().collect::<Vec<Student>>();
    keep_shard(&mut found, line.shard)?;
    let ledger = line.shard.map_or("results.jsonl".to_owned(), Shard::file_name);
    let records = Records::open(&line.out, &ledger)?;
    let file = records.file.clone();

    let folder = RunFolder::new(&workspace)?;
    let subject = line.subject.as_deref().map_or(Subject::Rust, Subject::Command);
    let prepare = |lab| Course::prepare(&workspace, lab, subject, folder.path());
    let courses: Vec<Course> = labs.into_iter().map(prepare).collect::<Result<_, Error>>()?;
    if let Some(test) = &line.again {
        again::check(&courses, test)?;
    }
    let grading = Grading {
        judging: Judging {
            sandbox,
            subject: line.subject.as_deref(),
            deadline: line.deadline,
            time_limit: line.time_limit,
            again: line.again.as_deref(),
            commit: commit(&workspace),
            folder: folder.path(),
        },
        jobs: line.jobs.unwrap_or_else(cores),
        records: Mutex::new(records),
        progress: Progress::new(found.submissions.len() * courses.len()),
    };
    let entries = grading.run(&courses, &found.submissions)?;
    let missing: Vec<&Student> = missing.iter().collect();
    let summary = Summary::new(&file, &entries, &missing, found.ignored);
    Ok(Printer::new(line.format).show(&summary))
}

/// Removes the submissions of other shards.
fn keep_shard(found: &mut Found, shard: Option<Shard>) -> Result<(), Error> {
    if found.submissions.is_empty() {
        let why = "a submission is a folder, a clone, or an archive (.zip, .tar.gz, .tgz, .tar)";
        return Err(Error::usage("there is no submission", why));
    }
    if let Some(shard) = shard {
        found.submissions.retain(|submission| shard.has(&submission.student.id));
    }
    Ok(())
}

fn commit(workspace: &Workspace) -> Option<String> {
    let output = git::run(&workspace.root, &["rev-parse", "HEAD"]).ok()?;
    Some(String::from_utf8_lossy(&output).trim().to_owned())
}

fn cores() -> usize {
    thread::available_parallelism().map_or(2, usize::from)
}
