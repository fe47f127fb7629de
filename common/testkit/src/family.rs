//! Who belongs to a process: its descendants, and those who have left the family but still carry
//! its mark. By `/proc` (proc(5)), so on Linux only; elsewhere a process seems to be alone.

use super::deadline::{Deadline, poll_until};
use std::fs;
use std::path::Path;
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

/// The environment variable that every process started for a test inherits, and its children
/// and theirs. A daemon has another parent, group and session than the program that started it;
/// this stays.
pub(super) const MARK: &str = "WIRELAB_RUN";

/// How long an execve(2) may hide the environment.
const EXECUTING: Duration = Duration::from_millis(10);

/// `pid` and its descendants, parents before their children.
pub(super) fn family(pid: u32) -> Vec<u32> {
    let mut found = vec![pid];
    let mut next = 0;
    while next < found.len() {
        for child in children(found[next]) {
            // A process that ends while we look may be seen under two parents.
            if !found.contains(&child) {
                found.push(child);
            }
        }
        next += 1;
    }
    found
}

/// A value of [`MARK`] that no other run has, not even one of other tests with our old id.
pub(super) fn new_mark() -> String {
    static RUNS: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let run = RUNS.fetch_add(1, Ordering::Relaxed);
    format!("{}{}-{run}", marks_of(process::id()), now.as_nanos())
}

/// How all marks of the tests in process `pid` begin.
pub(super) fn marks_of(pid: u32) -> String {
    format!("{pid}-")
}

/// All processes whose environment holds a [`MARK`] that begins like this. They were started after
/// the process `ancestor`, and are none of the `others`.
pub(super) fn marked(beginning: &str, ancestor: u32, others: fn() -> Vec<u32>) -> Vec<u32> {
    let wanted = format!("{MARK}={beginning}");
    let carries = |pid: &u32| {
        let environment = environment(*pid);
        environment.split(|byte| *byte == 0).any(|variable| variable.starts_with(wanted.as_bytes()))
    };
    // A look at an environment is dear, and most processes of a machine are older.
    let begun_again = newest() < ancestor;
    let mut found = numbers_in(Path::new("/proc"));
    found.retain(|pid| *pid > ancestor || begun_again);
    // Asked only now, so that those are among them who have begun in the meantime.
    let others = others();
    found.retain(|pid| !others.contains(pid) && carries(pid));
    found
}

/// What `pid` has in its environment. In the middle of an execve(2) that is nothing, and no error:
/// then we look again, for a while, for some really have none. Dead ones have none for ever.
fn environment(pid: u32) -> Vec<u8> {
    let mut environment = Vec::new();
    poll_until(Deadline::in_just(EXECUTING), || {
        let read = fs::read(format!("/proc/{pid}/environ"));
        let may_come = matches!(&read, Ok(bytes) if bytes.is_empty()) && !is_dead(pid);
        environment = read.unwrap_or_default();
        !may_come
    });
    environment
}

/// Whether `pid` has ended, and only its parent has not waited for it yet.
fn is_dead(pid: u32) -> bool {
    stat(&format!("/proc/{pid}")).is_none_or(|stat| stat.starts_with(['Z', 'X']))
}

/// What stands in the `stat` of a process or a thread behind its name: "STATE PPID ...".
pub(super) fn stat(folder: &str) -> Option<String> {
    let stat = fs::read_to_string(format!("{folder}/stat")).ok()?;
    // "PID (NAME) STATE ...", and NAME may hold anything, even ")".
    Some(stat.rsplit_once(") ")?.1.to_owned())
}

/// The last process id that was given (proc(5), loadavg). After the highest they begin again.
fn newest() -> u32 {
    let average = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    average.split_whitespace().next_back().and_then(|pid| pid.parse().ok()).unwrap_or(0)
}

/// Of the family of `pid`, the one that was started with `args`, and not to start another with
/// them, as a wrapper is (`sandbox --strict PROGRAM ARGS`): it has least in front of them.
pub(super) fn program(pid: u32, args: &[String]) -> u32 {
    let in_front = |pid: &u32| {
        let words = command_line(*pid);
        words.ends_with(args).then_some(words.len())
    };
    let candidates = family(pid).into_iter().filter_map(|pid| Some((in_front(&pid)?, pid)));
    // Of equals the first: a child that the program forked comes after it.
    candidates.min_by_key(|(words, _)| *words).map_or(pid, |(_, pid)| pid)
}

fn command_line(pid: u32) -> Vec<String> {
    let words = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let words = words.strip_suffix(b"\0").unwrap_or(&words);
    words.split(|byte| *byte == 0).map(|word| String::from_utf8_lossy(word).into_owned()).collect()
}

fn children(pid: u32) -> Vec<u32> {
    if !Path::new("/proc/thread-self/children").exists() {
        return children_by_parent(pid);
    }
    let lists = numbers_in(Path::new(&format!("/proc/{pid}/task"))).into_iter().map(|task| {
        fs::read_to_string(format!("/proc/{pid}/task/{task}/children")).unwrap_or_default()
    });
    let list = lists.collect::<String>();
    list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect()
}

/// For kernels without lists of children (CONFIG_PROC_CHILDREN): asks every process.
fn children_by_parent(pid: u32) -> Vec<u32> {
    let parent = |child: &u32| -> Option<u32> {
        stat(&format!("/proc/{child}"))?.split_whitespace().nth(1)?.parse().ok()
    };
    let all = numbers_in(Path::new("/proc"));
    all.into_iter().filter(|child| parent(child) == Some(pid)).collect()
}

/// A thread of ours, so that it can be seen whether it has anything to do.
#[derive(Clone, Debug, Default)]
pub(super) struct Helper(Arc<OnceLock<Option<u32>>>);

impl Helper {
    /// Called by the thread itself.
    pub fn is_here(&self) {
        let id = || fs::read_link("/proc/thread-self").ok()?.file_name()?.to_str()?.parse().ok();
        self.0.get_or_init(id);
    }

    /// As the system knows it; `None` where threads cannot be looked at.
    pub fn id(&self) -> Option<u32> {
        *self.0.wait()
    }
}

/// The entries of a folder whose names are numbers; none where there is no such folder.
pub(super) fn numbers_in(folder: &Path) -> Vec<u32> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use std::process::{Command, Stdio};

    #[test]
    fn a_child_is_found_in_both_ways() {
        let mut child = Command::new("cat").stdin(Stdio::piped()).spawn().expect("Linux has cat");
        assert!(family(process::id()).contains(&child.id()));
        assert!(children_by_parent(process::id()).contains(&child.id()));
        assert!(newest() >= child.id(), "{} is not the newest", newest());
        drop(child.stdin.take());
        child.wait().expect("it is ours");
    }
}
