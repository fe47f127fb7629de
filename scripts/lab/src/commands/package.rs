//! Commands that are packages of their own: `cargo lab verify` starts the program `verify`. So a
//! student's `cargo lab` compiles neither those programs nor the crates that they need.

use std::env::{self, consts::EXE_SUFFIX};
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::build::cargo;
use crate::error::{Error, Exit};
use crate::output::Format;
use crate::workspace::Workspace;

/// Builds the program `name` of `package` and runs it with `arguments`, in `format` if that is not
/// the usual one. It runs in the current folder, because arguments may be relative paths.
pub fn run(
    workspace: &Workspace,
    (package, name): (&str, &str),
    format: Format,
    arguments: &[&str],
) -> Result<Exit, Error> {
    if !is_here(package) {
        let why = "this copy for students does not have its program";
        return Err(Error::usage(format!("there is no command `{name}`"), why));
    }
    let here = env::current_dir()
        .map_err(|error| Error::failed("cannot find the current directory", error))?;
    let mut command = cargo::command(&here);
    command.args(["run", "--manifest-path"]).arg(workspace.root.join("Cargo.toml"));
    if has_current_program(name) {
        command.arg("--quiet");
    }
    command.args(["--package", package, "--bin", name, "--"]);
    // In front of the arguments. Those of `drive` end with the arguments of the student's server.
    if format == Format::Json {
        command.args(["--format", "json"]);
    }
    command.args(arguments).stdin(Stdio::inherit());
    become_program(command)
}

/// Whether this copy of the workspace has `package`. Students do not get those for instructors.
pub fn is_here(package: &str) -> bool {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(package).is_dir()
}

/// Whether the program `name` is beside this one, and no older. Then cargo builds little or nothing,
/// and its own lines would only stand above the result. A long build shows its progress.
fn has_current_program(name: &str) -> bool {
    env::current_exe().is_ok_and(|this| {
        let program = this.with_file_name(format!("{name}{EXE_SUFFIX}"));
        is_no_older(&program, &this).unwrap_or(false)
    })
}

fn is_no_older(program: &Path, this: &Path) -> io::Result<bool> {
    Ok(fs::metadata(program)?.modified()? >= fs::metadata(this)?.modified()?)
}

/// Cargo replaces this process, and the program replaces cargo. So a signal to this process reaches
/// the program, which may have processes to end and a terminal to restore.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<Exit, Error> {
    Err(Error::failed("cannot run cargo", std::os::unix::process::CommandExt::exec(&mut command)))
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<Exit, Error> {
    let status = command.status().map_err(|error| Error::failed("cannot run cargo", error))?;
    Ok(Exit::of_status(status))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_package_that_students_do_not_have_is_not_here() {
        assert!(is_here("lab"));
        assert!(!is_here("no-such-package"));
    }

    #[test]
    fn a_program_that_is_older_than_this_one_shows_its_build() {
        let folder = tempfile::tempdir().expect("a folder");
        let (program, this) = (folder.path().join("trace"), folder.path().join("lab"));
        let now = SystemTime::now();
        let write = |path: &Path, time| File::create(path).and_then(|file| file.set_modified(time));
        write(&this, now).expect("a file");
        assert!(is_no_older(&program, &this).is_err(), "there is none");
        for (seconds, wanted) in [(0, true), (60, false)] {
            write(&program, now - Duration::from_secs(seconds)).expect("a file");
            assert_eq!(is_no_older(&program, &this).expect("two files"), wanted);
        }
    }
}
