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
    command.current_dir(folder);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
}
