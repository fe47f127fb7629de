//! The folder that a server of files serves, with one file.

use std::fs;
use std::io;

use lab::temporary;
use tempfile::TempDir;

/// A folder with one file. It is removed when this is dropped.
pub struct ServedFile {
    folder: TempDir,
}

impl ServedFile {
    /// A folder with the file `name`.
    pub fn new(name: &str, content: impl AsRef<[u8]>) -> io::Result<ServedFile> {
        let folder = temporary::folder()?;
        fs::write(folder.path().join(name), content)?;
        Ok(ServedFile { folder })
    }

    /// The arguments of a server.
    pub fn arguments(&self) -> Vec<String> {
        vec!["--root".to_owned(), self.folder.path().to_string_lossy().into_owned()]
    }
}
