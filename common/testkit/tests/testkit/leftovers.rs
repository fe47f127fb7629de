//! What stays of a subject after its test: nothing.

use crate::support::{
    FOR_EVER, LISTENS, apart, exists, failure, here, lives, played, printed_pid, shell,
};
use std::fs;
use testkit::{Deadline, Subject, poll_until};

/// Whether `pid` has ended or ends soon, because a signal takes a moment.
pub fn is_gone(pid: u32) -> bool {
    poll_until(Deadline::usual(), || !lives(pid))
}

/// Fails if a process that runs before `server` is dropped still runs after that.
fn leaves_nothing(subject: &Subject) {
    let mut server = subject.serve([]);
    let (pid, child) = (server.pid(), printed_pid(&mut server));
    assert!(exists(pid) && exists(child));
    drop(server);
    // The kit waits for its own child, so not even a zombie stays.
    assert!(!exists(pid));
    assert!(is_gone(child), "{child} lives on");
}

#[test]
fn a_server_and_its_child_are_killed() {
    leaves_nothing(&shell!(&format!("{LISTENS}; sleep 1000 & echo $!; wait")));
}

#[test]
fn one_that_ignores_signals_is_killed() {
    leaves_nothing(&shell!(&format!(
        "trap '' INT TERM HUP; {LISTENS}; sleep 1000 & echo $!; while :; do sleep 1000; done"
    )));
}

#[test]
fn one_that_is_stopped_is_killed() {
    let mut server = shell!(&format!("{LISTENS}; {FOR_EVER}")).serve([]);
    let pid = server.pid();
    assert!(server.pause());
    drop(server);
    assert!(!exists(pid));
}

#[test]
#[cfg(target_os = "linux")]
fn a_child_in_a_session_of_its_own_is_killed() {
    leaves_nothing(&shell!(&format!("{LISTENS}; setsid sh -c 'echo $$; {FOR_EVER}' & wait")));
}

#[test]
#[cfg(target_os = "linux")]
fn a_child_that_has_hidden_all_but_its_parent_is_killed() {
    let child = format!("setsid env -i PATH=\"$PATH\" sh -c 'echo $$; {FOR_EVER}'");
    leaves_nothing(&shell!(&format!("{LISTENS}; {child} & wait")));
}

/// Until its parent has waited for a process, its id belongs to no other one. So it can be killed
/// safely.
#[test]
#[cfg(target_os = "linux")]
fn one_that_has_ended_keeps_its_id_until_its_rest_is_killed() {
    let mut client = shell!("exit 0").run([]);
    let pid = client.pid();
    assert!(is_gone(pid));
    client.wait_until_idle();
    assert!(exists(pid));
    client.expect_exit(0);
    assert!(!exists(pid));
}

#[test]
#[cfg(target_os = "linux")]
fn a_daemon_whose_parents_are_gone_is_killed() {
    // With another parent, session and group, only the mark is left.
    let daemon = format!("(setsid sh -c 'echo $$; {FOR_EVER}' &)");
    leaves_nothing(&shell!(&format!("{LISTENS}; {daemon}; {FOR_EVER}")));

    let mut client = shell!(&format!("{daemon}; read word; exit 0")).run([]);
    let pid = printed_pid(&mut client);
    client.write_stdin(b"go\n").expect_exit(0);
    assert!(is_gone(pid), "{pid} lives on");
}

#[test]
fn a_failed_test_leaves_nothing() {
    let mut pid = 0;
    let text = failure(|| {
        let server = shell!(&format!("{LISTENS}; {FOR_EVER}")).serve([]);
        pid = server.pid();
        server.check(false, "It did not.", "do-it", "do it");
    });
    assert!(text.contains("It did not."));
    assert!(!exists(pid));
}

#[test]
fn an_expected_end_leaves_no_child() {
    let mut client = shell!("sleep 1000 & echo $!; exit 0").run([]);
    let child = printed_pid(&mut client);
    client.expect_exit(0);
    assert!(is_gone(child), "{child} lives on");
}

/// Threads and descriptors of this process, where they can be counted.
fn used() -> Option<(usize, usize)> {
    let count = |folder: &str| fs::read_dir(folder).ok().map(Iterator::count);
    Some((count("/proc/self/task")?, count("/proc/self/fd")?))
}

#[test]
fn the_test_process_keeps_no_thread_and_no_descriptor() {
    let told = apart!().tell(|| {
        let visit = || {
            let played = played!(drop);
            let mut peer = played.server.connect("peer");
            peer.expect_end();
            played.player.join().expect("no panic");
        };
        visit();
        let before = used();
        (0..20).for_each(|_| visit());
        let given_back = poll_until(Deadline::usual(), || used() <= before);
        assert!(given_back, "{before:?} before, {:?} after", used());
    });
    told.succeeds_with(&[]);
}
