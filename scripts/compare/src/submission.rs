//! `--with FOLDER` with nothing but the files that a student hands in, as `cargo lab grade` takes them.
//! They are laid over a copy of the stub.

use std::collections::BTreeMap;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use lab::course::answer::{self, WITHOUT_SOURCES};
use lab::course::kept_stub;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::files;
use lab::temporary;
use lab::workspace::Workspace;

use crate::workspace_copy;

/// The files of an answer, by their names relative to `src`.
pub type Files = BTreeMap<String, PathBuf>;

/// The files in `folder` that are an answer to `lab`.
///
/// # Errors
///
/// What is missing in the folder.
pub fn find(lab: &Lab, folder: &Path) -> Result<Files, Error> {
    let what = || format!("cannot take an answer from {}", folder.display());
    let mut all = Vec::new();
    list(folder, &mut all).map_err(|error| Error::usage(what(), error.to_string()))?;
    let path = |file: &PathBuf| files::relative(file, folder);
    let paths: Vec<String> = all.iter().map(path).collect();
    let best = answer::folder(lab, paths.iter().map(String::as_str))
        .map_err(|why| Error::usage(what(), format!("it has {why}")))?;
    let names = answer::file_names(lab);
    let named =
        |(path, file): (String, PathBuf)| Some((path.strip_prefix(&*best)?.to_owned(), file));
    let found = paths.into_iter().zip(all).filter_map(named);
    Ok(found.filter(|(name, _)| names.contains(name)).collect())
}

/// Adds the regular files under `folder` to `found`. Links are not followed.
fn list(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    let is_skipped =
        |entry: &DirEntry| WITHOUT_SOURCES.iter().any(|name| entry.file_name() == *name);
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let kind = entry.file_type()?;
        if kind.is_file() {
            found.push(entry.path());
        } else if kind.is_dir() && !is_skipped(&entry) {
            list(&entry.path(), found)?;
        }
    }
    Ok(())
}

/// Makes a copy of the stub of `lab` with `answer` in it. Returns its folder. The next call replaces it.
pub fn make(workspace: &Workspace, lab: &Lab, answer: &Files) -> Result<PathBuf, Error> {
    let stub = kept_stub::current(workspace, lab)?;
    // Cargo wants the files of each target that the manifest names.
    let parts = ["Cargo.toml", "tests"].map(|name| lab.path.join(name));
    let copy = workspace_copy::make(workspace, &parts)?.join("labs").join(lab.folder());
    let lay = || -> io::Result<()> {
        // Aside first, so that equal files keep their times, by which cargo decides what to build.
        let aside = temporary::folder()?;
        for file in &stub {
            files::write_whole(&aside.path().join(&file.path), &file.content)?;
        }
        let src = aside.path().join("src");
        for (name, file) in answer {
            files::write_whole(&src.join(name), &fs::read(file)?)?;
        }
        files::mirror(&src, &copy.join("src"))
    };
    lay().map_err(|error| Error::failed(format!("cannot write {}", copy.display()), error))?;
    Ok(copy)
}
