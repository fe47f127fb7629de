//! A student's program or a model answer, built by cargo from its sources as they are now.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::cargo::{self, BuildResult, Reporting};
use crate::course::labs::Lab;
use crate::error::Error;
use crate::workspace::Workspace;

/// A package with a program of the same name.
pub struct Program<'workspace> {
    /// The Cargo workspace that the package belongs to.
    pub workspace: &'workspace Workspace,
    /// The package's name: `lab01`.
    pub package: String,
    /// The package's folder, in full.
    pub folder: PathBuf,
}

impl<'workspace> Program<'workspace> {
    /// The student's program for `lab`.
    pub fn of_student(workspace: &'workspace Workspace, lab: &Lab) -> Program<'workspace> {
        Program { workspace, package: lab.package(), folder: lab.path.clone() }
    }

    /// The model answer to `lab`.
    pub fn of_solution(workspace: &'workspace Workspace, lab: &Lab) -> Program<'workspace> {
        Program { workspace, package: lab.solution(), folder: lab.solution_path(workspace) }
    }

    /// Builds the program with cargo, after `prepare` has changed the call.
    ///
    /// Cargo decides by the times of files which packages to build, and a restored copy of a source
    /// may have an old time. So a program that cargo considers up to date is built again.
    pub fn build_with_cargo(
        &self,
        prepare: impl Fn(&mut Command),
        reporting: Reporting<'_>,
    ) -> Result<BuildResult, Error> {
        let build = || {
            let mut command = self.cargo_build();
            prepare(&mut command);
            cargo::compile(command, reporting)
        };
        let built = build()?;
        match built.fresh_executable(&self.package) {
            Some(program) if self.make_stale(program) => build(),
            _ => Ok(built),
        }
    }

    fn cargo_build(&self) -> Command {
        let mut command = cargo::command(&self.workspace.root);
        command.args(["build", "--package", &self.package, "--bin", &self.package]);
        command
    }

    /// Removes cargo's list of the sources of `program`, so that cargo builds the program again.
    /// Returns whether there was such a list.
    fn make_stale(&self, program: &Path) -> bool {
        let folder = program.with_file_name(".fingerprint");
        let mine = format!("{}-", self.package);
        let list = format!("dep-bin-{}", self.package);
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let of_package =
            entries.filter(|entry| entry.file_name().to_string_lossy().starts_with(&mine));
        let removed = of_package.filter(|entry| fs::remove_file(entry.path().join(&list)).is_ok());
        removed.count() > 0
    }
}
