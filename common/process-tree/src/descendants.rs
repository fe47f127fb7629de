//! A process and its descendants. Elsewhere than on Linux a process seems to have none.

use crate::proc_fs::{command_line, numbers_in, read_large, stat};
use std::path::Path;
use std::sync::OnceLock;

/// `pid` and its descendants, parents before their children.
pub fn with_descendants(pid: u32) -> Vec<u32> {
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

/// Of `pid` and its descendants, the process that runs the program itself. It is not a wrapper that
/// starts the program (`sandbox --strict PROGRAM ARGS`). Its command line ends with `args`, and has
/// the fewest words before them.
pub fn program(pid: u32, args: &[String]) -> u32 {
    let words_if_it_ends_so = |pid: &u32| {
        let words = command_line(*pid);
        words.ends_with(args).then_some(words.len())
    };
    // No process has fewer words than its own name and `args`, so no descendant needs a look.
    if words_if_it_ends_so(&pid) == Some(1 + args.len()) {
        return pid;
    }
    let candidates =
        with_descendants(pid).into_iter().filter_map(|pid| Some((words_if_it_ends_so(&pid)?, pid)));
    // Of equals the first: a child that the program forked comes after it.
    candidates.min_by_key(|(words, _)| *words).map_or(pid, |(_, pid)| pid)
}

/// The children of `pid`.
pub fn children(pid: u32) -> Vec<u32> {
    children_of_threads(pid, &thread_ids(pid))
}

/// The same, for a caller that knows the threads of `pid`.
pub fn children_of_threads(pid: u32, threads: &[u32]) -> Vec<u32> {
    static HAS_LISTS: OnceLock<bool> = OnceLock::new();
    if !HAS_LISTS.get_or_init(|| Path::new("/proc/thread-self/children").exists()) {
        return children_by_parent(pid);
    }
    threads.iter().filter_map(|thread| children_of_thread(pid, *thread)).flatten().collect()
}

/// The threads of `pid`.
pub fn thread_ids(pid: u32) -> Vec<u32> {
    numbers_in(Path::new(&format!("/proc/{pid}/task")))
}

/// `None` if there is no such thread, or no such list.
pub(crate) fn children_of_thread(pid: u32, thread: u32) -> Option<Vec<u32>> {
    let list = read_large(&format!("/proc/{pid}/task/{thread}/children")).ok()?;
    let list = String::from_utf8_lossy(&list);
    Some(list.split_whitespace().filter_map(|pid| pid.parse().ok()).collect())
}

/// For kernels without lists of children (CONFIG_PROC_CHILDREN): asks every process.
fn children_by_parent(pid: u32) -> Vec<u32> {
    let parent = |child: &u32| -> Option<u32> {
        stat(&format!("/proc/{child}"))?.split_whitespace().nth(1)?.parse().ok()
    };
    let all = numbers_in(Path::new("/proc"));
    all.into_iter().filter(|child| parent(child) == Some(pid)).collect()
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;
    use crate::proc_fs::newest_pid;
    use std::process::{self, Child, Command, Stdio};
    use std::thread;

    /// A process that sleeps until its input ends.
    fn sleeper() -> Child {
        Command::new("cat").stdin(Stdio::piped()).spawn().expect("Linux has cat")
    }

    fn end(mut child: Child) {
        child.kill().expect("it is ours");
        child.wait().expect("it is ours");
    }

    #[test]
    fn a_child_is_found_in_both_ways() {
        let child = sleeper();
        assert!(with_descendants(process::id()).contains(&child.id()));
        assert!(children_by_parent(process::id()).contains(&child.id()));
        assert!(newest_pid() >= child.id(), "{} is not the newest", newest_pid());
        end(child);
    }

    #[test]
    fn a_child_is_found_while_earlier_ones_end() {
        let earlier: Vec<Child> = (0..100).map(|_| sleeper()).collect();
        let later: Vec<Child> = (0..8).map(|_| sleeper()).collect();
        let wanted: Vec<u32> = later.iter().map(Child::id).collect();
        let ending = thread::spawn(move || earlier.into_iter().for_each(end));
        let mut missed = 0;
        while !ending.is_finished() {
            let found = children(process::id());
            missed += wanted.iter().filter(|child| !found.contains(child)).count();
        }
        later.into_iter().for_each(end);
        ending.join().expect("they are ours");
        assert_eq!(missed, 0);
    }
}
