//! Commands that are packages of their own: `cargo lab verify` starts the program `verify`. So a
//! student's `cargo lab` compiles neither those programs nor the crates that they need.

use std::env;
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
    let here = env::current_dir()
        .map_err(|error| Error::failed("cannot find the current directory", error))?;
    let mut command = cargo::command(&here);
    command.args(["run", "--manifest-path"]).arg(workspace.root.join("Cargo.toml"));
    command.args(["--package", package, "--bin", name, "--"]).args(arguments);
    command.stdin(Stdio::inherit());
    if format == Format::Json {
        command.args(["--format", "json"]);
    }
    become_program(command)
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
