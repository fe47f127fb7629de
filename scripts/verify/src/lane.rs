//! A folder in which rustc builds changed copies of a package, as cargo would build the original.
//!
//! ```text
//! target/verify/solution01-0/         rustc works here, and finds the sources where the workspace
//!     solutions/01-echo/src/          has them; in these, mistakes are made
//!     incremental/                    what rustc keeps between two builds
//!     programs/one-read-is-enough/    the wrong program, until it has been tried
//! ```
//!
//! A lane does not call cargo. It repeats the call of rustc that cargo made for the original. So
//! several lanes build at the same time, and the crates that the package depends on are not built
//! again.

use std::env::consts::EXE_SUFFIX;
use std::fs;
use std::path::{Path, PathBuf};

use lab::build::cargo::BuildResult;
use lab::build::diagnostic::Diagnostic;
use lab::build::program::Program;
use lab::build::rustc_cache::{self, RustcCall};
use lab::command;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::files;
use lab::git;

/// What makes the build of a mistake short.
///
/// No test sees debug information, and it takes a fifth of the time. A panic names its line without
/// it. A mistake changes a function or two, and rustc keeps the machine code of every unit that did
/// not change. With many small units, a build takes less processor time than with the four of
/// the profile.
const SHORT_BUILD: [&str; 6] =
    ["-C", "debuginfo=0", "-C", "strip=debuginfo", "-C", "codegen-units=256"];

/// One such folder.
pub struct Lane {
    root: PathBuf,
    /// The package's folder in the workspace, and here.
    original: PathBuf,
    copy: PathBuf,
    call: RustcCall,
    /// The name of the program. It is the name of the student's program, so that failures read as a
    /// student would see them.
    program: String,
}

impl Lane {
    /// Some lanes for `program`, an answer to `lab`. Each holds a copy of the original sources.
    pub fn open(program: &Program<'_>, lab: &Lab, count: usize) -> Result<Vec<Lane>, Error> {
        let call = rustc_cache::call_for(program)?;
        let root = &program.workspace.root;
        let folder = files::relative(&program.folder, root);
        let lane = |number: usize| {
            let name = format!("{}-{number}", program.package);
            let lane = root.join("target").join("verify").join(name);
            Lane {
                copy: lane.join(&folder),
                root: lane,
                original: program.folder.clone(),
                call: call.clone(),
                program: format!("{}{EXE_SUFFIX}", lab.package()),
            }
        };
        let lanes: Vec<Lane> = (0..count).map(lane).collect();
        lanes.iter().try_for_each(Lane::restore)?;
        Ok(lanes)
    }

    /// Makes the copy equal to the original.
    pub fn restore(&self) -> Result<(), Error> {
        files::mirror(&self.original.join("src"), &self.copy.join("src"))
            .map_err(|error| Error::failed("cannot copy the sources", error))
    }

    /// Makes the change of `patch` in a fresh copy, or returns why git cannot apply it.
    pub fn apply(&self, patch: &Path) -> Result<Result<(), String>, Error> {
        self.restore()?;
        let mut git = git::command(&self.copy);
        // The lane is inside a repository that ignores it. Patches concern this folder only.
        git.env("GIT_CEILING_DIRECTORIES", &self.root).arg("apply").arg(patch);
        let output = command::output(&mut git)?;
        let message = String::from_utf8_lossy(&output.stderr).trim().to_owned();
        Ok(if output.status.success() { Ok(()) } else { Err(message) })
    }

    /// Copies the file `name` of `folder` into the copy's `src`.
    pub fn write(&self, folder: &Path, name: &str) -> Result<(), Error> {
        files::mirror_file(&folder.join(name), &self.copy.join("src").join(name))
            .map_err(|error| Error::failed(format!("cannot write {name}"), error))
    }

    /// Builds the program. The next build for the same `purpose` replaces it.
    pub fn build(&self, purpose: &str) -> Result<Result<ScratchProgram, BuildResult>, Error> {
        let folder = self.root.join("programs").join(purpose);
        fs::create_dir_all(&folder)
            .map_err(|error| Error::failed(format!("cannot make {}", folder.display()), error))?;
        // Also where CARGO_INCREMENTAL=0 keeps cargo from it.
        let incremental = format!("incremental={}", self.root.join("incremental").display());
        let options = [&SHORT_BUILD[..], &["-C", &incremental]].concat();
        let built = self.call.build_in(&self.root, &folder, &options)?;
        if !built.compiled {
            return Ok(Err(built));
        }
        let made = folder.join(self.call.program_name());
        let path = folder.join(&self.program);
        fs::rename(&made, &path)
            .map_err(|error| Error::failed(format!("cannot keep {}", made.display()), error))?;
        Ok(Ok(ScratchProgram { path }))
    }

    /// Clippy's diagnostics on the copy.
    pub fn lint(&self) -> Result<Vec<Diagnostic>, Error> {
        Ok(self.call.lint_in(&self.root)?.diagnostics)
    }
}

/// A program that is removed when no test needs it any more.
pub struct ScratchProgram {
    pub path: PathBuf,
}

impl Drop for ScratchProgram {
    fn drop(&mut self) {
        // The next run replaces a program that could not be removed.
        let _ = fs::remove_file(&self.path);
    }
}
