//! Tests of the judge. This test program also plays the suite. A `plays_` test does nothing unless
//! `LAB_SUBJECT` shows that the judge started it.

use std::env;
use std::path::PathBuf;
use std::process::{Command, exit};
use std::thread;
use std::time::{Duration, Instant};

use lab::cancel::CancellationToken;
use lab::judge::{Job, Outcome, Permits, TestResult, judge, one_by_one, trace};
use process_tree::poll::poll_for;
use report::{Failure, Kind, Ladder, Report, TestId};
use terminal::Style;

fn is_played() -> bool {
    env::var("LAB_SUBJECT").is_ok_and(|subject| subject == "the judge's own tests")
}

/// Writes a report as the test kit does.
fn write(outcome: report::Outcome, provisional: bool) {
    let path = PathBuf::from(env::var_os("LAB_REPORT").expect("the judge gives a path"));
    let thread = thread::current();
    let name = thread.name().expect("libtest names it");
    let report = Report { provisional, ..Report::new("01", TestId::parse(name), outcome) };
    report.write(&Report::file(&path, name)).expect("written");
}

fn failure(kind: Kind, sentence: &str) -> report::Outcome {
    report::Outcome::Failed(Box::new(Failure::new(kind, "some-id", sentence)))
}

#[test]
fn plays_a_pass() {}

#[test]
fn plays_a_hang() {
    while is_played() {
        thread::park();
    }
}

#[test]
fn plays_a_hang_with_a_child() {
    if is_played() {
        // The same hang again, which would outlive this one.
        let program = env::current_exe().expect("known");
        let child = Command::new(program).args(["--exact", "plays_a_hang"]).spawn();
        println!("\nchild {}", child.expect("started").id());
        plays_a_hang();
    }
}

#[test]
fn plays_an_early_exit() {
    if is_played() {
        exit(0);
    }
}

#[test]
fn plays_a_panic_without_report() {
    assert!(!is_played(), "no report, for a reason");
}

#[test]
fn plays_a_failure() {
    if is_played() {
        write(failure(Kind::Unwritten, "not written"), false);
        panic!("as the report says");
    }
}

#[test]
fn plays_a_failure_that_exits_well() {
    if is_played() {
        write(failure(Kind::Expectation, "wrong"), false);
    }
}

#[test]
fn plays_a_failure_with_short_times() {
    if is_played() && env::var_os("LAB_TIME_SCALE").is_some() {
        write(failure(Kind::Expectation, "late"), true);
        panic!("as the report says");
    }
}

#[test]
fn plays_a_failure_with_another_result() {
    if is_played() {
        println!("\ntest plays_nothing ... ok\n");
        plays_a_failure();
    }
}

#[test]
fn plays_a_pass_with_a_trace() {
    if is_played() && report::env::is_traced() {
        write(report::Outcome::Passed { ladder: Ladder::default() }, false);
    }
}

#[test]
fn plays_a_skip() {
    if is_played() {
        let reason = "no IPv6 here".to_owned();
        write(report::Outcome::Skipped { reason }, false);
    }
}

/// As a test that judges a deadline on a busy machine: with short times it is too busy.
#[test]
fn plays_a_skip_with_short_times() {
    if is_played() && env::var_os("LAB_TIME_SCALE").is_some() {
        let reason = "this machine is too busy to judge a deadline".to_owned();
        write(report::Outcome::Skipped { reason }, true);
    } else {
        plays_a_failure();
    }
}

#[test]
fn plays_a_machine_failure() {
    if is_played() {
        let reason = "This machine allows 64 open files.".to_owned();
        write(report::Outcome::Machine { reason }, false);
        panic!("as the report says");
    }
}

#[test]
fn plays_a_machine_failure_beside_other_tests() {
    if env::var_os("LAB_TIME_SCALE").is_some() {
        plays_a_machine_failure();
    }
}

#[test]
fn plays_a_hang_with_a_temporary_file() {
    if is_played() {
        let path = env::temp_dir().join("left over");
        std::fs::write(&path, "by a test that is killed").expect("it can be written");
        println!("\nfile {}", path.display());
        plays_a_hang();
    }
}

#[test]
fn plays_a_hang_that_shows_its_start() {
    if is_played() {
        std::fs::write("started", "").expect("its folder is a temporary one");
        plays_a_hang();
    }
}

#[test]
fn plays_a_killed_judge_with_a_forged_pass() {
    if is_played() {
        println!("\ntest plays_a_killed_judge_with_a_forged_pass ... ok");
        process_tree::signal::kill(std::process::id());
    }
}

/// Names the play of a judge whose user presses Ctrl-C.
const INTERRUPTED: &str = "PLAY_AN_INTERRUPTED_JUDGE";

#[test]
fn plays_an_interrupted_judge() {
    if env::var_os(INTERRUPTED).is_some() {
        let token = CancellationToken::of_process();
        let permits = Permits::for_one_program(&token);
        // Ctrl-C ends this process before the result counts.
        let _ = one_by_one(&[job("plays_a_hang", Duration::from_secs(20))], &permits);
        token.wait_unless_ending();
    }
}

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

fn job(test: &str, deadline: Duration) -> Job {
    Job {
        program: env::current_exe().expect("known"),
        test: test.to_owned(),
        folder: PathBuf::from("."),
        subject: "the judge's own tests".to_owned(),
        deadline,
        sandbox: None,
    }
}

fn judge_one(test: &str) -> TestResult {
    let jobs = [job(test, Duration::from_secs(20))];
    let results = one_by_one(&jobs, &Permits::for_one_program(&CancellationToken::default()))
        .expect("it runs");
    results.into_iter().next().expect("one job, one answer")
}

