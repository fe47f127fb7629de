//! Step requests: what a client may name.
//!
//! ```text
//!   "docs/notes.txt"  ─▶ Name::parse ─▶ Root::resolve ─▶ Root::open_file
//!   what a stranger      plain parts    links followed,   a regular file,
//!   has typed            and no more    still in the root  open
//! ```

use crate::given::errors::RequestError;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

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
    /// # Steps
    ///
    /// 1. Refuse backslashes and control characters (`char::is_control`).
    /// 2. `split('/')`, and look at each part. `std::path::Path::components` knows what this system
    ///    takes for a normal name: a plain part has one component, a `Normal` one, equal to itself.
    /// 3. Refuse those that begin with [`UPLOAD_PREFIX`].
    ///
    /// # Errors
    ///
    /// What is wrong with it, for our log (or for the user, when it is our own client's).
    pub fn parse(text: &str) -> Result<Name, &'static str> {
        todo!("lab07, step requests: parse")
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
    /// # Steps
    ///
    /// 1. `canonicalize` makes the path absolute and follows all links.
    /// 2. Look whether that is a folder.
    ///
    /// # Errors
    ///
    /// When it does not exist, or is no folder (`NotADirectory`).
    pub fn open(folder: &Path) -> io::Result<Root> {
        todo!("lab07, step requests: open")
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
    /// # Steps
    ///
    /// 1. Join the two, and `canonicalize`: only then have all links been followed.
    /// 2. `Path::starts_with` compares whole components (a string's `starts_with` does not).
    ///
    /// # Errors
    ///
    /// `NotFound` and others when it cannot be reached; `PermissionDenied` when it is outside.
    pub fn resolve(&self, relative: &str) -> io::Result<PathBuf> {
        todo!("lab07, step requests: resolve")
    }

    /// Opens the file `name` for reading.
    ///
    /// # Contract
    ///
    /// * A regular file inside of the shared folder, reached through links or not. Nothing else
    ///   is even opened: to open a FIFO means to wait for its writer, perhaps for ever.
    ///
    /// # Steps
    ///
    /// 1. Resolve the name. 2. Ask for the metadata: is it a regular file? 3. Only then open it.
    /// 4. Turn every error into the same [`RequestError::no_such_file`]; its `why` is for the log.
    ///
    /// # Errors
    ///
    /// [`RequestError::no_such_file`], whatever the reason.
    pub fn open_file(&self, name: &Name) -> Result<File, RequestError> {
        todo!("lab07, step requests: open_file")
    }
}
