//! A runner that is older than its sources starts again, built from them.

use std::env;
use std::path::Path;
use std::process::Command;

use crate::build::old_times;
use crate::command;
use crate::error::{Error, Exit};
use crate::workspace::Workspace;

/// Makes cargo build every package again whose sources changed and have old times. If this runner is
/// among them, cargo builds it and runs it in the place of this one. Returns how that run ended.
pub fn if_outdated(workspace: &Workspace) -> Result<Option<Exit>, Error> {
    // Without the comparison, times decide.
    let is_outdated = old_times::refresh(workspace, &workspace.target_dir()).unwrap_or(false);
    if !is_outdated || !is_run_by_cargo(workspace) {
        return Ok(None);
    }
    eprintln!("The sources of `cargo lab` have changed, so cargo builds it again.");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut again = Command::new(cargo);
    again.args(["run", "--package", "lab", "--"]).args(env::args_os().skip(1));
    command::strip_cargo_variables(&mut again);
    let status = again.status().map_err(|error| Error::failed("cannot run cargo", error))?;
    Ok(Some(Exit::of_status(status)))
}

/// Whether `cargo run` started this program in this workspace.
fn is_run_by_cargo(workspace: &Workspace) -> bool {
    let ours = workspace.root.join("scripts/lab");
    let package = env::var_os("CARGO_MANIFEST_DIR");
    package.is_some_and(|package| Path::new(&package).canonicalize().is_ok_and(|path| path == ours))
}
