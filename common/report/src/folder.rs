//! A folder of a test, as it was when the test started its program.
//!
//! A test removes its folder at its end. A program that repeats the conversation makes it again.

use serde::{Deserialize, Serialize};
use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

/// A folder with all its files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folder {
    /// Where it was.
    pub path: PathBuf,
    /// What was in it, each folder before its files. `None`: it had links, or more bytes than there was
    /// room for.
    pub entries: Option<Vec<Entry>>,
}

/// A file or a folder in a [`Folder`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Relative to the folder.
    pub path: PathBuf,
    /// The content of a file. `None`: it is a folder.
    #[serde(with = "crate::hex::option", default, skip_serializing_if = "Option::is_none")]
    pub content: Option<Vec<u8>>,
}

impl Folder {
    /// The folder at `path`, if its files have at most `room` bytes.
    pub fn read(path: &Path, mut room: usize) -> Folder {
        let mut entries = Vec::new();
        let is_whole = read_into(&mut entries, path, path, &mut room).is_some();
        Folder { path: path.to_owned(), entries: is_whole.then_some(entries) }
    }

    /// Makes it again at `path`, an empty folder.
    ///
    /// # Errors
    ///
    /// It cannot be written, or it has an entry that would be elsewhere.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        for entry in self.entries.iter().flatten() {
            let is_inside = |part: Component<'_>| matches!(part, Component::Normal(_));
            if !entry.path.components().all(is_inside) {
                let error = format!("{} is outside of the folder", entry.path.display());
                return Err(io::Error::new(io::ErrorKind::InvalidData, error));
            }
            match &entry.content {
                Some(content) => fs::write(path.join(&entry.path), content)?,
                None => fs::create_dir(path.join(&entry.path))?,
            }
        }
        Ok(())
    }
}

/// `None`: `folder` cannot be read, has a link or another special file, or has more than `room` bytes.
fn read_into(entries: &mut Vec<Entry>, top: &Path, folder: &Path, room: &mut usize) -> Option<()> {
    for entry in fs::read_dir(folder).ok()? {
        let entry = entry.ok()?;
        let (path, kind) = (entry.path(), entry.file_type().ok()?);
        let relative = path.strip_prefix(top).ok()?.to_owned();
        // A name that is no text is not valid in JSON.
        relative.to_str()?;
        if kind.is_dir() {
            entries.push(Entry { path: relative, content: None });
            read_into(entries, top, &path, room)?;
        } else if kind.is_file() {
            let size = usize::try_from(entry.metadata().ok()?.len()).ok()?;
            *room = room.checked_sub(size)?;
            entries.push(Entry { path: relative, content: Some(fs::read(&path).ok()?) });
        } else {
            return None;
        }
    }
    Some(())
}
