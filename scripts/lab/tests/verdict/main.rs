//! The verdict on a lab, as people and as programs read it.

mod clippy;
mod earlier_runs;
#[path = "../scratch/mod.rs"]
mod scratch;

use std::collections::BTreeMap;

use clippy::denied;
use lab::commands::test::{Lints, Run, Verdict};
use lab::course::labs::Step;
use lab::course::progress::Progress;
use lab::judge::{Outcome, TestResult};
use lab::output::Output;
use report::{Advice, Failure, Kind, Place, Report, TestId, Unwritten};
use scratch::Scratch;
use serde_json::Value;
use terminal::Style;

fn verdict(results: Vec<TestResult>) -> Verdict {
    verdict_after(&Progress::default(), results)
}

/// The verdict of a run after which `main.rs` differs, with the progress `before` it.
fn verdict_after(before: &Progress, results: Vec<TestResult>) -> Verdict {
    Verdict::new(&Scratch::new().lab(), None, run(results), before)
}

fn run(results: Vec<TestResult>) -> Run {
    Run { files: sources("now"), results, lints: Lints::default() }
}

/// The fingerprints of two files, of which `main.rs` has changed.
fn sources(main: &str) -> BTreeMap<String, String> {
    [("main.rs", main), ("listen.rs", "same")].map(|(name, text)| (name.into(), text.into())).into()
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
fn the_first_failure_is_shown_in_full_and_the_others_in_brief() {
    let names = ["a", "b", "c"].map(|name| format!("step1_listen::{name}"));
    let page = page(names.iter().map(|name| failure(name, Kind::Expectation, "No.")).collect());
    assert_eq!(page.matches("✗ listen › ").count(), 1, "{page}");
    assert!(page.contains("(in full: cargo test -p lab01 step1_listen)"), "{page}");
    let wanted = "  listen › b\n      No.\n      1 more test fails with the same message: c\n";
    assert!(page.contains(wanted), "{page}");
}

/// They belong to another cause.
#[test]
fn no_advice_is_shown_but_that_of_the_first_failure() {
    let advised = |test: &str, text: &str| {
        let failure = Failure::new(Kind::Expectation, "not-read", "No.");
        let (id, text) = (text.to_owned(), text.to_owned());
        reported(test, Failure { advice: Some(Advice { id, text }), ..failure })
    };
    let page =
        page(vec![advised("step1_listen::a", "First."), advised("step1_listen::b", "Next.")]);
    assert!(page.contains("First.") && !page.contains("Next."), "{page}");
}

#[test]
fn one_panic_is_shown_once() {
    let panics = ["step1_listen::a", "step1_listen::b", "step2_echo::c", "step2_echo::d"];
    let page = page(panics.map(|name| failure(name, Kind::Panicked, "Oh no.")).to_vec());
    assert_eq!(page.matches("✗ listen › ").count(), 1, "{page}");
    assert!(page.contains("1 more test of this step fails with the same panic: b\n"), "{page}");
    assert!(page.contains("  echo › c and d: Oh no.\n"), "{page}");
}

#[test]
fn two_panics_with_the_same_advice_are_both_shown() {
    let panicked = |name: &str, text: &str| {
        let failure = Failure::new(Kind::Panicked, "panicked", text);
        let (id, think) = ("close-it".to_owned(), "Think.".to_owned());
        reported(name, Failure { advice: Some(Advice { id, text: think }), ..failure })
    };
    let page = page(vec![
        panicked("step1_listen::a", "The server panicked at main.rs:1: No."),
        panicked("step1_listen::b", "The server panicked at main.rs:2: No."),
    ]);
    assert!(page.contains("  listen › b: The server panicked at main.rs:2: No."), "{page}");
    assert!(!page.contains("same panic"), "{page}");
}

#[test]
fn one_advice_is_shown_once() {
    let advised = |name: &str, id: &str, advice: &str| {
        let failure = Failure::new(Kind::Expectation, id, &format!("The test {name} fails."));
        let (id, text) = (advice.to_owned(), "Think.".to_owned());
        reported(name, Failure { advice: Some(Advice { id, text }), ..failure })
    };
    let page = page(vec![
        advised("step1_listen::a", "not-closed", "close-it"),
        advised("step1_listen::b", "not-closed", "close-it"),
        advised("step1_listen::c", "not-closed", "read-it"),
        advised("step1_listen::d", "not-read", "close-it"),
    ]);
    assert_eq!(page.matches("✗ listen › ").count(), 1, "{page}");
    assert!(page.contains("\n  listen › c\n") && page.contains("\n  listen › d\n"), "{page}");
    let more = "1 more test of this step fails and gives the same advice: b";
    assert_eq!(page.matches(more).count(), 1, "{page}");
}

#[test]
fn of_later_steps_little_is_shown() {
    let mut failures = vec![failure("step1_listen::a", Kind::Expectation, "No.")];
    let later = ["a", "b", "c", "d", "e"].map(|name| format!("step2_echo::{name}"));
    failures.extend(later.iter().map(|name| failure(name, Kind::Expectation, name)));
    let page = page(failures);
    assert!(
        page.contains("  echo › b\n      step2_echo::b\n  echo › 3 more tests fail.\n"),
        "{page}"
    );
}

#[test]
fn two_panics_are_two_causes() {
    let panic = |test: &str, line: u32| {
        let place = Place { file: "labs/01-echo/src/main.rs".to_owned(), line };
        let (id, text) = ("an-advice".to_owned(), "Think.".to_owned());
        let failure = Failure::new(Kind::Panicked, "panicked", "The server panicked: Oh no.");
        let advice = Some(Advice { id, text });
        reported(test, Failure { place: Some(place), advice, ..failure })
    };
    let page = page(vec![panic("step1_listen::a", 7), panic("step1_listen::b", 8)]);
    assert!(page.contains("  listen › b: The server panicked: Oh no."), "{page}");
    assert!(!page.contains("the same panic"), "{page}");
}

#[test]
fn later_steps_that_are_not_written_are_one_line() {
    let unwritten = |test: &str, step: &str| {
        failure(test, Kind::Unwritten, &format!("step {step} is not written yet"))
    };
    let mut lab = Scratch::new().lab();
    let third = Step { name: "serve".to_owned(), ..lab.manifest.steps[1].clone() };
    lab.manifest.steps.push(third);
    let results = vec![
        failure("step1_listen::a", Kind::Expectation, "No."),
        unwritten("step2_echo::a", "echo"),
        unwritten("step2_echo::b", "listen"),
        unwritten("step3_serve::a", "serve"),
    ];
    let page = Verdict::new(&lab, None, run(results), &Progress::default()).page(&Style::PLAIN);
    let wanted =
        "In later steps\n  Steps echo and serve wait for functions that are not written yet.";
    assert!(page.contains(wanted) && !page.contains("echo ›"), "{page}");
}

#[test]
fn a_page_fits_a_narrow_terminal() {
    let style = Style { columns: 40, ..Style::PLAIN };
    let long = "The server sent too little, and then it closed the connection.";
    let results = ["a", "b", "c", "d", "e"].map(|name| {
        failure(&format!("step2_echo::{name}"), Kind::Expectation, &format!("{name}: {long}"))
    });
    for verdict in [verdict(results.to_vec()), denied(Some("listen"))] {
        let page = verdict.page(&style);
        let table = |line: &str| line.contains("tests ");
        let mut prose = page.lines().filter(|line| !table(line) && !line.contains("in full"));
        assert!(prose.all(|line| line.chars().count() <= 40 || line.contains("cargo")), "{page}");
    }
}

#[test]
fn a_function_of_an_earlier_step_that_may_be_the_cause_is_named() {
    let fails = |test: &str, kind| page(vec![failure(test, kind, "No.")]);
    let place = "Also check `a` in labs/01-echo/src/main.rs:1.";
    let page = fails("step2_echo::text", Kind::Expectation);
    assert!(page.contains(&format!("The cause may be in an earlier step. {place}\n")), "{page}");
    assert!(!fails("step2_echo::text", Kind::Panicked).contains("Also check"));
    assert!(!fails("step2_echo::bytes", Kind::Expectation).contains("Also check"));
}

#[test]
fn a_function_that_the_advice_names_is_not_named_again() {
    let failure = Failure::new(Kind::Expectation, "not-read", "No.");
    let (id, text) = ("read-it".to_owned(), "In a, read to the end.".to_owned());
    let advised = Failure { advice: Some(Advice { id, text }), ..failure };
    let page = page(vec![reported("step2_echo::text", advised)]);
    let line = "`a` belongs to an earlier step: labs/01-echo/src/main.rs:1.\n";
    assert!(page.contains(line) && !page.contains("Also check"), "{page}");
}

#[test]
fn a_function_of_an_earlier_step_is_named_only_if_the_failure_fits() {
    let page = |message: &str, advice: &str| {
        let mut lab = Scratch::new().lab();
        lab.manifest.steps[1].also_check[0].seen = vec!["closed-early".into(), "read-it".into()];
        let advice = Advice { id: advice.to_owned(), text: "Read to the end.".to_owned() };
        let failure = Failure::new(Kind::Expectation, message, "No.");
        let failure = Failure { advice: Some(advice), ..failure };
        let results = vec![reported("step2_echo::text", failure)];
        Verdict::new(&lab, None, run(results), &Progress::default()).page(&Style::PLAIN)
    };
    assert!(page("closed-early", "write-it").contains("Also check `a`"), "the message fits");
    assert!(page("not-read", "read-it").contains("Also check `a`"), "the advice fits");
    assert!(!page("not-read", "write-it").contains("Also check"), "neither fits");
}
