//! What stays of a subject when its tests are interrupted: nothing. It is found by its mark, so on
//! Linux only.

use crate::leftovers::is_gone;
use crate::support::{FOR_EVER, LISTENS, here, printed_pid, shell};
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use testkit::{Deadline, poll_until};

/// Set for a test process that waits until another process ends it.
const WAITS: &str = "KIT_WAITS";

/// Tests in a process of their own, which wait for ever with a server and its daemon.
struct Waiting {
    tests: Child,
    started: Vec<u32>,
    /// The folder of the tests.
    folder: PathBuf,
}

impl Waiting {
    /// `test` has to call [`Waiting::wait`] first of all.
    fn start(test: &str) -> Waiting {
        // Before the daemon loses its parent: then only adopted orphans are looked at.
        process_tree::adopt_orphans();
        let mut tests = Command::new(env::current_exe().expect("we are running"));
        tests.args(["--exact", test, "--nocapture"]).env(WAITS, "1");
        tests.env("LAB_DEADLINE_SCALE", "50").stdout(Stdio::null()).stderr(Stdio::piped());
        let mut tests = tests.spawn().expect("we are running, so we can be run");
        let lines = BufReader::new(tests.stderr.take().expect("it is piped")).lines();
        let mut lines = lines.map(|line| line.expect("it tells what it has started"));
        let folder = PathBuf::from(lines.next().expect("its folder comes first"));
        let pids = lines.take(2).map(|line| line.parse().expect("a process id"));
        Waiting { tests, started: pids.collect(), folder }
    }

    fn wait() {
        if env::var_os(WAITS).is_some() {
            let folder = shell!("true").folder();
            eprintln!("{}", folder.path().display());
            let daemon = format!("(setsid sh -c 'echo $$; {FOR_EVER}' &)");
            let mut server = shell!(&format!("{LISTENS}; echo $$; {daemon}; {FOR_EVER}")).serve([]);
            eprintln!("{}\n{}", printed_pid(&mut server), printed_pid(&mut server));
            server.expect_line("never");
        }
    }

    /// Fails unless the tests and all their descendants end.
    fn leave_nothing(&mut self) -> Option<ExitStatus> {
        let mut ended = || self.tests.try_wait().is_ok_and(|status| status.is_some());
        assert!(poll_until(Deadline::usual(), &mut ended), "the tests live on");
        for pid in &self.started {
            assert!(is_gone(*pid), "{pid} lives on");
        }
        self.tests.try_wait().expect("it is our child")
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // Should a test fail.
        let _ = self.tests.kill().and_then(|()| self.tests.wait());
        // A process that is killed cannot remove it.
        let _ = fs::remove_dir(&self.folder);
    }
}

#[test]
fn ctrl_c_for_the_test_process_ends_what_it_started() {
    Waiting::wait();
    let mut waiting = Waiting::start(&here!());
    let interrupt = Command::new("kill").args(["-INT", &waiting.tests.id().to_string()]).status();
    assert!(interrupt.expect("every Unix has kill").success());
    let status = waiting.leave_nothing();
    assert_eq!(status.and_then(|status| status.code()), Some(130), "{status:?}");
    assert!(!waiting.folder.exists(), "{} is left", waiting.folder.display());
}

#[test]
fn who_kills_the_test_process_with_its_tree_kills_what_it_started() {
    Waiting::wait();
    let mut waiting = Waiting::start(&here!());
    process_tree::kill_test_process(waiting.tests.id());
    waiting.leave_nothing();
}

#[test]
fn what_a_killed_test_process_had_started_is_found_afterwards() {
    Waiting::wait();
    let mut waiting = Waiting::start(&here!());
    waiting.tests.kill().expect("it is our child");
    waiting.tests.wait().expect("it is our child");
    process_tree::kill_test_process(waiting.tests.id());
    waiting.leave_nothing();
}
