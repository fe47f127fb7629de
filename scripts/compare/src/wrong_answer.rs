//! `--with NAME.patch`: the model answer with a change, such as a mistake of `solutions/NN/mistakes`.
//!
//! A copy of the workspace in `target/compare/workspace` is changed and built. The patches share its
//! target folder, so other authors' crates are built once.

use std::fs;
use std::path::{Path, PathBuf};

use lab::command;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::files;
use lab::git;
use lab::workspace::Workspace;

/// What the copy needs besides the solution and the packages in `scripts`, so that cargo accepts it
/// as a workspace.
const SHARED: [&str; 4] = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "common"];

/// Makes the changed copy of the model answer to `lab`. Returns its folder. The next call replaces
/// it.
pub fn make(workspace: &Workspace, lab: &Lab, patch: &Path) -> Result<PathBuf, Error> {
    let original = lab.solution_path(workspace);
    if !original.is_dir() {
        let what = format!("cannot apply {}", patch.display());
        return Err(Error::usage(what, "it changes the model answer, which is not in this copy"));
    }
    let root = workspace.root.join("target/compare/workspace");
    let copy = root.join("solutions").join(lab.folder());
    let mut sources: Vec<PathBuf> = SHARED.iter().map(|name| workspace.root.join(name)).collect();
    sources.extend(packages_in(&workspace.root.join("scripts")));
    sources.push(original);
    for from in sources {
        let to = root.join(files::relative(&from, &workspace.root));
        let copied =
            if from.is_dir() { files::mirror(&from, &to) } else { files::mirror_file(&from, &to) };
        copied.map_err(|error| Error::failed(format!("cannot copy {}", from.display()), error))?;
    }
    apply(&copy, &root, patch)?;
    Ok(copy)
}

/// The folders with a `Cargo.toml` in `folder`.
fn packages_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.join("Cargo.toml").is_file())
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
