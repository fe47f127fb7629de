//! `--with NAME.patch`: the model answer with a change, such as a mistake of `solutions/NN/mistakes`.

use std::path::{Path, PathBuf};

use lab::command;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::git;
use lab::workspace::Workspace;

use crate::workspace_copy;

/// Makes the changed copy of the model answer to `lab`. Returns its folder. The next call replaces
/// it.
pub fn make(workspace: &Workspace, lab: &Lab, patch: &Path) -> Result<PathBuf, Error> {
    let original = lab.solution_path(workspace);
    if !original.is_dir() {
        let what = format!("cannot apply {}", patch.display());
        return Err(Error::usage(what, "it changes the model answer, which is not in this copy"));
    }
    let root = workspace_copy::make(workspace, &[original])?;
    let copy = root.join("solutions").join(lab.folder());
    apply(&copy, &root, patch)?;
    Ok(copy)
}

fn apply(copy: &Path, root: &Path, patch: &Path) -> Result<(), Error> {
    let mut git = git::command(copy);
    // The copy is inside a repository that ignores it. Patches concern this folder only.
    git.env("GIT_CEILING_DIRECTORIES", root).arg("apply").arg(patch);
    let output = command::output(&mut git)?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(Error::failed(format!("cannot apply {}", patch.display()), said.trim()))
}
