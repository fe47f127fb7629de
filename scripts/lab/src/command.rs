//! Running other programs.

use std::env;
use std::io;
use std::process::{Command, Output};

use crate::cancel::CancellationToken;
use crate::error::Error;

/// Where and by which programs cargo builds, and what this runner judges.
const USER_SETTINGS: [&str; 9] = [
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_BUILD_TARGET",
    "RUSTC_WRAPPER",
    "CARGO_BUILD_RUSTC_WRAPPER",
    "RUSTC_WORKSPACE_WRAPPER",
    "CARGO_BUILD_RUSTC_WORKSPACE_WRAPPER",
    "LAB_RUSTC_CACHE",
    "LAB_SUBJECT",
];

/// Runs `command` to its end, and returns its output.
pub fn output(command: &mut Command) -> Result<Output, Error> {
    let output = command.output();
    output.map_err(|error| cannot_run(command, error))
}

/// The same for a command that `token` may cancel.
pub fn output_of_run(
    command: &mut Command,
    token: Option<&CancellationToken>,
) -> Result<Output, Error> {
    let Some(token) = token else { return output(command) };
    let output = token.output(command);
    output.map_err(|error| cannot_run(command, error))
}

fn cannot_run(command: &Command, error: io::Error) -> Error {
    Error::failed(format!("cannot run {}", command.get_program().display()), error)
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

/// Removes the variables by which users steer cargo and this runner from the environment of `command`.
/// So the result of a test is the same for every user.
pub fn strip_user_settings(command: &mut Command) {
    for name in USER_SETTINGS {
        command.env_remove(name);
    }
}
