//! The result appears whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use lab::error::Error;
use tempfile::TempDir;

/// A result that is made in a folder beside its place.
pub struct Place<'path> {
    place: &'path Path,
    workshop: TempDir,
}

impl<'path> Place<'path> {
    /// For a result at `place`, where nothing may be yet.
    pub fn new(place: &'path Path) -> Result<Place<'path>, Error> {
        if place.exists() {
            let why = "choose a name that does not exist yet";
            return Err(Error::usage(format!("{} exists", place.display()), why));
        }
        let failed = |error| Place::failed_at(place, error);
        let parent = place.parent().filter(|parent| !parent.as_os_str().is_empty());
        let parent = parent.unwrap_or(Path::new("."));
        fs::create_dir_all(parent).map_err(failed)?;
        // git and cargo get this path, and run in other folders.
        let parent = std::path::absolute(parent).map_err(failed)?;
        let workshop = tempfile::tempdir_in(parent).map_err(failed)?;
        Ok(Place { place, workshop })
    }

    /// Where the result is made.
    pub fn result(&self) -> PathBuf {
        self.helper("result")
    }

    /// A file that is removed at the end.
    pub fn helper(&self, name: &str) -> PathBuf {
        self.workshop.path().join(name)
    }

    /// Moves the result to its place.
    pub fn finish(self) -> Result<(), Error> {
        fs::rename(self.result(), self.place).map_err(|error| self.failed(error))
    }

    /// The error that the result cannot be written.
    pub fn failed(&self, error: std::io::Error) -> Error {
        Place::failed_at(self.place, error)
    }

    fn failed_at(place: &Path, error: std::io::Error) -> Error {
        Error::failed(format!("cannot write {}", place.display()), error)
    }
}
