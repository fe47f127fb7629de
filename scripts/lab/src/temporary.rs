//! Temporary folders that are removed at the end of this process, also if Ctrl-C ends it.
//!
//! A handler that ends the process runs no destructor, so the folders are on a list, too.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use tempfile::TempDir;

static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A new folder where the system has temporary files.
pub fn folder() -> io::Result<TempDir> {
    listed(TempDir::new)
}

/// A new folder in `parent`.
pub fn folder_in(parent: &Path) -> io::Result<TempDir> {
    listed(|| TempDir::new_in(parent))
}

/// How often a folder is removed while another thread may still write to it.
const TRIES: usize = 100;

/// Removes all of them, for a handler that ends the process.
pub fn remove_all() {
    for folder in lock().drain(..) {
        // A thread that makes a file meanwhile keeps the folder from being removed.
        let is_gone = || fs::remove_dir_all(&folder).is_ok() || !folder.exists();
        let _ = (0..TRIES).any(|_| is_gone());
    }
}

/// The list is locked meanwhile, so no folder is made and not yet on it when a handler removes all.
fn listed(make: impl FnOnce() -> io::Result<TempDir>) -> io::Result<TempDir> {
    let mut folders = lock();
    folders.retain(|path| path.exists());
    let folder = make()?;
    folders.push(folder.path().to_owned());
    Ok(folder)
}

fn lock() -> MutexGuard<'static, Vec<PathBuf>> {
    FOLDERS.lock().expect("no thread panics with the lock")
}
