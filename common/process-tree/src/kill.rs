//! Ending a process with everything that it started.

use crate::poll::poll_for;
use crate::run_id::RunId;
use crate::signal;
use std::time::Duration;

/// How long processes of a run may go on to start new ones while we kill them.
const KILLING: Duration = Duration::from_secs(2);

/// Kills the process `pid` and all of its descendants (SIGKILL on Unix).
///
/// Does nothing when the process is gone already. The caller still has to `wait` for its own
/// child. On Unix the process should have been started with `process_group(0)`: then children
/// that lost their parent are found too.
#[cfg(unix)]
pub fn kill_tree(pid: u32) {
    let stopped = stop_tree(pid);
    if let Some(group) = signal::to_pid(pid) {
        // An error means that the group does not exist (any more). That is the goal.
        let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
    }
    for pid in stopped {
        signal::kill(pid);
    }
}

/// Stops `pid` and its descendants, and returns them. A stopped process starts no other one:
/// when a look finds no new one, that is all of them. And this comes before the first kill,
/// because an orphan is no descendant any more.
#[cfg(unix)]
fn stop_tree(pid: u32) -> Vec<u32> {
    let mut stopped = Vec::new();
    let mut new = vec![pid];
    while !new.is_empty() {
        for pid in &new {
            signal::pause(*pid);
        }
        stopped.extend(new);
        new = crate::descendants::with_descendants(pid);
        new.retain(|pid| !stopped.contains(pid));
    }
    stopped
}

/// Kills the process `pid` and all of its descendants.
#[cfg(not(unix))]
pub fn kill_tree(pid: u32) {
    use std::process::{Command, Stdio};
    // An error means that it is gone already.
    let _ = Command::new("taskkill")
        .args(["/T", "/F", "/PID", &pid.to_string()])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
}

/// Kills the test process `pid` with its descendants, and everything that the test kit in it has
/// started and lost sight of.
pub fn kill_test_process(pid: u32) {
    kill_tree(pid);
    kill_by_run_id(&RunId::all_of(pid), pid, Vec::new);
}

/// Kills all processes of the run `id`, wherever they have gone since the process `ancestor` was
/// started. Processes that are `known` to have another id are passed over.
pub fn kill_by_run_id(id: &RunId, ancestor: u32, known: fn() -> Vec<u32>) {
    // More than once: they may be starting others.
    poll_for(KILLING, || {
        let found = id.processes(ancestor, known);
        for pid in &found {
            signal::kill(*pid);
        }
        found.is_empty()
    });
}
