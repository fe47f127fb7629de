//! What runs now, so that nothing stays when the tests themselves are interrupted.
//!
//! Each program has a process group of its own, and a terminal sends Ctrl-C to one group only:
//! that of the tests.
//!
//! Handling SIGINT has another use. In the background of a script the signal is ignored, and a
//! program would inherit that. A handled signal is reset to its default (execve(2)).

use process_tree::{RUN_ID, RunId, adopt_orphans, kill_by_run_id, kill_tree};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{self, Child, Command};
use std::sync::{Mutex, MutexGuard, Once};
use tempfile::TempDir;

/// What a shell reports for a command that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// The processes that run now, each with its run id.
static RUNNING: Mutex<BTreeMap<u32, RunId>> = Mutex::new(BTreeMap::new());

/// The folders that tests have made, some of which are gone.
static FOLDERS: Mutex<Vec<PathBuf>> = Mutex::new(Vec::new());

/// A new folder. After the first start of a program, Ctrl-C and SIGTERM remove it, too.
///
/// # Errors
///
/// The system's folder for temporary files cannot be written.
pub fn temporary_folder() -> io::Result<TempDir> {
    // Held until the folder is noted, as with processes.
    let mut folders = FOLDERS.lock().expect("no panic under the lock");
    let folder = TempDir::new()?;
    folders.push(folder.path().to_owned());
    Ok(folder)
}

/// Starts `command` with `run_id` in its environment. From now on Ctrl-C and SIGTERM end it, too.
pub fn start(command: &mut Command, run_id: &RunId) -> io::Result<Child> {
    static FIRST: Once = Once::new();
    FIRST.call_once(|| {
        // Err: another handler is set; then it is that one's task to clean up.
        drop(ctrlc::set_handler(end_with_all));
        adopt_orphans();
    });
    command.env(RUN_ID, run_id.as_str());
    // Held until the process is noted, because the handler must not miss a process that starts now.
    // It also lets only one process start at a time, because macOS cannot make a pipe and keep it
    // from other children in one step.
    let mut running = running();
    let child = command.spawn()?;
    running.insert(child.id(), run_id.clone());
    Ok(child)
}

/// Kills a process that was started, and can serve no test.
pub fn end(child: &mut Child) {
    kill_tree(child.id());
    forget(child.id());
    // It is killed, so this takes no time. An error means that it is gone.
    let _ = child.wait();
}

/// Call before waiting for the process. After the wait its id may belong to another process.
pub fn forget(pid: u32) {
    running().remove(&pid);
}

/// The ids of the processes that run now.
pub fn all() -> Vec<u32> {
    running().keys().copied().collect()
}

fn running() -> MutexGuard<'static, BTreeMap<u32, RunId>> {
    RUNNING.lock().expect("no panic under the lock")
}

fn end_with_all() {
    // Never released: nothing may start while we end.
    let running = running();
    for (pid, run_id) in running.iter() {
        kill_tree(*pid);
        kill_by_run_id(run_id, *pid, Vec::new);
    }
    // After the programs, which could write there. Never released, either.
    let folders = FOLDERS.lock();
    for folder in folders.iter().flat_map(|folders| folders.iter()) {
        // An error means that the test has removed it.
        let _ = fs::remove_dir_all(folder);
    }
    process::exit(INTERRUPTED);
}
