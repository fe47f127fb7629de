//! A copy of the workspace in `target/compare/workspace`, in which changed answers are built.
//!
//! All of them share its target folder, so other authors' crates are built once.

use std::fs;
use std::path::{Path, PathBuf};

use lab::error::Error;
use lab::files;
use lab::workspace::Workspace;

/// What the copy needs besides the packages in `scripts`, so that cargo accepts it as a workspace.
const SHARED: [&str; 4] = ["Cargo.toml", "Cargo.lock", "rust-toolchain.toml", "common"];

/// Makes the copy equal to the workspace, with `parts` of it besides what each copy has. Returns its
/// root.
pub fn make(workspace: &Workspace, parts: &[PathBuf]) -> Result<PathBuf, Error> {
    let root = workspace.root.join("target/compare/workspace");
    let mut sources: Vec<PathBuf> = SHARED.iter().map(|name| workspace.root.join(name)).collect();
    sources.extend(packages_in(&workspace.root.join("scripts")));
    sources.extend_from_slice(parts);
    for from in sources {
        let to = root.join(files::relative(&from, &workspace.root));
        let copied =
            if from.is_dir() { files::mirror(&from, &to) } else { files::mirror_file(&from, &to) };
        copied.map_err(|error| Error::failed(format!("cannot copy {}", from.display()), error))?;
    }
    Ok(root)
}

/// The folders with a `Cargo.toml` in `folder`.
fn packages_in(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).filter(|path| path.join("Cargo.toml").is_file())
}
