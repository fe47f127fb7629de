//! Running other programs.

use std::process::{Command, Output};

use crate::error::Error;

/// Runs `command` to its end, and returns all that it prints.
pub fn output(command: &mut Command) -> Result<Output, Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().map_err(|error| Error::failed(format!("cannot run {program}"), error))
}
