//! What the command prints.

use std::path::PathBuf;

use crate::command_line::System;
use lab::output::Output;
use serde::Serialize;
use terminal::Style;

/// A copy for students.
#[derive(Debug, Serialize)]
pub struct Handout {
    /// Where it is.
    pub folder: PathBuf,
    /// The numbers of its labs.
    pub labs: Vec<String>,
    /// The commit that was copied.
    pub source: String,
    /// The commit of the copy.
    pub commit: String,
}

impl Output for Handout {
    fn page(&self, _: &Style) -> String {
        let Handout { folder, labs, source, commit } = self;
        let (folder, labs) = (folder.display(), labs.join(", "));
        format!(
            "{folder} is ready for students. It has the labs {labs}.\n\
             Its only commit is {commit:.12}, made from {source:.12}.\n"
        )
    }
}

/// Files with which a system grades.
#[derive(Debug, Serialize)]
pub struct Grader {
    /// Where they are.
    pub place: PathBuf,
    /// The numbers of the labs that it judges.
    pub labs: Vec<String>,
    /// The commit that they were made from.
    pub source: String,
    /// The system.
    pub system: System,
}

impl Output for Grader {
    fn page(&self, _: &Style) -> String {
        let Grader { place, labs, source, system } = self;
        let (place, labs) = (place.display(), labs.join(", "));
        let next = match system {
            System::Gradescope => format!("upload {place} as the autograder of the assignment"),
            System::Github => format!("push {place} as the repository that students copy"),
            System::Slurm => format!("{place}/submit.sh WORKSPACE SUBMISSIONS GRADES"),
            System::Kubernetes => {
                format!("build the image of {place}/Containerfile, then {place}/run.sh")
            }
        };
        let word = if self.labs.len() == 1 { "lab" } else { "labs" };
        format!("{place} judges {word} {labs}, by the tests of {source:.12}.\nNext: {next}\n")
    }
}
