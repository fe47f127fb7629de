//! Tests and runs that are ended: at a deadline, by a cancellation, by Ctrl-C.

use std::env;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

#[cfg(unix)]
use super::INTERRUPTED;
use super::job;
use lab::cancel::CancellationToken;
use lab::judge::{Job, Outcome, Permits, judge, one_by_one};
use process_tree::poll::poll_for;
use terminal::Style;

/// The deadline of a test that must have started and printed a line before it is killed.
const TIME_TO_PRINT: Duration = Duration::from_secs(5);

#[test]
#[cfg(unix)]
fn ctrl_c_removes_the_temporary_folder() {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let entries = || std::fs::read_dir(folder.path()).expect("it is there").count();
    let mut judge = Command::new(env::current_exe().expect("known"));
    judge.args(["--exact", "plays_an_interrupted_judge"]).env(INTERRUPTED, "1");
    judge.env("TMPDIR", folder.path()).stdout(std::process::Stdio::null());
    let mut judge = judge.spawn().expect("started");
    assert!(poll_for(Duration::from_secs(20), || entries() > 0), "no temporary folder");
    assert!(process_tree::signal::interrupt(judge.id()));
    assert_eq!(judge.wait().expect("it ends").code(), Some(130));
    assert_eq!(entries(), 0);
}

#[test]
fn a_hang_is_killed_at_its_deadline_and_delays_no_other_test() {
    let jobs = [
        job("plays_a_hang", Duration::from_millis(300)),
        job("plays_a_pass", Duration::from_secs(20)),
    ];
    let start = Instant::now();
    let results = one_by_one(&jobs, &Permits::for_one_program(&CancellationToken::default()))
        .expect("they run");
    assert_eq!(results[0].outcome, Outcome::TimedOut);
    assert_eq!(results[1].outcome, Outcome::Passed);
    assert!(start.elapsed() < Duration::from_secs(10), "took {:?}", start.elapsed());
}

#[test]
fn nothing_stays_of_the_temporary_files_of_a_killed_test() {
    let job = job("plays_a_hang_with_a_temporary_file", TIME_TO_PRINT);
    let results = one_by_one(&[job], &Permits::for_one_program(&CancellationToken::default()))
        .expect("it runs");
    let text = results[0].render(&Style::PLAIN);
    let file = text.lines().find_map(|line| line.trim().strip_prefix("file "));
    let file = PathBuf::from(file.expect("its last lines name the file"));
    assert!(!file.exists(), "{} is left", file.display());
}

#[cfg(target_os = "linux")]
#[test]
fn a_child_of_a_killed_test_is_killed_too() {
    let results = one_by_one(
        &[job("plays_a_hang_with_a_child", TIME_TO_PRINT)],
        &Permits::for_one_program(&CancellationToken::default()),
    )
    .expect("it runs");
    let text = results[0].render(&Style::PLAIN);
    let child = text.lines().find_map(|line| line.trim().strip_prefix("child "));
    let stat = format!("/proc/{}/stat", child.expect("its last lines name the child"));
    // No such process, or a zombie (Z) that its new parent has not collected yet.
    let start = Instant::now();
    let is_alive = || std::fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z"));
    while is_alive() {
        assert!(start.elapsed() < Duration::from_secs(10), "the child is still running");
        thread::yield_now();
    }
}

#[test]
fn a_cancelled_run_ends_early_and_starts_no_more_tests() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let token = CancellationToken::default();
    let job = job("plays_a_hang_that_shows_its_start", Duration::from_secs(60));
    let jobs = [Job { folder: folder.path().to_owned(), ..job }];
    let start = Instant::now();
    let result = thread::scope(|scope| {
        let run = scope.spawn(|| judge(&jobs, &Permits::for_one_program(&token)));
        let has_started = || folder.path().join("started").exists();
        assert!(poll_for(Duration::from_secs(20), has_started), "the test does not start");
        token.cancel();
        run.join().expect("it does not panic")
    });
    assert!(start.elapsed() < Duration::from_secs(40), "it waited for the deadline");
    let error = result.expect_err("the test has no result");
    assert!(error.cause().contains("the run is cancelled"), "{error}");
}

#[test]
fn a_cancelled_run_starts_no_compiler() {
    let token = CancellationToken::default();
    token.cancel();
    let program = env::current_exe().expect("known");
    let output = token.output(Command::new(program).arg("--list"));
    assert!(output.is_err(), "{output:?}");
}
