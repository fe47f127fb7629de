//! Step requests: the names that a client may use.
//!
//! ```text
//!   "docs/notes.txt"  ─▶ Name::parse ─▶ Root::resolve ─▶ Root::open_file
//!   untrusted input      plain parts    links followed,   a regular file,
//!                        only           still in the root  open
//! ```

use crate::given::errors::RequestError;
use common::net::reason;
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// The prefix of a temporary file for an upload. No client can name such a file, and the list does
/// not show it.
pub const UPLOAD_PREFIX: &str = ".lab07-upload-";

/// The name of a file in the shared folder: plain parts, divided by `/`.
///
/// Only its text was checked. The file may not exist, and a link may lead out of the folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Checks that `text` is a name.
    ///
    /// # Contract
    ///
    /// * Each part between two `/` is a plain file name, so it is not empty, `.` or `..`. Absolute
    ///   names, `a//b` and `a/` are refused. `...`, `..a` and `a b` are plain. A name may be longer
    ///   than 255 bytes.
    /// * It has no backslash, which divides parts on some systems, and no control character.
    /// * No part begins with [`UPLOAD_PREFIX`], in upper or lower case.
    ///
    /// # Errors
    ///
    /// The reason, for the server's log or for the user of our client.
    pub fn parse(text: &str) -> Result<Name, &'static str> {
        if text.chars().any(|character| character == '\\' || character.is_control()) {
            return Err("a backslash or a control character");
        }
        match text.split('/').all(is_plain) {
            true => Ok(Name(text.to_owned())),
            false => Err("not a plain relative name"),
        }
    }

    /// Its last part. (Given.)
    pub fn file_name(&self) -> &str {
        self.0.rsplit('/').next().unwrap_or(&self.0)
    }

    /// All parts except the last. Empty when there is only one. (Given.)
    pub fn folder(&self) -> &str {
        self.0.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The whole name. (Given.)
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
    let normal = components.next() == Some(Component::Normal(OsStr::new(part)));
    normal && !part.to_ascii_lowercase().starts_with(UPLOAD_PREFIX)
}

/// The canonical path of the shared folder, without links in it.
#[derive(Debug)]
pub struct Root(PathBuf);

impl Root {
    /// Opens `folder` as the shared folder.
    ///
    /// # Contract
    ///
    /// * The path may be relative and may contain links.
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

    /// Its canonical path. (Given.)
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Finds the place of `relative` (a name, or the folder of one) in the file system.
    ///
    /// # Contract
    ///
    /// * Returns the canonical path, with all links followed. It exists and is inside the shared
    ///   folder.
    ///
    /// # Errors
    ///
    /// `NotFound` and others when it cannot be reached. `PermissionDenied` when it is outside.
    pub fn resolve(&self, relative: &str) -> io::Result<PathBuf> {
        // The kernel follows links to any place. Only the path behind all links is that place.
        let path = self.0.join(relative).canonicalize()?;
        // It compares whole components. /srv/shared-secrets is not inside /srv/shared.
        match path.starts_with(&self.0) {
            true => Ok(path),
            false => Err(io::Error::new(
                ErrorKind::PermissionDenied,
                "it leads out of the shared folder",
            )),
        }
    }

    /// Opens the file `name` for reading.
    ///
    /// # Contract
    ///
    /// * Opens a regular file inside the shared folder, also through links. It opens nothing else,
    ///   because opening a FIFO waits for its writer, perhaps for ever.
    ///
    /// # Errors
    ///
    /// [`RequestError::no_such_file`], for every reason.
    pub fn open_file(&self, name: &Name) -> Result<File, RequestError> {
        let refused =
            |error: io::Error| RequestError::no_such_file(name.as_str(), &reason_of(&error));
        let path = self.resolve(name.as_str()).map_err(refused)?;
        if !fs::metadata(&path).map_err(refused)?.is_file() {
            return Err(RequestError::no_such_file(name.as_str(), "not a regular file"));
        }
        // Between the check and this call, a user with an account on this machine could put a link
        // here. A client cannot. openat2(2) of Linux closes that gap.
        File::open(&path).map_err(refused)
    }
}

/// The reason in our own words, or in the system's.
fn reason_of(error: &io::Error) -> String {
    error.get_ref().map_or_else(|| reason(error), ToString::to_string)
}
