//! Step requests: the names that a client may use.
//!
//! ```text
//!   "docs/notes.txt"  ─▶ Name::parse ─▶ Root::resolve ─▶ Root::open_file
//!   untrusted input      plain parts    links followed,   a regular file,
//!                        only           still in the root  open
//! ```

use crate::given::errors::RequestError;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

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
    /// # Steps
    ///
    /// 1. Refuse backslashes and control characters (`char::is_control`).
    /// 2. `split('/')`, and check each part with `std::path::Path::components`. A plain part has
    ///    one component, which is `Normal` and equal to the part.
    /// 3. Refuse a part that begins with [`UPLOAD_PREFIX`].
    ///
    /// # Errors
    ///
    /// The reason, for the server's log or for the user of our client.
    pub fn parse(text: &str) -> Result<Name, &'static str> {
        todo!("lab07, step requests: parse")
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
    /// # Steps
    ///
    /// 1. `canonicalize` makes the path absolute and follows all links.
    /// 2. `Path::is_dir` tells whether it is a folder.
    ///
    /// # Errors
    ///
    /// When it does not exist, or is not a folder (`NotADirectory`).
    pub fn open(folder: &Path) -> io::Result<Root> {
        todo!("lab07, step requests: open")
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
    /// # Steps
    ///
    /// 1. Join the two paths, and call `canonicalize`, which follows all links.
    /// 2. `Path::starts_with` compares whole components. `str::starts_with` does not.
    ///
    /// # Errors
    ///
    /// `NotFound` and others when it cannot be reached. `PermissionDenied` when it is outside.
    pub fn resolve(&self, relative: &str) -> io::Result<PathBuf> {
        todo!("lab07, step requests: resolve")
    }

    /// Opens the file `name` for reading.
    ///
    /// # Contract
    ///
    /// * Opens a regular file inside the shared folder, also through links. It opens nothing else,
    ///   because opening a FIFO waits for its writer, perhaps for ever.
    ///
    /// # Steps
    ///
    /// 1. Resolve the name.
    /// 2. `fs::metadata` tells whether it is a regular file. Open it after that.
    /// 3. Turn every error into [`RequestError::no_such_file`]. Its `why` is for the log.
    ///
    /// # Errors
    ///
    /// [`RequestError::no_such_file`], for every reason.
    pub fn open_file(&self, name: &Name) -> Result<File, RequestError> {
        todo!("lab07, step requests: open_file")
    }
}
