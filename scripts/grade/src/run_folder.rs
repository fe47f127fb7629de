//! The folder of one run, `target/grade/…`, for builds and copies of the suites.
//!
//! A run that was killed leaves its folder. Each folder has a lock that its run holds, so the next run
//! removes those without a holder. A lock of all folders lets no run look for them while another run has
//! made a folder and does not hold its lock yet.

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
        RunFolder::inside(&all)
            .map_err(|error| Error::failed(format!("cannot write {}", all.display()), error))
    }

    fn inside(all: &Path) -> io::Result<RunFolder> {
        fs::create_dir_all(all)?;
        let of_all = File::create(lock_of(all))?;
        of_all.lock()?;
        remove_abandoned(all);
        let folder = tempfile::Builder::new().prefix("run-").tempdir_in(all)?;
        let lock = File::create(lock_of(folder.path()))?;
        lock.lock()?;
        Ok(RunFolder { folder, _lock: lock })
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
        // A folder without a lock is being removed by its run.
        let is_abandoned = File::open(lock_of(&folder)).is_ok_and(|lock| lock.try_lock().is_ok());
        if is_abandoned {
            // A folder that stays costs room, and no run.
            let _ = fs::remove_dir_all(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn runs_that_begin_at_the_same_time_leave_each_other_their_folders() {
        let root = tempfile::tempdir().expect("a folder");
        let all = root.path().join("grade");
        let begin = || {
            for _ in 0..200 {
                let run = RunFolder::inside(&all).expect("a folder");
                assert!(lock_of(run.path()).exists(), "another run removed it");
            }
        };
        thread::scope(|scope| (0..4).for_each(|_| drop(scope.spawn(begin))));
        assert_eq!(fs::read_dir(&all).expect("it is there").count(), 1, "only the lock is left");
    }
}
