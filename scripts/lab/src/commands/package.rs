//! Commands that are packages of their own: `cargo lab verify` starts the program `verify`. So a
//! student's `cargo lab` compiles neither those programs nor the crates that they need.

use std::env;
use std::process::Stdio;

use process_tree::signal;

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
    let failed = |error| Error::failed("cannot run cargo", error);
    let mut child = command.spawn().map_err(failed)?;
    // On a terminal, Ctrl-C reaches the program, too. It has processes to end and perhaps a terminal
    // to restore. The shell must not take the terminal back before that.
    let pid = child.id();
    let _ = ctrlc::set_handler(move || {
        signal::terminate(pid);
    });
    Ok(Exit::of_status(child.wait().map_err(failed)?))
}
