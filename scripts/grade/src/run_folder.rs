//! The folder of one run, `target/grade/…`, for builds and copies of the suites.
//!
//! A run that was killed leaves its folder. Each folder has a lock that its run holds, so the next run
//! removes those without a holder.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use lab::error::Error;
use lab::workspace::Workspace;
use tempfile::TempDir;

/// The folder of this run; removed when dropped.
pub struct RunFolder {
    folder: TempDir,
    _lock: File,
}

impl RunFolder {
    /// Makes the folder, and removes those of killed runs.
    ///
    /// # Errors
    ///
    /// The folder `target` cannot be written.
    pub fn new(workspace: &Workspace) -> Result<RunFolder, Error> {
        let all = workspace.target_dir().join("grade");
        let make = || {
            fs::create_dir_all(&all)?;
            remove_abandoned(&all);
            let folder = tempfile::Builder::new().prefix("run-").tempdir_in(&all)?;
            let lock = File::create(lock_of(folder.path()))?;
            lock.lock()?;
            Ok(RunFolder { folder, _lock: lock })
        };
        make().map_err(|error: io::Error| {
            Error::failed(format!("cannot write {}", all.display()), error)
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn lock_of(folder: &Path) -> PathBuf {
    folder.join("lock")
}

fn remove_abandoned(all: &Path) {
    for entry in fs::read_dir(all).into_iter().flatten().flatten() {
        let folder = entry.path();
        // A folder without a lock is being made.
        let is_abandoned = File::open(lock_of(&folder)).is_ok_and(|lock| lock.try_lock().is_ok());
        if is_abandoned {
            // A folder that stays costs room, and no run.
            let _ = fs::remove_dir_all(folder);
        }
    }
}
