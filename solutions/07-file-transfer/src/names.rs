//! Step requests: what a client may name.
//!
//! ```text
//!   "docs/notes.txt"  ─▶ Name::parse ─▶ Root::resolve ─▶ Root::open_file
//!   what a stranger      plain parts    links followed,   a regular file,
//!   has typed            and no more    still in the root  open
//! ```

use crate::given::errors::RequestError;
use common::net::reason;
use std::ffi::OsStr;
use std::fmt;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

/// What the name of an upload under way begins with. It is no file yet: nobody can name it, and
/// the list does not show it.
pub const UPLOAD_PREFIX: &str = ".lab07-upload-";

/// The name of a file in the shared folder: plain parts, divided by `/`.
///
/// That it looks well does not mean that it exists, nor that no link leads out of the folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Name(String);

impl Name {
    /// Takes `text` as a name.
    ///
    /// # Contract
    ///
    /// * Each part between two `/` is a plain file name: not empty, not `.` or `..`. So absolute
    ///   names, `a//b` and `a/` are no names. `...`, `..a` and `a b` are plain.
    /// * No backslash: it divides parts on some systems. No control character, NUL among them.
    /// * No part begins with [`UPLOAD_PREFIX`], in upper or lower case.
    ///
    /// # Errors
    ///
    /// What is wrong with it, for our log (or for the user, when it is our own client's).
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

    /// All but its last part; empty when there is only one. (Given.)
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
    // std knows what this system takes for a name: "", "." and ".." are none, nor is C: on Windows.
    let mut components = Path::new(part).components();
    let normal = components.next() == Some(Component::Normal(OsStr::new(part)));
    normal && !part.to_ascii_lowercase().starts_with(UPLOAD_PREFIX)
}

/// The shared folder, by its canonical path: no links in it.
#[derive(Debug)]
pub struct Root(PathBuf);

impl Root {
    /// Takes `folder` as the shared folder.
    ///
    /// # Contract
    ///
    /// * It may be given by a relative path, and through links.
    ///
    /// # Errors
    ///
    /// When it does not exist, or is no folder (`NotADirectory`).
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

    /// Where in the file system `relative` is (a name, or the folder of one).
    ///
    /// # Contract
    ///
    /// * The canonical path of something that exists and is inside of the shared folder, when all
    ///   links on the way have been followed.
    ///
    /// # Errors
    ///
    /// `NotFound` and others when it cannot be reached; `PermissionDenied` when it is outside.
    pub fn resolve(&self, relative: &str) -> io::Result<PathBuf> {
        // The kernel follows links wherever they lead. Only of the path at the end of them all
        // can be said where it is.
        let path = self.0.join(relative).canonicalize()?;
        // By whole components: /srv/shared-secrets is not inside of /srv/shared.
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
    /// * A regular file inside of the shared folder, reached through links or not. Nothing else
    ///   is even opened: to open a FIFO means to wait for its writer, perhaps for ever.
    ///
    /// # Errors
    ///
    /// [`RequestError::no_such_file`], whatever the reason.
    pub fn open_file(&self, name: &Name) -> Result<File, RequestError> {
        let refused =
            |error: io::Error| RequestError::no_such_file(name.as_str(), &reason_of(&error));
        let path = self.resolve(name.as_str()).map_err(refused)?;
        if !fs::metadata(&path).map_err(refused)?.is_file() {
            return Err(RequestError::no_such_file(name.as_str(), "not a regular file"));
        }
        // Between the check and this, somebody with an account on this machine could put
        // something else there; no client can. Linux closes that gap with openat2(2).
        File::open(&path).map_err(refused)
    }
}

/// Our own words, or the system's.
fn reason_of(error: &io::Error) -> String {
    error.get_ref().map_or_else(|| reason(error), ToString::to_string)
}
