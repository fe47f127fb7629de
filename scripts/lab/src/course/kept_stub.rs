//! A copy of a lab's stub, for a folder without git, as a downloaded ZIP archive gives it.
//!
//! ```text
//! labs/01-echo/src  ── first `cargo lab`, when it is still the stub ──▶  .lab/stub/01-echo/src
//! ```

use std::fs;
use std::path::PathBuf;

use crate::course::labs::Lab;
use crate::course::stub_history::{self, StubFile};
use crate::error::Error;
use crate::files;
use crate::workspace::Workspace;

/// Keeps the stub of `lab`, unless git has it or a copy exists already. A repository around the
/// workspace need not have it.
pub fn keep(workspace: &Workspace, lab: &Lab) {
    let has_git = workspace.root.join(".git").exists();
    if has_git || folder(workspace, lab).exists() || !is_stub(lab) {
        return;
    }
    // Beside its place first, so that a copy that exists is whole.
    let place = folder(workspace, lab);
    let part = place.with_extension("part");
    let copied = files::copy_files(&lab.src(), &part.join("src"));
    // Without the copy, `reset` says what to do.
    let _ = copied.and_then(|()| fs::rename(&part, &place));
}

/// The files of the kept stub. `None` if there is none.
pub fn read(workspace: &Workspace, lab: &Lab) -> Option<Vec<StubFile>> {
    let folder = folder(workspace, lab);
    let file = |path: PathBuf| {
        let content = fs::read(&path).ok()?;
        Some(StubFile { path: files::relative(&path, &folder), content })
    };
    let stub: Vec<StubFile> =
        files::files_under(&folder).into_iter().map(file).collect::<Option<_>>()?;
    (!stub.is_empty()).then_some(stub)
}

/// The files of the stub: what git's history has, or else the kept copy.
///
/// # Errors
///
/// Neither has it.
pub fn find(workspace: &Workspace, lab: &Lab) -> Result<Vec<StubFile>, Error> {
    stub_history::stub(lab).or_else(|error| read(workspace, lab).ok_or(error))
}

/// The stub of `lab`: the workspace's own files, if they are still the stub.
///
/// # Errors
///
/// The workspace holds an answer, and git has no stub.
pub fn current(workspace: &Workspace, lab: &Lab) -> Result<Vec<StubFile>, Error> {
    if !is_stub(lab) {
        return find(workspace, lab);
    }
    let read = |path: PathBuf| {
        let content = fs::read(&path)
            .map_err(|error| Error::failed(format!("cannot read {}", path.display()), error))?;
        Ok(StubFile { path: files::relative(&path, &lab.path), content })
    };
    files::rust_files(&lab.src()).into_iter().map(read).collect()
}

/// Whether all functions of `lab` are unwritten.
fn is_stub(lab: &Lab) -> bool {
    lab.unwritten() == lab.manifest.functions()
}

fn folder(workspace: &Workspace, lab: &Lab) -> PathBuf {
    workspace.state_dir().join("stub").join(lab.folder())
}
