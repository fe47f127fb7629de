//! What runs now, so that nothing stays when the tests themselves are interrupted.
//!
//! Each program has a process group of its own, and a terminal sends Ctrl-C to one group only:
//! that of the tests.
//!
//! That we handle SIGINT has another use: in the background of a script it is ignored, and a
//! program would inherit that. What is handled it inherits as the default (execve(2)).

use crate::processes::{kill_family, kill_marked};
use std::collections::BTreeMap;
use std::io;
use std::process::{self, Child, Command};
use std::sync::{Mutex, MutexGuard, Once};

/// What a shell reports for a command that Ctrl-C has ended.
const INTERRUPTED: i32 = 130;

/// The processes that run now, each with its mark.
static ALIVE: Mutex<BTreeMap<u32, String>> = Mutex::new(BTreeMap::new());

/// Starts `command`. From now on Ctrl-C and SIGTERM end it, too.
pub fn start(command: &mut Command, mark: &str) -> io::Result<Child> {
    static HANDLER: Once = Once::new();
    // Err: somebody else has set a handler; then it is theirs to clean up.
    HANDLER.call_once(|| drop(ctrlc::set_handler(end_with_all)));
    // Held until it is noted: whoever kills all that runs must not miss a newcomer. And where a
    // pipe cannot be made and kept from other children in one step (macOS), one starts at a time.
    let mut alive = alive();
    let child = command.spawn()?;
    alive.insert(child.id(), mark.to_owned());
    Ok(child)
}

/// It is being waited for: its id will be somebody else's.
pub fn forget(pid: u32) {
    alive().remove(&pid);
}

/// All that run now.
pub fn all() -> Vec<u32> {
    alive().keys().copied().collect()
}

fn alive() -> MutexGuard<'static, BTreeMap<u32, String>> {
    ALIVE.lock().expect("no panic under the lock")
}

fn end_with_all() {
    // Never released: nothing may start while we end.
    let alive = alive();
    for (pid, mark) in alive.iter() {
        kill_family(*pid);
        kill_marked(mark, *pid, Vec::new);
    }
    process::exit(INTERRUPTED);
}
