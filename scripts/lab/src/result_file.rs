//! A file that the user named for a result, such as `--html page.html`.
//!
//! ```text
//! at(path)     before the work: can it be written? Nothing changes
//! write        after the work: first beside it, then renamed over it
//! ```
//!
//! So a run that fails leaves the file of an earlier run as it was, and makes no empty one.

use std::fs::{self, OpenOptions, Permissions};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, NamedTempFile};

use crate::error::Error;
use crate::files;

/// Where a result goes.
#[derive(Debug)]
pub struct ResultFile {
    /// As the user named it.
    path: PathBuf,
    place: Place,
}

/// What is at the path.
#[derive(Debug)]
enum Place {
    /// Nothing yet.
    New(PathBuf),
    /// A file, at this path without links. Its permissions stay.
    File(PathBuf, Permissions),
    /// A device or a pipe, such as `/dev/stdout`. A rename would replace it.
    Special(PathBuf),
}

impl ResultFile {
    /// The file at `path`. A link leads to its file.
    ///
    /// # Errors
    ///
    /// It cannot be written. A folder that does not exist is not made, because it may be a typing error.
    pub fn at(path: &Path) -> Result<ResultFile, Error> {
        let place = Place::at(path).map_err(|error| cannot_write(path, error))?;
        Ok(ResultFile { path: path.to_owned(), place })
    }

    /// The path, as the user named it.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes `content`. A reader finds the old content or the new one.
    ///
    /// # Errors
    ///
    /// It cannot be written.
    pub fn write(&self, content: &[u8]) -> Result<(), Error> {
        self.place.write(content).map_err(|error| cannot_write(&self.path, error))
    }
}

impl Place {
    fn at(path: &Path) -> io::Result<Place> {
        let place = match fs::metadata(path) {
            Ok(found) if found.is_file() => {
                // A rename would also replace a file that is read-only.
                OpenOptions::new().write(true).open(path)?;
                Place::File(fs::canonicalize(path)?, found.permissions())
            }
            Ok(found) if found.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
            Ok(_) => return Ok(Place::Special(path.to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Place::New(path.to_owned()),
            Err(error) => return Err(error),
        };
        let (Place::New(path) | Place::File(path, _) | Place::Special(path)) = &place;
        beside(path).map_err(|error| system_error(&error))?;
        Ok(place)
    }

    fn write(&self, content: &[u8]) -> io::Result<()> {
        match self {
            Place::New(path) => files::fill_and_rename(beside(path)?, content, path),
            Place::File(path, permissions) => {
                let file = beside(path)?;
                file.as_file().set_permissions(permissions.clone())?;
                files::fill_and_rename(file, content, path)
            }
            Place::Special(path) => fs::write(path, content),
        }
    }
}

/// A new file in the folder of `path`. It is removed when dropped.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let builder = &mut Builder::new();
    // The umask takes from it what the user does not want, as from every new file.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder.unwrap_or(Path::new(".")))
}

/// The error without the name of the new file, which the user does not know.
fn system_error(error: &io::Error) -> io::Error {
    let inner = error.get_ref().and_then(|error| error.source());
    let code = inner.and_then(|error| error.downcast_ref::<io::Error>()?.raw_os_error());
    code.map_or(error.kind().into(), io::Error::from_raw_os_error)
}

fn cannot_write(path: &Path, error: io::Error) -> Error {
    Error::failed(format!("cannot write {}", path.display()), error)
}
