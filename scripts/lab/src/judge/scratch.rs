//! The temporary folder of a run: the output and the report of each test, and the files of tests.
//!
//! On Linux it is in memory. The tests of a lab can make 1,800 files and folders (lab 07). On a
//! disk, its file system (ext4) takes a third of the suite's processor time to find places for
//! them.

use std::env::var_os;
use std::fs;
use std::io;
#[cfg(target_os = "linux")]
use std::path::Path;

use report::env;
use tempfile::TempDir;

use super::process::Job;
use crate::error::Error;
use crate::temporary;

/// Room for the output of all tests of a run. Most print nothing.
const ROOM: usize = 1024 * 1024;

/// The file system in memory that Linux offers to all programs.
#[cfg(target_os = "linux")]
const MEMORY: &str = "/dev/shm";

/// Many times what all tests of a lab need at the same time (20 MiB). Containers often have less.
#[cfg(target_os = "linux")]
const ENOUGH_MEMORY: u64 = 512 * 1024 * 1024;

/// A new temporary folder for `jobs`, removed when it is dropped.
///
/// # Errors
///
/// It cannot be made, or its disk is full. Then reports would be lost, and a test that fails would
/// give no reason.
pub fn folder(jobs: &[Job]) -> Result<TempDir, Error> {
    let failed = |error: io::Error| {
        Error::failed("cannot write to the temporary folder, so nothing was judged", error)
            .advice("This takes no points. Free some space, or set TMPDIR to another folder.")
    };
    let folder = in_memory(jobs, is_chosen()).map_or_else(temporary::folder, Ok).map_err(failed)?;
    let room = folder.path().join("room");
    fs::write(&room, vec![0; ROOM]).and_then(|()| fs::remove_file(&room)).map_err(failed)?;
    Ok(folder)
}

/// Whether the user has chosen a place, or a wrapper of theirs may not show another one to the
/// program.
fn is_chosen() -> bool {
    ["TMPDIR", env::SUBJECT_WRAPPER].iter().any(|name| var_os(name).is_some())
}

/// A folder in memory. `None` where there is no room for it, where another place `is_chosen`, or
/// where a sandbox may not show it to the program.
#[cfg(target_os = "linux")]
fn in_memory(jobs: &[Job], is_chosen: bool) -> Option<TempDir> {
    if is_chosen || jobs.iter().any(|job| job.sandbox.is_some()) {
        return None;
    }
    let memory = rustix::fs::statvfs(MEMORY).ok()?;
    let has_room = memory.f_bavail.saturating_mul(memory.f_frsize) >= ENOUGH_MEMORY;
    has_room.then(|| temporary::folder_in(Path::new(MEMORY)).ok()).flatten()
}

#[cfg(not(target_os = "linux"))]
fn in_memory(_jobs: &[Job], _is_chosen: bool) -> Option<TempDir> {
    None
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use crate::judge::process::Sandbox;
    use std::process::Command;
    use std::sync::Arc;
    use std::time::Duration;

    #[derive(Debug)]
    struct HidesMemory;

    impl Sandbox for HidesMemory {
        fn command(&self, _job: &Job, _report: &Path) -> io::Result<Command> {
            Err(io::ErrorKind::Unsupported.into())
        }
    }

    fn job() -> Job {
        Job {
            program: "suite".into(),
            test: "step1::a".to_owned(),
            folder: ".".into(),
            subject: "program".to_owned(),
            deadline: Duration::ZERO,
            sandbox: None,
        }
    }

    #[test]
    fn a_run_is_in_memory_unless_another_place_is_chosen() {
        // Elsewhere, for instance in a container, there may be less room.
        if let Some(folder) = in_memory(&[job()], false) {
            assert!(folder.path().starts_with(MEMORY), "{folder:?}");
        }
        assert!(in_memory(&[job()], true).is_none());
    }

    #[test]
    fn a_sandbox_shows_the_usual_folder() {
        let boxed = job().in_sandbox(Arc::new(HidesMemory));
        assert!(in_memory(&[job(), boxed], false).is_none());
    }
}
