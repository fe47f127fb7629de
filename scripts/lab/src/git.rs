//! Calling git.

use std::path::Path;
use std::process::Command;

use crate::cargo;
use crate::trouble::Trouble;

/// Runs git in `folder` and returns what it prints; its own words when it fails.
pub fn run(folder: &Path, arguments: &[&str]) -> Result<Vec<u8>, Trouble> {
    let output = cargo::output(command(folder).args(arguments))?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let what = format!("git {} failed", arguments.first().unwrap_or(&""));
    Err(Trouble::failed(what, said.trim()))
}

/// A call of git in `folder`, whatever repository a surrounding hook has in hand.
pub fn command(folder: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(folder);
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"] {
        command.env_remove(name);
    }
    command
}
