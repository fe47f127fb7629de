//! Tests of the judge. This test program also plays the suite. A `plays_` test does nothing unless
//! `LAB_SUBJECT` shows that the judge started it.

mod at_once;
mod ended;

use std::env;
use std::path::PathBuf;
use std::process::{Command, exit};
use std::thread;
use std::time::Duration;

use lab::cancel::CancellationToken;
use lab::judge::{Job, Outcome, Permits, TestResult, one_by_one, trace};
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
