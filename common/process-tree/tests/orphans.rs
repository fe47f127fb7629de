//! Orphans that a test process has adopted. Adopting concerns a whole process, so this test has one of
//! its own.
#![cfg(target_os = "linux")]

use process_tree::descendants::children;
use process_tree::poll::poll_for;
use process_tree::{RUN_ID, RunId, adopt_orphans, kill_by_run_id};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{self, Command, Stdio};
use std::time::Duration;

#[test]
fn an_orphan_becomes_our_child_and_is_found_by_its_run_id() {
    // Where the kernel has no lists of children, an orphan is found among all processes.
    if !Path::new("/proc/thread-self/children").exists() {
        return;
    }
    adopt_orphans();
    let id = RunId::new();
    let mut command = Command::new("sh");
    command.args(["-c", "setsid sleep 1000 >/dev/null & echo $!"]).env(RUN_ID, id.as_str());
    let mut parent = command.stdout(Stdio::piped()).spawn().expect("Linux has sh");
    let mut line = String::new();
    BufReader::new(parent.stdout.take().expect("piped")).read_line(&mut line).expect("printed");
    let orphan: u32 = line.trim().parse().expect("a process id");
    parent.wait().expect("it is ours");
    assert!(children(process::id()).contains(&orphan));

    // It was not started after itself. So only its new parent is a reason to look at it.
    kill_by_run_id(&id, orphan, Vec::new);
    let is_dead = || {
        let stat = process_tree::proc_fs::stat(&format!("/proc/{orphan}"));
        stat.is_none_or(|stat| stat.starts_with(['Z', 'X']))
    };
    assert!(poll_for(Duration::from_secs(2), is_dead));
}
