//! The files of the class, and those that all students have.

use std::fs;
use std::path::{Path, PathBuf};

use lab::course::kept_stub;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::workspace::Workspace;
use terminal::harmless;

use crate::answer::Answer;
use crate::fingerprints::Base;

/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 20;

/// The stub and the given files of `lab`, also if the workspace holds an answer.
///
/// # Errors
///
/// The workspace holds an answer, and git has no stub.
pub fn base_of(workspace: &Workspace, lab: &Lab) -> Result<Base, Error> {
    let mut sources = kept_stub::current(workspace, lab)?;
    sources.retain(|file| file.path.ends_with(".rs"));
    let texts: Vec<String> = sources
        .into_iter()
        .map(|file| String::from_utf8_lossy(&file.content).into_owned())
        .collect();
    Ok(Base::new(texts.iter().map(String::as_str)))
}

/// The answers in `folder`, where each student has a folder.
pub fn answers(folder: &Path, lab: &Lab, base: &Base) -> Result<Vec<Answer>, Error> {
    let cannot =
        |error| Error::usage(format!("cannot read {}", folder.display()), format!("{error}"));
    let entries = fs::read_dir(folder).map_err(cannot)?;
    let mut folders: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    folders.retain(|path| path.is_dir() && !path.is_symlink());
    folders.sort();
    let answers = folders.iter().map(|folder| {
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        Answer::new(&harmless(&name), sources(folder, lab), base)
    });
    let answers: Vec<Answer> = answers.filter(|answer| !answer.is_empty()).collect();
    match answers.len() {
        0 | 1 => Err(Error::usage(
            format!("there are no two submissions in {}", folder.display()),
            format!("a folder for each student is needed, with files of lab {}", lab.folder()),
        )),
        _ => Ok(answers),
    }
}

/// The files of the lab that a student edits, wherever they are in `folder`. Of two files with the same
/// name, that in the lab's own `src` counts, or else the first one.
fn sources(folder: &Path, lab: &Lab) -> Vec<(String, String)> {
    let all = regular_files(folder);
    let wanted = lab.steps().iter().flat_map(|step| &step.files);
    let mut found: Vec<(String, String)> = Vec::new();
    for name in wanted {
        if found.iter().any(|(known, _)| known == name) {
            continue;
        }
        let own = Path::new(&lab.folder()).join("src").join(name);
        let is_own = |path: &&PathBuf| path.ends_with(&own);
        let path = all.iter().find(is_own).or_else(|| all.iter().find(|path| path.ends_with(name)));
        let bytes = path.and_then(|path| fs::read(path).ok());
        found.extend(
            bytes.map(|bytes| (name.clone(), String::from_utf8_lossy(&bytes).into_owned())),
        );
    }
    found
}

/// All files in `folder` that are no links and not too large.
fn regular_files(folder: &Path) -> Vec<PathBuf> {
    let mut paths = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(it) if it.is_dir() => folders.push(entry.path()),
                Ok(it) if it.is_file() && it.len() <= LARGEST => paths.push(entry.path()),
                _ => (),
            }
        }
    }
    paths.sort();
    paths
}
