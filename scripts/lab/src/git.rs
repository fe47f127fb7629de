//! Calling git.

use std::path::Path;
use std::process::Command;

use crate::command::output;
use crate::error::Error;

/// Runs git in `folder` and returns its output; the error holds git's own message.
pub fn run(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Error> {
    let output = output(command(folder).args(arguments))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let what = format!("git {} failed", arguments.first().unwrap_or(&""));
    Err(Error::failed(what, said.trim()))
}

/// A call of git in `folder`. Variables that a surrounding git hook has set do not reach it.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    // The messages of git are read by programs of ours, too.
    command.current_dir(folder).env("LC_ALL", "C");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
}

/// The same without the settings of the user, who may want each commit signed, or checked by a hook.
/// Tests make their repositories so.
pub fn command_without_settings(folder: &Path) -> Command {
    let mut command = command(folder);
    command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
    command
}
