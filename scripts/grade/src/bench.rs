//! What all submissions for one lab are built and judged with. It is built once.
//!
//! ```text
//! run-…/01/crates      the crates that a program links; no program, and no suite
//! run-…/01/suite       copies of the test programs, which no build replaces meanwhile
//! run-…/01/held_back
//! run-…/01/etc         copies of the settings of this machine, for the boxes of programs
//! ```

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use lab::build::cargo::Reporting;
use lab::build::program::Program;
use lab::build::rustc_cache::{self, RustcCall};
use lab::build::suite::Suite;
use lab::command;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::files;
use lab::workspace::Workspace;
use serde::{Deserialize, Serialize};

use crate::sandbox::copy_settings;

/// What the submissions for one lab are built and judged with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Bench {
    /// The root of the workspace.
    pub workspace: PathBuf,
    /// The lab's number.
    pub lab: String,
    /// The tests that students have.
    pub suite: Suite,
    /// The tests that they do not have.
    pub held_back: Option<Suite>,
    /// The folder with copies of the settings of this machine.
    pub settings: PathBuf,
    /// How rustc builds a program; `None` if `--subject` names a command.
    pub rustc: Option<Rustc>,
    /// The version of the compiler.
    pub toolchain: String,
    /// Changes with anything that a verdict depends on, except the submission.
    pub fingerprint: String,
}

/// The recorded call of rustc, and the files that it needs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Rustc {
    /// The call.
    pub call: RustcCall,
    /// The folder with the toolchain.
    pub sysroot: PathBuf,
    /// The crates that it links.
    pub crates: PathBuf,
    /// Where the call looks for them.
    pub crates_at: PathBuf,
}

/// Which program is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject<'command> {
    /// The Rust program of the lab.
    Rust,
    /// A command that runs in the folder of the submission.
    Command(&'command str),
}

impl Bench {
    /// Builds the suites of `lab`, and records how rustc builds its program. Its files are in `folder`.
    ///
    /// # Errors
    ///
    /// A build fails, or a file cannot be written.
    pub fn build(
        workspace: &Workspace,
        lab: &Lab,
        subject: Subject<'_>,
        folder: &Path,
    ) -> Result<Bench, Error> {
        let written = |error: io::Error| Error::failed("cannot prepare the grading", error);
        fs::create_dir_all(folder).map_err(written)?;
        let keep = |mut suite: Suite, name: &str| {
            let copy = folder.join(name);
            fs::copy(&suite.program, &copy).map_err(written)?;
            suite.program = copy;
            Ok::<Suite, Error>(suite)
        };
        let suite = keep(Suite::current(workspace, lab, Reporting::SHOWN)?, "suite")?;
        let held_back = Suite::held_back(workspace, lab)?;
        let held_back = held_back.map(|suite| keep(suite, "held_back")).transpose()?;
        let rustc = match subject {
            Subject::Rust => Some(Rustc::record(workspace, lab, &folder.join("crates"))?),
            Subject::Command(_) => None,
        };
        let settings = folder.join("etc");
        copy_settings(&settings).map_err(written)?;
        let toolchain = version_of_rustc(rustc.as_ref())?;
        let fingerprint = fingerprint(workspace, lab, subject, &toolchain);
        let (workspace, lab) = (workspace.root.clone(), lab.number.clone());
        Ok(Bench { workspace, lab, suite, held_back, settings, rustc, toolchain, fingerprint })
    }
}

impl Rustc {
    fn record(workspace: &Workspace, lab: &Lab, crates: &Path) -> Result<Rustc, Error> {
        let call = rustc_cache::call_for(&Program::of_student(workspace, lab))?;
        let sysroot = command::output(rustc(&call).args(["--print", "sysroot"]))?;
        let sysroot: PathBuf = String::from_utf8_lossy(&sysroot.stdout).trim().into();
        // Without rustup, cargo finds rustc by PATH, which is another one in a box.
        let call = call.with_compiler_of(&sysroot);
        let no_crates = || Error::failed("cannot repeat the call of rustc", "it names no crates");
        let crates_at = call.crates().ok_or_else(no_crates)?.to_owned();
        link_crates(&crates_at, crates)
            .map_err(|error| Error::failed("cannot link the crates of the labs", error))?;
        Ok(Rustc { call, sysroot, crates: crates.to_owned(), crates_at })
    }
}

fn rustc(call: &RustcCall) -> Command {
    Command::new(call.command_to(Path::new("")).get_program())
}

/// Cargo keeps the programs of solutions and suites in the same folder. They are not linked, because
/// a submission could include them.
fn link_crates(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)?.flatten() {
        let path = entry.path();
        let is_crate = entry.file_name().to_string_lossy().starts_with("lib")
            && path.extension().is_some_and(|it| it == "rlib" || it == "rmeta" || it == "so");
        if is_crate {
            let target = to.join(entry.file_name());
            fs::hard_link(&path, &target).or_else(|_| fs::copy(&path, &target).map(drop))?;
        }
    }
    Ok(())
}

fn version_of_rustc(rustc_of_lab: Option<&Rustc>) -> Result<String, Error> {
    let mut command = rustc_of_lab.map_or_else(|| Command::new("rustc"), |it| rustc(&it.call));
    let output = command::output(command.arg("--version"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// By paths in the workspace, so that it is the same in each clone.
fn fingerprint(workspace: &Workspace, lab: &Lab, subject: Subject<'_>, toolchain: &str) -> String {
    let root = &workspace.root;
    let folders =
        [root.join("common"), lab.path.join("tests"), lab.solution_path(workspace).join("tests")];
    let mut texts = vec![lab.number.clone(), toolchain.to_owned(), format!("{subject:?}")];
    texts.extend(folders.iter().map(|folder| format!("{:?}", files::fingerprints(folder))));
    // Lints and flags decide whether a submission compiles.
    let of_root = ["Cargo.toml", "Cargo.lock", ".cargo/config.toml"].map(|name| root.join(name));
    let of_lab = ["lab.toml", "Cargo.toml"].map(|name| lab.path.join(name));
    let files = of_root.into_iter().chain(of_lab);
    texts.extend(files.map(|file| fs::read_to_string(file).unwrap_or_default()));
    files::text_fingerprint(&texts)
}

#[cfg(test)]
mod tests {
    use lab::course::labs;

    use super::*;

    #[test]
    fn the_fingerprint_changes_with_all_settings_of_the_build() {
        let folder = tempfile::tempdir().expect("a folder");
        let course = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let settings =
            ["Cargo.toml", "Cargo.lock", ".cargo/config.toml", "labs/01-echo/Cargo.toml"];
        let write = |name: &str, text: String| {
            let file = folder.path().join(name);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, text).expect("written");
        };
        let read = |name: &str| fs::read_to_string(course.join(name)).expect("it is there");
        for name in settings.into_iter().chain(["labs/01-echo/lab.toml"]) {
            write(name, read(name));
        }
        let workspace = Workspace { root: folder.path().to_owned() };
        let lab = labs::find(&workspace, "01").expect("lab 01");
        let fingerprint = || fingerprint(&workspace, &lab, Subject::Rust, "");
        for name in settings {
            let before = fingerprint();
            write(name, read(name) + "# more");
            assert_ne!(fingerprint(), before, "{name}");
        }
    }
}
