//! A submission in a folder.

use std::fs::{self, File, Metadata};
use std::io::{self, Read};
use std::path::Path;

use lab::course::answer::WITHOUT_SOURCES;

use super::archive::Kind;
use super::path;
use super::tree::{Archive, Filter, MAX_FILE, NOT_OF_LAB, Refusal, TOO_LARGE, Tree};

/// The deepest folder that is read.
const MAX_DEPTH: usize = 16;

/// Adds the files under `folder` to `tree`. `prefix` is its path in the submission. Links are not
/// followed, and no pipe or device is opened.
pub fn read(
    folder: &Path,
    prefix: &str,
    filter: Filter<'_>,
    tree: &mut Tree,
) -> Result<(), Refusal> {
    read_to_depth(folder, prefix, filter, tree, 0)
}

fn read_to_depth(
    folder: &Path,
    prefix: &str,
    filter: Filter<'_>,
    tree: &mut Tree,
    depth: usize,
) -> Result<(), Refusal> {
    let mut entries: Vec<fs::DirEntry> = fs::read_dir(folder)?.collect::<io::Result<_>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        tree.count()?;
        let full_name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let metadata = fs::symlink_metadata(entry.path())?;
        if !metadata.is_dir() {
            read_file(&entry.path(), &metadata, filter, tree, full_name)?;
        } else if WITHOUT_SOURCES.iter().any(|name| entry.file_name() == *name) {
            tree.leave_out(full_name.as_bytes(), "a folder without sources");
        } else if depth == MAX_DEPTH {
            tree.leave_out(full_name.as_bytes(), "it is too deep in folders");
        } else {
            read_to_depth(&entry.path(), &format!("{full_name}/"), filter, tree, depth + 1)?;
        }
    }
    Ok(())
}

/// Adds one file, `name` in the submission.
pub fn read_file(
    file: &Path,
    metadata: &Metadata,
    filter: Filter<'_>,
    tree: &mut Tree,
    name: String,
) -> Result<(), Refusal> {
    let reason = match path::safe(name.as_bytes()) {
        _ if metadata.is_symlink() => Some("it is a link"),
        _ if !metadata.is_file() => Some("it is no regular file"),
        Err(reason) => Some(reason),
        Ok(name) if Kind::of(&name).is_some() => {
            tree.archives.push(Archive { path: file.to_owned(), name });
            return Ok(());
        }
        Ok(path) if !filter.wants(&path) => Some(NOT_OF_LAB),
        Ok(_) if metadata.len() > MAX_FILE => Some(TOO_LARGE),
        Ok(path) => return tree.add(path, content(file)?),
    };
    if let Some(reason) = reason {
        tree.leave_out(name.as_bytes(), reason);
    }
    Ok(())
}

/// The content of a file, or the beginning of one that is too long.
pub(super) fn content(file: &Path) -> io::Result<Vec<u8>> {
    let mut content = Vec::new();
    File::open(file)?.take(MAX_FILE).read_to_end(&mut content)?;
    Ok(content)
}
