//! Reading all parts of a submission.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::archive::Kind;
use super::git::Commit;
use super::tree::{Archive, Reading, Refusal, Tree};
use super::{Part, Submission, folder, git, tar, zip};

/// The largest archive that is opened, in bytes.
const MAX_ARCHIVE: u64 = 256 * 1024 * 1024;

/// The most archives in one folder.
const MAX_ARCHIVES: usize = 8;

/// The files of a submission, and their commit, if it is a clone.
pub struct Content {
    /// The files.
    pub tree: Tree,
    /// The commit.
    pub commit: Option<Commit>,
}

/// Reads `submission`.
///
/// # Errors
///
/// It cannot be read, because of what it is or because of the machine.
pub fn read(submission: &Submission, reading: Reading<'_>) -> Result<Content, Refusal> {
    let mut content = Content { tree: Tree::default(), commit: None };
    for part in &submission.parts {
        read_part(part, reading, &mut content)?;
    }
    Ok(content)
}

fn read_part(part: &Part, reading: Reading<'_>, content: &mut Content) -> Result<(), Refusal> {
    let metadata = fs::symlink_metadata(&part.path)?;
    if metadata.is_dir() && part.path.join(".git").exists() {
        content.commit = Some(git::read(&part.path, reading, &mut content.tree)?);
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
        return Err(format!("It has more than {MAX_ARCHIVES} archives.").into());
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
    let archive = File::open(file)?;
    if archive.metadata()?.len() > MAX_ARCHIVE {
        return Err(format!("Its archive is larger than {} MiB.", MAX_ARCHIVE >> 20).into());
    }
    let tree = &mut content.tree;
    match kind {
        Kind::Zip => zip::read(archive, prefix, reading.filter, tree),
        Kind::TarGz => tar::read_gz(archive.take(MAX_ARCHIVE), prefix, reading.filter, tree),
        Kind::Tar => tar::read(archive, prefix, reading.filter, tree),
    }
}
