//! Trees of processes, run ids, and waiting.

use process_tree::poll::poll_for;
use process_tree::{RunId, allow_open_files};
use std::process;
use std::time::Duration;

#[test]
fn each_run_has_its_own_id_and_all_begin_alike() {
    let (one, other) = (RunId::new(), RunId::new());
    assert_ne!(one, other);
    let all = RunId::all_of(process::id());
    assert!(one.as_str().starts_with(all.as_str()) && other.as_str().starts_with(all.as_str()));
}

#[test]
fn a_condition_is_looked_at_even_without_time() {
    assert!(poll_for(Duration::ZERO, || true));
    let mut looks = 0;
    assert!(!poll_for(Duration::from_millis(1), || {
        looks += 1;
        false
    }));
    assert!(looks >= 2, "{looks}");
}

#[test]
fn what_is_allowed_already_is_allowed() {
    assert!(allow_open_files(8));
}

#[cfg(target_os = "linux")]
mod kill {
    use process_tree::poll::poll_for;
    use process_tree::proc_fs::stat;
    use process_tree::{RUN_ID, RunId, kill_by_run_id, kill_tree};
    use std::io::{BufRead, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::time::Duration;

    /// `script` in a shell that carries `id`, and the process id that it prints.
    fn start(script: &str, id: &RunId) -> (Child, u32) {
        let mut command = Command::new("sh");
        command.args(["-c", script]).env(RUN_ID, id.as_str()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("Linux has sh");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped")).read_line(&mut line).expect("printed");
        (child, line.trim().parse().expect("a process id"))
    }

    fn soon_is_gone(pid: u32) -> bool {
        let is_dead =
            || stat(&format!("/proc/{pid}")).is_none_or(|stat| stat.starts_with(['Z', 'X']));
        poll_for(Duration::from_secs(2), is_dead)
    }

    #[test]
    fn a_child_is_killed_with_its_parent() {
        let (mut parent, child) = start("sleep 1000 & echo $!; wait", &RunId::new());
        kill_tree(parent.id());
        parent.wait().expect("it is ours");
        assert!(soon_is_gone(child));
    }

    #[test]
    fn an_orphan_is_found_by_its_run_id() {
        let id = RunId::new();
        let (mut parent, orphan) = start("sleep 1000 >/dev/null & echo $!", &id);
        let ancestor = parent.id();
        parent.wait().expect("it is ours");
        kill_by_run_id(&id, ancestor, Vec::new);
        assert!(soon_is_gone(orphan));
    }
}
