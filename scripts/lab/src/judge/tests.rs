//! The judge, judged: this very test program plays the suite. Each `plays_` test does nothing
//! until the judge starts it, which shows by `LAB_SUBJECT`.

use std::env;
use std::fs;
use std::path::PathBuf;
use std::process::{Command, exit};
use std::thread;
use std::time::{Duration, Instant};

use ::report::{self as wire, Failure, Report, TestId};

use super::*;

fn is_played() -> bool {
    env::var("LAB_SUBJECT").is_ok_and(|subject| subject == "the judge's own tests")
}

/// As the test kit writes it: to the file that is named, or to one in the folder that is named.
fn report(outcome: wire::Outcome, provisional: bool) {
    let path = PathBuf::from(env::var_os("LAB_REPORT").expect("the judge gives a path"));
    let current = thread::current();
    let name = current.name().expect("libtest names it");
    let mut report = Report::new("01", TestId::parse("step1_listen::t"), outcome);
    report.provisional = provisional;
    report.write(&Report::file(&path, name)).expect("written");
}

fn failed(kind: Kind, text: &str) -> wire::Outcome {
    wire::Outcome::Failed(Box::new(Failure::new(kind, "a-message", text)))
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
        let child = Command::new(program).args(["--exact", "judge::tests::plays_a_hang"]).spawn();
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
        report(failed(Kind::Unwritten, "not written"), false);
        panic!("as the report says");
    }
}

#[test]
fn plays_a_failure_that_exits_well() {
    if is_played() {
        report(failed(Kind::Expectation, "wrong"), false);
    }
}

#[test]
fn plays_a_failure_in_a_hurry() {
    if is_played() && env::var_os("LAB_TIME_SCALE").is_some() {
        report(failed(Kind::Expectation, "late"), true);
        panic!("as the report says");
    }
}

#[test]
fn plays_a_failure_with_another_result() {
    if is_played() {
        println!("\ntest judge::tests::plays_nothing ... ok\n");
        plays_a_failure();
    }
}

#[test]
fn plays_a_skip() {
    if is_played() {
        report(wire::Outcome::Skipped { reason: "no IPv6 here".to_owned() }, false);
    }
}

fn job(test: &str, deadline: Duration) -> Job {
    Job {
        program: env::current_exe().expect("known"),
        test: format!("judge::tests::{test}"),
        folder: PathBuf::from("."),
        subject: "the judge's own tests".to_owned(),
        color: false,
        deadline,
    }
}

fn judge_one(test: &str) -> Judged {
    let judged =
        judge(&[job(test, Duration::from_secs(20))], &Slots::for_one_program()).expect("it runs");
    judged.into_iter().next().expect("one job, one answer")
}

/// What becomes of `tests` when they are judged all at once.
fn judge_at_once<const N: usize>(tests: [&str; N]) -> [Judged; N] {
    let jobs = tests.map(|test| job(test, Duration::from_secs(20)));
    let judged = judge_soon(&jobs, &Slots::for_one_program()).expect("they run");
    judged.try_into().expect("an answer for each")
}

#[test]
fn all_at_once_they_are_told_apart() {
    let judged = judge_at_once(["plays_a_skip", "plays_a_failure", "plays_a_pass"]);
    let outcomes = judged.each_ref().map(|judged| judged.outcome);
    assert_eq!(outcomes, [Outcome::Skipped, Outcome::Failed, Outcome::Passed]);
    assert_eq!(judged[1].test, "judge::tests::plays_a_failure");
    assert_eq!(judged[1].sentence, "not written");
}

#[test]
fn what_fails_in_a_hurry_is_judged_in_peace() {
    let [in_peace] = judge_at_once(["plays_a_failure_in_a_hurry"]);
    assert_eq!(in_peace.outcome, Outcome::Passed, "{}", in_peace.text);
}

#[test]
fn who_ends_the_process_takes_nobody_along() {
    let [ends, passes] = judge_at_once(["plays_an_early_exit", "plays_a_pass"]);
    assert_eq!(ends.outcome, Outcome::TestProgramFailed);
    assert_eq!(passes.outcome, Outcome::Passed);
}

#[test]
fn what_a_test_prints_is_no_result() {
    let [other, nothing] = judge_at_once(["plays_a_failure_with_another_result", "plays_nothing"]);
    assert_eq!(other.outcome, Outcome::Failed);
    assert_eq!(nothing.outcome, Outcome::TestProgramFailed);
}

#[test]
fn one_that_hangs_among_others_is_killed_and_told() {
    let jobs = ["plays_a_hang", "plays_a_pass"].map(|test| job(test, Duration::from_millis(300)));
    let judged = judge_soon(&jobs, &Slots::for_one_program()).expect("they run");
    assert_eq!(judged[0].outcome, Outcome::TimedOut);
    assert_eq!(judged[1].outcome, Outcome::Passed);
}

#[test]
fn a_test_that_passes_has_passed() {
    assert_eq!(judge_one("plays_a_pass").outcome, Outcome::Passed);
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
fn a_failure_without_report_is_the_test_programs() {
    let judged = judge_one("plays_a_panic_without_report");
    assert_eq!(judged.outcome, Outcome::TestProgramFailed);
    assert!(judged.text.contains("no report, for a reason"), "{}", judged.text);
}

#[test]
fn a_failure_is_told_as_the_report_tells_it() {
    let judged = judge_one("plays_a_failure");
    assert_eq!((judged.outcome, judged.kind), (Outcome::Failed, Some(Kind::Unwritten)));
    assert_eq!(
        (judged.sentence.as_str(), judged.text.as_str()),
        ("not written", "✗ listen › t\n\nnot written\n\nStuck? cargo lab hint 01 listen")
    );
}

#[test]
fn a_reported_failure_counts_whatever_the_exit_status() {
    assert_eq!(judge_one("plays_a_failure_that_exits_well").outcome, Outcome::Failed);
}

#[test]
fn a_skipped_test_says_why() {
    let judged = judge_one("plays_a_skip");
    assert_eq!((judged.outcome, judged.sentence.as_str()), (Outcome::Skipped, "no IPv6 here"));
}

#[test]
fn one_that_hangs_is_killed_at_its_deadline_and_holds_up_nobody() {
    let jobs = [
        job("plays_a_hang", Duration::from_millis(300)),
        job("plays_a_pass", Duration::from_secs(20)),
    ];
    let start = Instant::now();
    let judged = judge(&jobs, &Slots::for_one_program()).expect("they run");
    assert_eq!(judged[0].outcome, Outcome::TimedOut);
    assert_eq!(judged[1].outcome, Outcome::Passed);
    assert!(start.elapsed() < Duration::from_secs(10), "took {:?}", start.elapsed());
}

#[cfg(target_os = "linux")]
#[test]
fn what_a_killed_test_started_is_killed_too() {
    let judged = judge(
        &[job("plays_a_hang_with_a_child", Duration::from_secs(1))],
        &Slots::for_one_program(),
    )
    .expect("it runs");
    let child = judged[0].text.lines().find_map(|line| line.trim().strip_prefix("child "));
    let stat = format!("/proc/{}/stat", child.expect("its last words name the child"));
    // Gone, or a zombie (Z) that its new parent has not collected yet.
    let start = Instant::now();
    let is_alive = || fs::read_to_string(&stat).is_ok_and(|stat| !stat.contains(") Z"));
    while is_alive() {
        assert!(start.elapsed() < Duration::from_secs(10), "the child is still running");
        thread::yield_now();
    }
}
