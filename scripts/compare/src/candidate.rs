//! The programs to compare, and how they are built.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use lab::build::cargo::{self, BuildResult, Reporting};
use lab::build::program::Program;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::files;
use lab::workspace::Workspace;
use serde::Deserialize;

use crate::with::With;
use crate::wrong_answer;

/// A program to compare.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The heading of its column.
    pub name: String,
    /// What starts it, or why there is nothing to start.
    pub command: Result<Vec<String>, String>,
    /// The folder with its sources, if it is an answer to the lab.
    pub src: Option<PathBuf>,
    /// Whether the lab's suite judges it. A peer is no answer to the lab.
    pub is_answer: bool,
}

/// The name of the model answer.
pub const MODEL: &str = "model answer";

impl Candidate {
    /// The student's program.
    pub fn yours(workspace: &Workspace, lab: &Lab) -> Result<Candidate, Error> {
        build("yours", &Program::of_student(workspace, lab))
    }

    /// The model answer. `None` in a copy without solutions.
    pub fn model(workspace: &Workspace, lab: &Lab) -> Result<Option<Candidate>, Error> {
        let program = Program::of_solution(workspace, lab);
        program.folder.is_dir().then(|| build(MODEL, &program)).transpose()
    }

    /// A program that `--with` names.
    pub fn with(workspace: &Workspace, lab: &Lab, with: &With) -> Result<Candidate, Error> {
        match with {
            With::Package(folder) => of_package(&with.name(), folder),
            With::Patch(patch) => {
                let folder = wrong_answer::make(workspace, lab, patch)?;
                of_package(&with.name(), &folder)?.kept_in(&workspace.root.join("target/compare"))
            }
            With::Command(words) => Ok(Candidate {
                name: with.name(),
                command: Ok(words.clone()),
                src: None,
                is_answer: true,
            }),
        }
    }

    /// The same with a copy of its program and sources, because the next patch replaces both.
    fn kept_in(self, folder: &Path) -> Result<Candidate, Error> {
        let folder = folder.join("wrong-answers").join(&self.name);
        let keep = |src: &Path, program: &str| -> io::Result<(PathBuf, String)> {
            let (src_copy, copy) =
                (folder.join("src"), folder.join(format!("program{EXE_SUFFIX}")));
            files::mirror(src, &src_copy)?;
            fs::copy(program, &copy)?;
            Ok((src_copy, copy.to_string_lossy().into_owned()))
        };
        let (Some(src), Ok(command)) = (&self.src, &self.command) else { return Ok(self) };
        let (src, program) = keep(src, &command[0])
            .map_err(|error| Error::failed(format!("cannot write {}", folder.display()), error))?;
        Ok(Candidate { src: Some(src), command: Ok(vec![program]), ..self })
    }
}

fn build(name: &str, program: &Program<'_>) -> Result<Candidate, Error> {
    let built = program.build_with_cargo(
        |command| {
            command.arg("--release");
        },
        Reporting::SHOWN,
    )?;
    candidate(name, &built, &program.package, &program.folder)
}

/// Builds a package of another workspace in that workspace's own target folder.
fn of_package(name: &str, folder: &Path) -> Result<Candidate, Error> {
    let package = package_name(folder)?;
    let mut command = cargo::command(folder);
    command.args(["build", "--release", "--package", &package, "--bin", &package]);
    // A folder of ours would replace our own programs.
    command.env_remove("CARGO_TARGET_DIR");
    let built = cargo::compile(command, Reporting::SHOWN)?;
    candidate(name, &built, &package, folder)
}

/// The program that was built from the `package` in `folder`. If it does not compile, the user sees
/// the errors, and the other programs are compared.
fn candidate(
    name: &str,
    built: &BuildResult,
    package: &str,
    folder: &Path,
) -> Result<Candidate, Error> {
    let command = if built.compiled {
        Ok(vec![built.executable(package)?.to_string_lossy().into_owned()])
    } else {
        eprintln!("{}", built.errors());
        Err("does not compile".to_owned())
    };
    Ok(Candidate { name: name.to_owned(), command, src: Some(folder.join("src")), is_answer: true })
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
