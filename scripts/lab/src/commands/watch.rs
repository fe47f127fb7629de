//! `cargo lab watch`: starts the program `watch`. `watch` is its own package, so that only students who
//! use it compile what draws its screen.

use std::process::{Command, Stdio};

use crate::build::cargo;
use crate::error::{Error, Exit};
use crate::workspace::Workspace;

/// Builds `watch` and runs it with `arguments`.
pub fn run(workspace: &Workspace, arguments: &[String]) -> Result<Exit, Error> {
    let mut command = cargo::command(&workspace.root);
    command.args(["run", "--package", "watch", "--"]).args(arguments).stdin(Stdio::inherit());
    become_program(command)
}

/// Cargo replaces this process, and `watch` replaces cargo. So a signal to this process reaches `watch`,
/// which must restore the terminal.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<Exit, Error> {
    Err(Error::failed("cannot run cargo", std::os::unix::process::CommandExt::exec(&mut command)))
}

#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<Exit, Error> {
    let status = command.status().map_err(|error| Error::failed("cannot run cargo", error))?;
    Ok(Exit::of_status(status))
}
