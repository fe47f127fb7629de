//! Tests that run at the same time, in one process first.

use std::time::Duration;

use super::job;
use lab::cancel::CancellationToken;
use lab::judge::{Outcome, Permits, TestResult, judge};

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
    let jobs = [
        job("plays_a_hang", Duration::from_millis(300)),
        job("plays_a_pass", Duration::from_secs(20)),
    ];
    let results =
        judge(&jobs, &Permits::for_one_program(&CancellationToken::default())).expect("they run");
    assert_eq!(results[0].outcome, Outcome::TimedOut);
    assert_eq!(results[1].outcome, Outcome::Passed);
}

#[test]
fn a_failure_of_the_machine_beside_other_tests_runs_again() {
    let [again] = judge_at_once(["plays_a_machine_failure_beside_other_tests"]);
    assert_eq!(again.outcome, Outcome::Passed, "{again:?}");
}
