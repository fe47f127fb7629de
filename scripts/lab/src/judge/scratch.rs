//! The temporary folder of a run: the output and the report of each test.

use std::fs;
use std::io;

use tempfile::TempDir;

use crate::error::Error;

/// Room for the output of all tests of a run. Most print nothing.
const ROOM: usize = 1024 * 1024;

/// A new temporary folder, removed when it is dropped.
///
/// # Errors
///
/// It cannot be made, or its disk is full. Then reports would be lost, and a test that fails would
/// give no reason.
pub fn folder() -> Result<TempDir, Error> {
    let failed = |error: io::Error| {
        Error::failed("cannot write to the temporary folder, so nothing was judged", error)
            .advice("This takes no points. Free some space, or set TMPDIR to another folder.")
    };
    let folder = tempfile::tempdir().map_err(failed)?;
    let room = folder.path().join("room");
    fs::write(&room, vec![0; ROOM]).and_then(|()| fs::remove_file(&room)).map_err(failed)?;
    Ok(folder)
}
