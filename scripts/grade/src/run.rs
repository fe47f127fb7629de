//! Runs the command line.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use clap::CommandFactory;
use lab::course::labs::{self, Lab};
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
use crate::records::{Records, WHOLE_CLASS};
use crate::run_folder::RunFolder;
use crate::sandbox::{self, Sandbox, confine};
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
    confine::run_if_asked();
    if worker::is_worker() { worker::main() } else { entry::main(run) }
}

fn run(line: &CommandLine) -> Result<Exit, Error> {
    let workspace = Workspace::find()?;
    let find = |lab: &String| labs::find(&workspace, lab);
    let labs: Vec<Lab> = line.labs.iter().map(find).collect::<Result<_, Error>>()?;
    let sandbox = sandbox_of(line.sandbox)?;
    let roster = line.roster.as_deref().map(Roster::read).transpose()?.unwrap_or_default();
    let mut found = find::find(&line.submissions, &roster)?;
    let students: Vec<&Student> = found.submissions.iter().map(|it| &it.student).collect();
    let missing: Vec<Student> = roster.missing(&students).into_iter().cloned().collect();
    keep_shard(&mut found, line.shard)?;
    let ledger = line.shard.map_or(WHOLE_CLASS.to_owned(), Shard::file_name);
    let records = Records::open(&line.out, &ledger)?;
    let file = records.file.clone();

    let folder = RunFolder::new(&workspace)?;
    let courses = prepare(line, &workspace, labs, folder.path())?;
    let grading = Grading {
        judging: Judging {
            sandbox,
            subject: line.subject.as_deref(),
            deadline: line.deadline,
            time_limit: line.time_limit(),
            again: line.again.as_deref(),
            commit: commit(&workspace),
            folder: folder.path(),
        },
        jobs: line.jobs.unwrap_or_else(cores),
        records: Mutex::new(records),
        progress: Progress::new(found.submissions.len() * courses.len()),
    };
    let entries = grading.run(&courses, &found.submissions)?;
    let summary = Summary::new(&file, &entries, missing, found.ignored);
    Ok(Printer::new(line.format).show(&summary))
}

fn sandbox_of(choice: SandboxChoice) -> Result<Sandbox, Error> {
    match choice {
        SandboxChoice::Bubblewrap => sandbox::try_out().map(Sandbox::Bubblewrap),
        SandboxChoice::None => Ok(Sandbox::None),
    }
}

/// Builds what each lab needs, and checks that one of them has the test of `--again`.
fn prepare(
    line: &CommandLine,
    workspace: &Workspace,
    labs: Vec<Lab>,
    folder: &Path,
) -> Result<Vec<Course>, Error> {
    let subject = line.subject.as_deref().map_or(Subject::Rust, Subject::Command);
    let prepare = |lab| Course::prepare(workspace, lab, subject, folder);
    let courses: Vec<Course> = labs.into_iter().map(prepare).collect::<Result<_, Error>>()?;
    if let Some(test) = &line.again {
        again::check(&courses, test)?;
    }
    Ok(courses)
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
