//! Reading all parts of a submission.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use ledger::Timestamp;

use super::tree::{Archive, Filter, Refusal, Tree};
use super::{Part, Submission, folder, git, tar, zip};
use crate::sandbox::Sandbox;

/// The largest archive that is opened, in bytes.
const MAX_ARCHIVE: u64 = 256 * 1024 * 1024;

/// The most archives in one folder.
const MAX_ARCHIVES: usize = 8;

/// What a submission is read with.
#[derive(Clone, Copy)]
pub struct Reading<'run> {
    /// Which files are read.
    pub filter: Filter<'run>,
    /// Where git runs.
    pub sandbox: Sandbox,
    /// The last moment that counts, for clones.
    pub deadline: Option<Timestamp>,
}

/// The files of a submission, and when it was committed, if it is a clone.
pub struct Content {
    /// The files.
    pub tree: Tree,
    /// The time of the commit.
    pub committed: Option<Timestamp>,
}

/// Reads `submission`.
///
/// # Errors
///
/// It cannot be read: why, as a sentence.
pub fn read(submission: &Submission, reading: Reading<'_>) -> Result<Content, Refusal> {
    let mut content = Content { tree: Tree::default(), committed: None };
    for part in &submission.parts {
        read_part(part, reading, &mut content)?;
    }
    Ok(content)
}

/// Whether `name` is that of an archive.
pub fn is_archive(name: &str) -> bool {
    Kind::of(name).is_some()
}

/// `name` without the ending of an archive.
pub fn without_ending(name: &str) -> &str {
    let lower = name.to_ascii_lowercase();
    let ending = ENDINGS.iter().find(|(ending, _)| lower.ends_with(ending));
    ending.map_or(name, |(ending, _)| &name[..name.len() - ending.len()])
}

#[derive(Clone, Copy)]
enum Kind {
    Zip,
    TarGz,
    Tar,
}

const ENDINGS: [(&str, Kind); 4] =
    [(".zip", Kind::Zip), (".tar.gz", Kind::TarGz), (".tgz", Kind::TarGz), (".tar", Kind::Tar)];

impl Kind {
    fn of(name: &str) -> Option<Kind> {
        let name = name.to_ascii_lowercase();
        ENDINGS.iter().find(|(ending, _)| name.ends_with(ending)).map(|(_, kind)| *kind)
    }
}

fn read_part(part: &Part, reading: Reading<'_>, content: &mut Content) -> Result<(), Refusal> {
    let metadata = fs::symlink_metadata(&part.path).map_err(|error| error.to_string())?;
    if metadata.is_dir() && part.path.join(".git").exists() {
        content.committed = Some(git::read(&part.path, reading, &mut content.tree)?);
        return Ok(());
    }
    if metadata.is_dir() {
        folder::read(&part.path, "", reading.filter, &mut content.tree)?;
        return read_archives(reading, content);
    }
    match Kind::of(&part.name).filter(|_| metadata.is_file()) {
        Some(kind) => read_archive(&part.path, kind, "", reading, content),
        None => {
            let name = part.name.clone();
            folder::read_file(&part.path, &metadata, reading.filter, &mut content.tree, name)
        }
    }
}

/// The archives that a folder holds, as Moodle keeps an uploaded archive in a folder.
fn read_archives(reading: Reading<'_>, content: &mut Content) -> Result<(), Refusal> {
    let archives = std::mem::take(&mut content.tree.archives);
    if archives.len() > MAX_ARCHIVES {
        return Err(format!("It has more than {MAX_ARCHIVES} archives."));
    }
    for Archive { path, name } in archives {
        if let Some(kind) = Kind::of(&name) {
            let prefix = name.rsplit_once('/').map_or("", |(folder, _)| folder);
            let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
            read_archive(&path, kind, &prefix, reading, content)?;
        }
    }
    Ok(())
}

fn read_archive(
    file: &Path,
    kind: Kind,
    prefix: &str,
    reading: Reading<'_>,
    content: &mut Content,
) -> Result<(), Refusal> {
    let archive = File::open(file).map_err(|error| format!("It cannot be read ({error})."))?;
    if archive.metadata().is_ok_and(|metadata| metadata.len() > MAX_ARCHIVE) {
        return Err(format!("Its archive is larger than {} MiB.", MAX_ARCHIVE >> 20));
    }
    let tree = &mut content.tree;
    match kind {
        Kind::Zip => zip::read(archive, prefix, reading.filter, tree),
        Kind::TarGz => tar::read_gz(archive.take(MAX_ARCHIVE), prefix, reading.filter, tree),
        Kind::Tar => tar::read(archive, prefix, reading.filter, tree),
    }
}
