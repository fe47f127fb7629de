//! Names of files in a shared folder, for strangers.
//!
//! Other labs call it instead of writing it again (lab 07).
//!
//! ```text
//!   "docs/notes.txt"  ─▶ Name::parse ─▶ Root::resolve ─▶ Root::open_file
//!   untrusted input      plain parts    links followed,   a regular file,
//!                        only           still in the root  open
//! ```

use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// The name of a file in the shared folder: plain parts, divided by `/`.
///
/// Only its text was checked. The file may not exist, and a link may lead out of the folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(String);

impl Name {
    /// Checks that `text` is a name.
    ///
    /// Each part between two `/` is a plain file name, so it is not empty, `.` or `..`. There is no
    /// backslash, which divides parts on some systems, and no control character.
    ///
    /// # Errors
    ///
    /// The reason, for a log.
    pub fn parse(text: &str) -> Result<Name, &'static str> {
        if text.chars().any(|character| character == '\\' || character.is_control()) {
            return Err("a backslash or a control character");
        }
        match text.split('/').all(is_plain) {
            true => Ok(Name(text.to_owned())),
            false => Err("not a plain relative name"),
        }
    }

    /// Its last part.
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// The whole name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

fn is_plain(part: &str) -> bool {
    // std knows the names of this system. "", ".", ".." and, on Windows, "C:" are not normal.
    let mut components = Path::new(part).components();
    components.next() == Some(Component::Normal(OsStr::new(part)))
}

/// The canonical path of the shared folder, without links in it.
#[derive(Debug)]
pub struct Root(PathBuf);

impl Root {
    /// Opens `folder` as the shared folder.
    ///
    /// # Errors
    ///
    /// When it does not exist, or is not a folder (`NotADirectory`).
    pub fn open(folder: &Path) -> io::Result<Root> {
        let path = folder.canonicalize()?;
        match path.is_dir() {
            true => Ok(Root(path)),
            false => Err(ErrorKind::NotADirectory.into()),
        }
    }

    /// The place of `name` in the file system, with all links followed. It exists and is inside the
    /// shared folder.
    ///
    /// # Errors
    ///
    /// `NotFound` and others when it cannot be reached. `PermissionDenied` when it is outside.
    pub fn resolve(&self, name: &Name) -> io::Result<PathBuf> {
        // The kernel follows links to any place. Only the path behind all links is that place.
        let path = self.0.join(name.as_str()).canonicalize()?;
        // It compares whole components. /srv/shared-secrets is not inside /srv/shared.
        match path.starts_with(&self.0) {
            true => Ok(path),
            false => Err(ErrorKind::PermissionDenied.into()),
        }
    }

    /// Opens the regular file `name` for reading. It opens nothing else, because opening a FIFO waits
    /// for its writer, perhaps for ever.
    ///
    /// # Errors
    ///
    /// As [`Root::resolve`]. `InvalidInput` for what is no regular file.
    pub fn open_file(&self, name: &Name) -> io::Result<File> {
        let path = self.resolve(name)?;
        match fs::metadata(&path)?.is_file() {
            true => File::open(&path),
            false => Err(ErrorKind::InvalidInput.into()),
        }
    }
}
