//! The programs to compare, and how they are built.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lab::build::cargo::{self, BuildResult, Reporting};
use lab::build::program::Program;
use lab::course::answer;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::files;
use lab::workspace::Workspace;
use serde::Deserialize;

use crate::submission::{self, Files};
use crate::with::With;
use crate::wrong_answer;

/// A program to compare.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The heading of its column.
    pub name: String,
    /// What starts it.
    pub command: Vec<String>,
    /// The folder with its sources, if it is an answer to the lab.
    pub src: Option<PathBuf>,
    /// Where it comes from.
    pub origin: Origin,
}

/// Where a program comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The student's lab.
    Yours,
    /// The solution.
    Model,
    /// A `--with` of the command line.
    With,
    /// `--peers`. It is no answer to the lab, so the suite does not judge it.
    Peer,
}

/// The name of the model answer.
pub const MODEL: &str = "model answer";

impl Candidate {
    /// The student's program.
    pub fn yours(workspace: &Workspace, lab: &Lab) -> Result<Candidate, Error> {
        build(("yours", Origin::Yours), &Program::of_student(workspace, lab))
    }

    /// The model answer. `None` in a copy without solutions.
    pub fn model(workspace: &Workspace, lab: &Lab) -> Result<Option<Candidate>, Error> {
        let program = Program::of_solution(workspace, lab);
        program.folder.is_dir().then(|| build((MODEL, Origin::Model), &program)).transpose()
    }

    /// A program that `--with` names, in a column with this heading.
    pub fn with(
        workspace: &Workspace,
        lab: &Lab,
        with: &With,
        name: String,
    ) -> Result<Candidate, Error> {
        let kept = workspace.root.join("target/compare");
        match with {
            With::Package(folder) => of_package(&name, folder),
            With::Submission(_, files) => {
                note_missing(lab, &name, files);
                of_package(&name, &submission::make(workspace, lab, files)?)?.kept_in(&kept)
            }
            With::Patch(patch) => {
                of_package(&name, &wrong_answer::make(workspace, lab, patch)?)?.kept_in(&kept)
            }
            With::Command(words) => {
                Ok(Candidate { name, command: words.clone(), src: None, origin: Origin::With })
            }
        }
    }

    /// The same with a copy of its program and sources, because the next answer replaces both.
    fn kept_in(self, folder: &Path) -> Result<Candidate, Error> {
        let folder = folder.join("answers").join(&self.name);
        let keep = |src: &Path, program: &str| -> io::Result<(PathBuf, String)> {
            let (src_copy, copy) =
                (folder.join("src"), folder.join(format!("program{EXE_SUFFIX}")));
            files::mirror(src, &src_copy)?;
            fs::copy(program, &copy)?;
            Ok((src_copy, copy.to_string_lossy().into_owned()))
        };
        let Some(src) = &self.src else { return Ok(self) };
        let (src, program) = keep(src, &self.command[0])
            .map_err(|error| Error::failed(format!("cannot write {}", folder.display()), error))?;
        Ok(Candidate { src: Some(src), command: vec![program], ..self })
    }
}

/// Tells which files are those of the stub.
fn note_missing(lab: &Lab, name: &str, files: &Files) {
    let mut missing = answer::file_names(lab);
    missing.retain(|file| !files.contains_key(file));
    if !missing.is_empty() {
        eprintln!("{name} has no {}, so the stub's own are built.", missing.join(", "));
    }
}

fn build(named: (&str, Origin), program: &Program<'_>) -> Result<Candidate, Error> {
    let built = program.build_with_cargo(
        |command| {
            command.arg("--release");
        },
        Reporting::SHOWN,
    )?;
    candidate(named, &built, &program.package, &program.folder)
}

/// Builds a package of another workspace in that workspace's own target folder.
fn of_package(name: &str, folder: &Path) -> Result<Candidate, Error> {
    let package = package_name(folder)?;
    let mut command = cargo::command(folder);
    command.args(["build", "--release", "--package", &package, "--bin", &package]);
    // A folder of ours would replace our own programs.
    command.env_remove("CARGO_TARGET_DIR");
    let built = cargo::compile(command, Reporting::SHOWN)?;
    candidate((name, Origin::With), &built, &package, folder)
}

/// The program that was built from the `package` in `folder`.
fn candidate(
    (name, origin): (&str, Origin),
    built: &BuildResult,
    package: &str,
    folder: &Path,
) -> Result<Candidate, Error> {
    if !built.compiled {
        return Err(Error::work_fails(format!("{name} does not compile"), built.errors()));
    }
    let command = vec![built.executable(package)?.to_string_lossy().into_owned()];
    Ok(Candidate { name: name.to_owned(), command, src: Some(folder.join("src")), origin })
}

#[derive(Deserialize)]
struct Manifest {
    package: Package,
}

#[derive(Deserialize)]
struct Package {
    name: String,
}

fn package_name(folder: &Path) -> Result<String, Error> {
    let path = folder.join("Cargo.toml");
    let what = || format!("cannot read {}", path.display());
    let text = fs::read_to_string(&path).map_err(|error| Error::failed(what(), error))?;
    let manifest: Manifest = toml::from_str(&text).map_err(|error| Error::failed(what(), error))?;
    Ok(manifest.package.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lab::error::Exit;

    #[test]
    fn a_program_that_does_not_compile_fails_as_work() {
        let built = BuildResult::default();
        let named = ("yours", Origin::Yours);
        let error = candidate(named, &built, "lab01", Path::new("labs/01-echo")).expect_err("none");
        assert_eq!(error.exit(), Exit::WorkFails);
        assert!(error.to_string().starts_with("error: yours does not compile"), "{error}");
    }
}
