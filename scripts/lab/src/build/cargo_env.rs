//! Variables that `cargo run` sets for the program that it starts.

use std::env;
use std::process::Command;

/// Removes them from the environment of `command`.
///
/// A build script or a test would take our package's variables for its own. And cargo would rebuild
/// crates that were built without them: ring's build script reads `OUT_DIR`, and all of TLS depends
/// on ring.
pub fn strip(command: &mut Command) {
    for (name, _) in env::vars_os() {
        if name.to_str().is_some_and(is_set_by_cargo_run) {
            command.env_remove(name);
        }
    }
}

fn is_set_by_cargo_run(name: &str) -> bool {
    name == "OUT_DIR" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}
