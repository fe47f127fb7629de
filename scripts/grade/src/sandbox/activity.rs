//! Whether processes do anything, by proc(5). A machine that is too busy lets a thread wait for a
//! processor or for a disk, and the kernel counts that. A thread that waits for anything else is itself
//! the cause of its delay.

use std::path::Path;
use std::time::Duration;

use process_tree::descendants::with_descendants;
use process_tree::poll::poll_for;
use process_tree::proc_fs::{numbers_in, read_short, stat};

/// How long processes are observed.
const TIME: Duration = Duration::from_secs(1);

/// Whether no thread of `pid` and its descendants has used a processor, or has waited for one or for a
/// disk, in a second. False where /proc does not tell.
pub fn is_waiting(pid: u32) -> bool {
    let before = usage(pid);
    before.is_some() && !poll_for(TIME, || usage(pid) != before)
}

/// The use of processors by each thread. `None` if a thread runs or waits for a processor (R) or for a
/// disk (D), or if /proc does not tell.
fn usage(pid: u32) -> Option<Vec<(String, String)>> {
    let tasks = |pid: u32| {
        let folder = format!("/proc/{pid}/task");
        let threads = numbers_in(Path::new(&folder)).into_iter();
        threads.map(move |thread| format!("{folder}/{thread}"))
    };
    let mut found = Vec::new();
    for task in with_descendants(pid).into_iter().flat_map(tasks) {
        if stat(&task)?.starts_with(['R', 'D']) {
            return None;
        }
        let used = read_short(&format!("{task}/schedstat")).ok()?;
        found.push((task, used));
    }
    (!found.is_empty()).then_some(found)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    /// Whether `script` comes to wait.
    fn waits(script: &str, time: Duration) -> bool {
        let mut command = Command::new("sh");
        let mut shell =
            command.args(["-c", script]).stdin(Stdio::piped()).spawn().expect("it starts");
        let waits = poll_for(time, || is_waiting(shell.id()));
        process_tree::kill_tree(shell.id());
        shell.wait().expect("it is ours");
        waits
    }

    #[test]
    fn a_thread_that_waits_for_bytes_is_told_from_one_that_computes() {
        assert!(waits("read line", Duration::from_secs(60)));
        assert!(!waits("while :; do :; done", Duration::from_millis(100)));
        assert!(!waits("(while :; do :; done) & wait", Duration::from_millis(100)));
    }
}
