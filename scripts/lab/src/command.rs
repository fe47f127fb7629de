//! Running other programs.

use std::env;
use std::process::{Command, Output};

use crate::error::Error;

/// Runs `command` to its end, and returns its output.
pub fn output(command: &mut Command) -> Result<Output, Error> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().map_err(|error| Error::failed(format!("cannot run {program}"), error))
}

/// Removes the variables that `cargo run` has set for this program from the environment of `command`.
///
/// A build script or a test would take our package's variables for its own. Cargo would also
/// rebuild crates that were built without these variables. For example, ring's build script reads
/// `OUT_DIR`, and all TLS crates depend on ring.
pub fn strip_cargo_variables(command: &mut Command) {
    let is_ours = |name: &str| {
        name == "OUT_DIR" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
    };
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_ours) {
            command.env_remove(name);
        }
    }
}
