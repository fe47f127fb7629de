//! The scratch copy of the workspace, in which mistakes are made.
//!
//! ```text
//! target/verify/workspace   the copy: only files that changed are written, so cargo rebuilds
//!                           no more than it must
//! target/verify/target      what cargo builds there
//! target/verify/programs    the wrong programs, one for each mistake
//! ```

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::mistakes::Mistake;
use lab::build::cargo::{self, BuildResult, Verbosity};
use lab::build::suite::Suite;
use lab::command;
use lab::course::labs::{Lab, Step};
use lab::error::Error;
use lab::files;
use lab::git;
use lab::workspace::Workspace;

/// What a workspace is made of, besides its own Cargo.toml and Cargo.lock. Held-back tests include
/// the examples of the book.
const FOLDERS: [&str; 6] = [".cargo", "common", "docs/examples", "labs", "solutions", "scripts"];
const FILES: [&str; 4] = ["Cargo.toml", "Cargo.lock", "clippy.toml", "rust-toolchain.toml"];

/// The scratch copy.
pub struct Scratch {
    home: PathBuf,
    original: PathBuf,
}

impl Scratch {
    /// Brings the copy of `workspace` up to date.
    pub fn prepare(workspace: &Workspace) -> Result<Scratch, Error> {
        let home = workspace.root.join("target").join("verify");
        let scratch = Scratch { home, original: workspace.root.clone() };
        let copy = || {
            FOLDERS.iter().try_for_each(|folder| {
                files::mirror(&workspace.root.join(folder), &scratch.root().join(folder))
            })?;
            FILES.iter().try_for_each(|file| {
                files::mirror_file(&workspace.root.join(file), &scratch.root().join(file))
            })
        };
        copy().map_err(|error| {
            Error::failed(format!("cannot copy the workspace to {}", scratch.home.display()), error)
        })?;
        Ok(scratch)
    }

    fn root(&self) -> PathBuf {
        self.home.join("workspace")
    }

    fn programs(&self) -> PathBuf {
        self.home.join("programs")
    }

    fn solution(&self, lab: &Lab) -> PathBuf {
        self.root().join("solutions").join(lab.folder())
    }

    /// The right answer, not the copy's.
    fn answer(&self, lab: &Lab) -> PathBuf {
        self.original.join("solutions").join(lab.folder()).join("src")
    }

    /// A cargo that works in the copy.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = cargo::command(&self.root());
        command.args(arguments).env("CARGO_TARGET_DIR", self.home.join("target"));
        command
    }

    /// Builds the test program `target` of `package`.
    pub fn suite(&self, package: &str, target: &str) -> Result<Suite, Error> {
        let command = self.cargo(&["test", "--no-run", "--package", package, "--test", target]);
        let built = cargo::compile(command, Verbosity::Quiet, false)?;
        Suite::from_build(&built, target, String::new())
    }

    /// Makes the solution in the copy the right one again.
    pub fn restore(&self, lab: &Lab) -> Result<(), Error> {
        files::mirror(&self.answer(lab), &self.solution(lab).join("src"))
            .map_err(|error| Error::failed("cannot copy the solution", error))
    }

    /// Makes `mistake` in the copy's solution, or tells why the patch does not apply.
    pub fn apply(&self, lab: &Lab, mistake: &Mistake) -> Result<Result<(), String>, Error> {
        self.restore(lab)?;
        let solution = self.solution(lab);
        let mut command = git::command(&solution);
        // The copy lies in a repository that ignores it; patches are about this folder alone.
        command.env("GIT_CEILING_DIRECTORIES", &self.home).arg("apply").arg(&mistake.path);
        let output = command::output(&mut command)?;
        let said = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Ok(if output.status.success() { Ok(()) } else { Err(said) })
    }

    /// Writes the solution's answer to `step` into the copy's stub.
    pub fn write_step(&self, lab: &Lab, step: &Step) -> Result<(), Error> {
        let stub = self.root().join("labs").join(lab.folder()).join("src");
        let write = |file: PathBuf| {
            let name = files::relative(&file, &lab.src());
            files::mirror_file(&self.answer(lab).join(&name), &stub.join(&name))
        };
        lab.files_of(step)
            .into_iter()
            .try_for_each(write)
            .map_err(|error| Error::failed(format!("cannot write step {}", step.name), error))
    }

    /// Builds the program of `package`, the lab or its solution, as it is now.
    pub fn build(&self, package: &str) -> Result<BuildResult, Error> {
        let command = self.cargo(&["build", "--package", package, "--bin", package]);
        cargo::compile(command, Verbosity::Quiet, false)
    }

    /// Keeps `program` where the next build does not replace it, under the name of the
    /// student's: failures then read as a student would see them.
    ///
    /// By another name for the same file, and not by a copy: a file that is open for writing,
    /// if only in a child that is about to start a test, cannot be executed (ETXTBSY).
    pub fn keep(&self, lab: &Lab, mistake: &Mistake, program: &Path) -> Result<PathBuf, Error> {
        let folder = self.programs().join(&lab.number).join(&mistake.name);
        let kept = folder.join(lab.package()).with_extension(env::consts::EXE_EXTENSION);
        let link = || {
            fs::create_dir_all(&folder)?;
            match fs::remove_file(&kept) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => (),
            }
            fs::hard_link(program, &kept)
        };
        link()
            .map_err(|error| Error::failed(format!("cannot keep {}", program.display()), error))?;
        Ok(kept)
    }
}
