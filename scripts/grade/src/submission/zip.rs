//! A submission in a ZIP archive.

use std::io::{Read, Seek};

use zip::ZipArchive;
use zip::read::ZipFileEntry;

use super::path;
use super::tree::{Filter, MAX_FILE, MAX_FILES, NOT_OF_LAB, Refusal, TOO_LARGE, Tree};

/// Adds the files of the archive that `reader` holds. `prefix` is its path in the submission.
pub fn read(
    reader: impl Read + Seek,
    prefix: &str,
    filter: Filter<'_>,
    tree: &mut Tree,
) -> Result<(), Refusal> {
    let mut archive = ZipArchive::new(reader).map_err(broken)?;
    if archive.has_duplicate_names() {
        // One program unpacks the first of them, and another one the last.
        return Err("Two files of its archive have the same name.".into());
    }
    if archive.len() > MAX_FILES {
        return Err(format!("Its archive has more than {MAX_FILES} files.").into());
    }
    for index in 0..archive.len() {
        tree.count()?;
        let entry = archive.by_index_data(index).map_err(broken)?;
        let name = [prefix.as_bytes(), entry.name_raw()].concat();
        if entry.is_dir() {
            continue;
        }
        match wanted(&entry, &name, filter) {
            Err(reason) => tree.leave_out(&name, reason),
            Ok(path) => match content(&mut archive, index) {
                Ok(content) => tree.add(path, content)?,
                Err(_) => return Err(format!("The file {path} of its archive is broken.").into()),
            },
        }
    }
    Ok(())
}

/// The path of an entry that is read, or why it is left out.
fn wanted(
    entry: &ZipFileEntry<'_>,
    name: &[u8],
    filter: Filter<'_>,
) -> Result<String, &'static str> {
    if entry.is_symlink() {
        return Err("it is a link");
    }
    let path = path::safe(name)?;
    match () {
        () if !filter.wants(&path) => Err(NOT_OF_LAB),
        () if entry.encrypted() => Err("it is encrypted"),
        () if entry.size() > MAX_FILE => Err(TOO_LARGE),
        () => Ok(path),
    }
}

/// The size in the archive's list may be a lie, so it limits nothing.
fn content<R: Read + Seek>(archive: &mut ZipArchive<R>, index: usize) -> std::io::Result<Vec<u8>> {
    let file = archive.by_index(index).map_err(std::io::Error::other)?;
    let mut content = Vec::new();
    file.take(MAX_FILE + 1).read_to_end(&mut content)?;
    match content.len() as u64 > MAX_FILE {
        true => Err(std::io::ErrorKind::FileTooLarge.into()),
        false => Ok(content),
    }
}

fn broken(error: impl std::fmt::Display) -> Refusal {
    format!("Its ZIP archive cannot be read ({error}).").into()
}
