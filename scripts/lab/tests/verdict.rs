//! The verdict on a lab, as people and as programs read it.

mod scratch;

use lab::commands::test::Verdict;
use lab::course::progress::Progress;
use lab::judge::{Outcome, TestResult};
use lab::output::Output;
use report::{Failure, Kind, Report, TestId, Unwritten};
use scratch::Scratch;
use serde_json::Value;
use terminal::Style;

fn verdict(results: Vec<TestResult>) -> Verdict {
    Verdict::new(&Scratch::new().lab(), None, results, &Progress::default())
}

fn json(results: Vec<TestResult>) -> Value {
    serde_json::to_value(verdict(results)).expect("it has text as keys")
}

fn page(failures: Vec<TestResult>) -> String {
    verdict(failures).page(&Style::PLAIN)
}

fn result(test: &str, outcome: Outcome) -> TestResult {
    TestResult { outcome, ..TestResult::passed(test) }
}

fn reported(test: &str, failure: Failure) -> TestResult {
    TestResult::reported(test, Report::failed("01", TestId::parse(test), failure))
}

fn failure(test: &str, kind: Kind, sentence: &str) -> TestResult {
    reported(test, Failure::new(kind, "some-id", sentence))
}

#[test]
fn points_are_the_share_of_what_passed() {
    let verdict = json(vec![
        result("step1_listen::a", Outcome::Passed),
        result("step2_echo::a", Outcome::Passed),
        result("step2_echo::b", Outcome::TimedOut),
        result("step2_echo::c", Outcome::Failed),
        result("step2_echo::d", Outcome::Skipped),
    ]);
    let points = [&verdict["steps"][0]["points"], &verdict["steps"][1]["points"]];
    assert_eq!(
        (points[0], points[1], &verdict["points_possible"]),
        (&15.into(), &5.into(), &30.into())
    );
    assert_eq!(verdict["next_hint"], "cargo lab hint 01 echo");
    assert_eq!(verdict["verdict"], "failed");
}

#[test]
fn tests_that_cannot_run_are_shown_and_their_points_named() {
    let results = || {
        ["a", "b"].map(|name| result(&format!("step1_listen::{name}"), Outcome::Passed)).into_iter()
    };
    let skipped = || {
        let reason = "this user may bind ports below 1024".to_owned();
        let test = TestId::parse("step1_listen::c");
        let report = Report::new("01", test, report::Outcome::Skipped { reason });
        TestResult::reported("step1_listen::c", report)
    };
    let page = page(results().chain([skipped()]).collect());
    assert!(page.contains("2/2 tests     10/10 points"), "{page}");
    let total = "All tests pass: 10 of 10 points, and 5 more that this machine cannot judge.";
    assert!(page.contains(total), "{page}");
    assert!(page.contains("Not run on this machine\n  c\n      this user may bind"), "{page}");
    let verdict = json(results().chain([skipped()]).collect());
    assert_eq!(
        (&verdict["points_possible"], &verdict["points_not_judged"]),
        (&10.into(), &5.into())
    );
}

#[test]
fn a_step_of_which_no_test_can_run_has_no_points() {
    let verdict = json(vec![
        result("step1_listen::a", Outcome::Skipped),
        result("step2_echo::a", Outcome::Failed),
    ]);
    assert_eq!((&verdict["points"], &verdict["points_possible"]), (&0.into(), &20.into()));
    assert_eq!(verdict["points_not_judged"], 15);
}

#[test]
fn where_a_function_is_missing_its_step_has_the_hints() {
    let mut failure = Failure::new(Kind::Unwritten, "unwritten", "step listen is not written yet");
    let (step, function) = ("listen".to_owned(), "bind".to_owned());
    failure.unwritten = Some(Unwritten { step, function });
    let verdict = json(vec![reported("step2_echo::a", failure)]);
    assert_eq!(verdict["next_hint"], "cargo lab hint 01 listen");
}

#[test]
fn the_first_failures_are_shown_in_full_and_the_others_in_brief() {
    let names = ["a", "b", "c", "d", "e"].map(|name| format!("step1_listen::{name}"));
    let page = page(names.iter().map(|name| failure(name, Kind::Expectation, "No.")).collect());
    assert_eq!(page.matches("✗ listen › ").count(), 3, "{page}");
    assert!(page.contains("(in full: cargo test -p lab01 step1_listen)"), "{page}");
    assert!(page.contains("  listen › d, and 1 more\n      No.\n"), "{page}");
}

#[test]
fn one_panic_is_shown_once() {
    let panics = ["step1_listen::a", "step1_listen::b", "step2_echo::c", "step2_echo::d"];
    let page = page(panics.map(|name| failure(name, Kind::Panicked, "Oh no.")).to_vec());
    assert_eq!(page.matches("✗ listen › ").count(), 1, "{page}");
    assert!(page.contains("1 more test of this step fails with the same panic."), "{page}");
    assert!(page.contains("  echo › 2 tests: Oh no.\n"), "{page}");
}

#[test]
fn of_later_steps_little_is_shown() {
    let mut failures = vec![failure("step1_listen::a", Kind::Expectation, "No.")];
    let later = ["a", "b", "c", "d", "e"].map(|name| format!("step2_echo::{name}"));
    failures.extend(later.iter().map(|name| failure(name, Kind::Expectation, name)));
    let page = page(failures);
    assert!(page.contains("  echo › b\n      step2_echo::b\n  echo › 3 more\n"), "{page}");
}
