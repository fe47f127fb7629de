//! The files of the class, and those that all students have.
//!
//! Submissions are found and read as `cargo lab grade` does it, so both mean the same files.

use std::path::Path;

use grade::course::Course;
use grade::sandbox::{self, Sandbox};
use grade::submission::find::{self, Found};
use grade::submission::read;
use grade::submission::roster::Roster;
use grade::submission::take::{self, Taken};
use grade::submission::tree::{Filter, Reading, Refusal};
use grade::submission::{Part, Submission};
use lab::course::labs::Lab;
use lab::course::stub_history::StubFile;
use lab::error::Error;
use terminal::harmless;

use crate::answer::Answer;
use crate::fingerprints::Base;

/// What is compared.
#[derive(Debug)]
pub struct Submissions {
    /// The answers, in the order of the students' ids.
    pub answers: Vec<Answer>,
    /// Submissions that cannot be read, each with the reason.
    pub refused: Vec<String>,
}

/// The sources of `stub`, which do not count.
pub fn base_of(stub: &[StubFile]) -> Base {
    let sources = stub.iter().filter(|file| file.path.ends_with(".rs"));
    let texts: Vec<String> =
        sources.map(|file| String::from_utf8_lossy(&file.content).into_owned()).collect();
    Base::new(texts.iter().map(String::as_str))
}

/// Reads the submissions in `place`, a folder or the archive of a course's system.
///
/// # Errors
///
/// It cannot be read, or has no two answers for `lab`.
pub fn submissions(
    place: &Path,
    roster: &Roster,
    lab: &Lab,
    stub: &[StubFile],
) -> Result<Submissions, Error> {
    let found = find::find(place, roster)?;
    let names = Course::file_names(lab, stub);
    let filter = Filter { names: Some(&names) };
    let reading = Reading { filter, sandbox: sandbox_for(&found)?, deadline: None };
    let base = base_of(stub);
    let mut all = Submissions { answers: Vec::new(), refused: Vec::new() };
    for submission in &found.submissions {
        match taken(submission, reading, lab, stub) {
            Ok(taken) => all.answers.push(answer(submission, &taken, lab, &base)),
            Err(refusal) => all.refused.push(format!("{}: {refusal}", name(submission))),
        }
    }
    match all.answers.len() {
        0 | 1 => Err(too_few(place, lab, &all.refused)),
        _ => Ok(all),
    }
}

/// git reads clones in a box. A class without a clone needs none.
fn sandbox_for(found: &Found) -> Result<Sandbox, Error> {
    let is_clone = |part: &Part| part.path.join(".git").exists();
    let mut parts = found.submissions.iter().flat_map(|submission| &submission.parts);
    match parts.any(is_clone) {
        true => sandbox::try_out().map(Sandbox::Bubblewrap).map_err(|error| {
            let advice = "Submissions that are git clones are read in a sandbox. Install \
                          bubblewrap 0.8 or newer, or remove the folder .git of each submission.";
            error.advice(advice)
        }),
        false => Ok(Sandbox::None),
    }
}

fn taken(
    submission: &Submission,
    reading: Reading<'_>,
    lab: &Lab,
    stub: &[StubFile],
) -> Result<Taken, Refusal> {
    let content = read::read(submission, reading)?;
    take::take(lab, stub, content.tree)
}

/// The student's own files, in the order of the lab.
fn answer(submission: &Submission, taken: &Taken, lab: &Lab, base: &Base) -> Answer {
    let mut files: Vec<(String, String)> = Vec::new();
    for name in lab.steps().iter().flat_map(|step| &step.files) {
        let path = format!("src/{name}");
        let is_own = taken.files.iter().any(|file| file.path == path);
        let is_new = files.iter().all(|(known, _)| known != name);
        if let Some(content) = taken.sources.get(&path).filter(|_| is_own && is_new) {
            files.push((name.clone(), String::from_utf8_lossy(content).into_owned()));
        }
    }
    Answer::new(&name(submission), files, base)
}

/// `anna`, or `Jane Doe (48213)`.
fn name(submission: &Submission) -> String {
    let student = &submission.student;
    match &student.name {
        Some(name) => harmless(&format!("{name} ({})", student.id)),
        None => harmless(&student.id),
    }
}

fn too_few(place: &Path, lab: &Lab, refused: &[String]) -> Error {
    let reason = match refused {
        [] => format!("files of lab {} are needed from two students", lab.folder()),
        _ => refused.join("; "),
    };
    Error::usage(format!("there are no two submissions in {}", place.display()), reason)
}