/// The results of `tests` when they run at the same time.
fn judge_at_once<const N: usize>(tests: [&str; N]) -> [TestResult; N] {
    let jobs = tests.map(|test| job(test, Duration::from_secs(20)));
    let results =
        judge(&jobs, &Permits::for_one_program(&CancellationToken::default())).expect("they run");
    results.try_into().expect("an answer for each")
}

#[test]
fn a_fast_pass_runs_as_many_tests_as_others_leave() {
    let permits = Permits::for_many_programs(&CancellationToken::default());
    let all = permits.run(usize::MAX).count;
    let _other = permits.run(1);
    assert_eq!(permits.run(usize::MAX).count, all - 1);
    assert_eq!(permits.run(3).count, 3);
}

#[test]
fn results_of_tests_in_one_process_are_told_apart() {
    let results = judge_at_once(["plays_a_skip", "plays_a_failure", "plays_a_pass"]);
    let outcomes = results.each_ref().map(|result| result.outcome);
    assert_eq!(outcomes, [Outcome::Skipped, Outcome::Failed, Outcome::Passed]);
    assert_eq!(results[1].test, "plays_a_failure");
    assert_eq!(results[1].sentence(), "not written");
}

#[test]
fn a_skip_with_short_times_runs_again_with_usual_times() {
    let [again] = judge_at_once(["plays_a_skip_with_short_times"]);
    assert_eq!(again.outcome, Outcome::Failed);
}

#[test]
fn a_failure_with_short_times_runs_again_with_usual_times() {
    let [again] = judge_at_once(["plays_a_failure_with_short_times"]);
    assert_eq!(again.outcome, Outcome::Passed, "{again:?}");
}

#[test]
fn a_test_that_ends_the_process_does_not_decide_the_others() {
    let [ends, passes] = judge_at_once(["plays_an_early_exit", "plays_a_pass"]);
    assert_eq!(ends.outcome, Outcome::TestProgramFailed);
    assert_eq!(passes.outcome, Outcome::Passed);
}

#[cfg(unix)]
#[test]
fn a_line_of_libtest_from_a_judge_that_was_killed_is_no_pass() {
    let [forged] = judge_at_once(["plays_a_killed_judge_with_a_forged_pass"]);
    assert_eq!(forged.outcome, Outcome::TestProgramFailed);
}

#[test]
fn what_a_test_prints_is_no_result() {
    let [other, nothing] = judge_at_once(["plays_a_failure_with_another_result", "plays_nothing"]);
    assert_eq!(other.outcome, Outcome::Failed);
    assert_eq!(nothing.outcome, Outcome::TestProgramFailed);
}

#[test]
fn a_hang_among_other_tests_times_out() {
    let jobs = ["plays_a_hang", "plays_a_pass"].map(|test| job(test, Duration::from_millis(300)));
    let results =
        judge(&jobs, &Permits::for_one_program(&CancellationToken::default())).expect("they run");
    assert_eq!(results[0].outcome, Outcome::TimedOut);
    assert_eq!(results[1].outcome, Outcome::Passed);
}

#[test]
fn a_test_that_passes_has_passed() {
    assert_eq!(judge_one("plays_a_pass").outcome, Outcome::Passed);
}

#[test]
fn only_a_traced_test_reports_that_it_passed() {
    let job = job("plays_a_pass_with_a_trace", Duration::from_secs(20));
    let traced = trace(&job).expect("it runs");
    assert_eq!(traced.outcome, Outcome::Passed);
    assert!(traced.report.is_some_and(|report| report.ladder().is_some()));
    assert_eq!(judge_one("plays_a_pass_with_a_trace").report, None);
}

#[test]
fn a_test_that_does_not_exist_has_not_passed() {
    assert_eq!(judge_one("plays_nothing").outcome, Outcome::TestProgramFailed);
}

#[test]
fn an_early_exit_with_status_0_is_not_a_pass() {
    assert_eq!(judge_one("plays_an_early_exit").outcome, Outcome::TestProgramFailed);
}

#[test]
fn a_failure_without_report_is_the_test_programs_failure() {
    let result = judge_one("plays_a_panic_without_report");
    assert_eq!(result.outcome, Outcome::TestProgramFailed);
    let text = result.render(&Style::PLAIN);
    assert!(text.contains("no report, for a reason"), "{text}");
}

#[test]
fn a_failure_is_what_the_report_says() {
    let result = judge_one("plays_a_failure");
    assert_eq!((result.outcome, result.kind()), (Outcome::Failed, Some(Kind::Unwritten)));
    assert_eq!(result.sentence(), "not written");
}

#[test]
fn a_reported_failure_counts_whatever_the_exit_status() {
    assert_eq!(judge_one("plays_a_failure_that_exits_well").outcome, Outcome::Failed);
}

#[test]
fn a_skipped_test_says_why() {
    let result = judge_one("plays_a_skip");
    assert_eq!((result.outcome, result.sentence()), (Outcome::Skipped, "no IPv6 here"));
}

#[test]
fn a_failure_of_the_machine_is_no_verdict() {
    let result = judge_one("plays_a_machine_failure");
    assert_eq!(result.outcome, Outcome::Machine);
    assert_eq!(result.sentence(), "This machine allows 64 open files.");
    assert!(!result.is_verdict());
}

#[test]
fn a_failure_of_the_machine_beside_other_tests_runs_again() {
    let [again] = judge_at_once(["plays_a_machine_failure_beside_other_tests"]);
    assert_eq!(again.outcome, Outcome::Passed, "{again:?}");
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
    let job = job("plays_a_hang_with_a_temporary_file", Duration::from_secs(1));
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
        &[job("plays_a_hang_with_a_child", Duration::from_secs(1))],
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
