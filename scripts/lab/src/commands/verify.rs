//! `cargo lab verify`: starts the program `verify`. `verify` is its own package, so that a
//! student's `cargo lab` compiles neither `verify` nor the parser that it needs.

use std::process::Stdio;

use crate::build::cargo;
use crate::error::{Error, Exit};
use crate::output::Format;
use crate::workspace::Workspace;

/// Builds `verify` and runs it with `arguments`.
pub fn run(workspace: &Workspace, format: Format, arguments: &[String]) -> Result<Exit, Error> {
    let mut command = cargo::command(&workspace.root);
    command.args(["run", "--package", "verify", "--"]).args(arguments).stdin(Stdio::inherit());
    if format == Format::Json {
        command.args(["--format", "json"]);
    }
    let status = command.status().map_err(|error| Error::failed("cannot run cargo", error))?;
    Ok(Exit::of_status(status))
}
