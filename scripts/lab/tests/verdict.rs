//! The verdict on a lab, as people and as programs read it.

mod scratch;

use std::collections::BTreeMap;

use lab::commands::test::{Finding, Lints, Run, Verdict};
use lab::course::labs::Step;
use lab::course::progress::{Progress, StepProgress, TestMark};
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

/// The progress after a run in which these tests of step echo had these results.
fn judged(results: &[(&str, TestMark)]) -> Progress {
    let results = results.iter().map(|(test, mark)| ((*test).to_owned(), *mark)).collect();
    let mut progress = Progress::default();
    *progress.step_mut(&Scratch::new().lab(), "echo") =
        StepProgress { results, files: sources("then"), ..StepProgress::default() };
    progress
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
    let wanted = "  listen › d\n      No.\n      1 more test fails with the same message: e\n";
    assert!(page.contains(wanted), "{page}");
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
    assert_eq!(page.matches("✗ listen › ").count(), 2, "{page}");
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
    assert_eq!(page.matches("✗ listen › ").count(), 3, "{page}");
    let more = "1 more test of this step fails with the same message and the same advice: b";
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
fn tests_that_passed_in_the_last_run_are_named_with_the_files_that_changed() {
    let names = ["step2_echo::a_b", "step2_echo::c", "step2_echo::d"];
    let marks = [TestMark::Passed, TestMark::Failed, TestMark::Passed];
    let before = judged(&std::array::from_fn::<_, 3, _>(|index| (names[index], marks[index])));
    let results = || names.map(|name| failure(name, Kind::Expectation, "No.")).to_vec();

    let page = verdict_after(&before, results()).page(&Style::PLAIN);
    let wanted = "2 tests passed before and fail now. Since then, you changed main.rs.";
    assert!(page.contains(&format!("\n{wanted}\n  echo › a b\n  echo › d\n")), "{page}");
    let passes = names.map(TestResult::passed).to_vec();
    assert!(!verdict_after(&before, passes).page(&Style::PLAIN).contains("passed before"));
}

#[test]
fn a_test_that_passed_before_is_named_until_it_passes_again() {
    let lab = Scratch::new().lab();
    let mut progress = judged(&[("step2_echo::a", TestMark::Passed)]);
    let regression = |progress: &Progress, main: &str| {
        let results = vec![failure("step2_echo::a", Kind::Expectation, "No.")];
        let run = Run { files: sources(main), ..run(results) };
        Verdict::new(&lab, None, run, progress).page(&Style::PLAIN)
    };
    let record = |progress: &mut Progress, main: &str, mark| {
        let results = [("step2_echo::a".to_owned(), mark)].into();
        progress.step_mut(&lab, "echo").record(results, sources(main));
    };
    let wanted = "1 test passed before and fails now. Since then, you changed main.rs.";
    for save in ["first", "second", "third"] {
        let page = regression(&progress, save);
        assert!(page.contains(wanted), "{page}");
        record(&mut progress, save, TestMark::Failed);
    }
    // A step that gets a `todo!` for a while is being written. What passed before is not forgotten.
    record(&mut progress, "fourth", TestMark::Unwritten);
    assert!(regression(&progress, "fifth").contains(wanted));
    assert!(regression(&progress, "then").contains("No file in src has changed"));
    record(&mut progress, "sixth", TestMark::Passed);
    assert!(progress.step(&lab, "echo").passed_with.is_empty());
}

#[test]
fn a_test_that_could_not_run_is_not_lost() {
    let before =
        judged(&[("step2_echo::a", TestMark::Passed), ("step2_echo::b", TestMark::Passed)]);
    let now = vec![TestResult::passed("step2_echo::a"), result("step2_echo::b", Outcome::Skipped)];
    let page = verdict_after(&before, now).page(&Style::PLAIN);
    assert!(page.contains("1/1 tests     10/10 points   1 not run\n"), "{page}");
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
    assert_eq!(page.matches("✗ listen › ").count(), 2, "{page}");
    assert!(!page.contains("the same panic"), "{page}");
}

#[test]
fn a_test_of_a_step_that_is_or_was_not_written_is_no_regression() {
    let regression = |before: &Progress, results: Vec<TestResult>| {
        let page = verdict_after(before, results).page(&Style::PLAIN);
        page.contains("passed before")
    };
    let fails = |test: &str, kind| failure(test, kind, "No.");
    let first = || fails("step2_echo::a", Kind::Expectation);

    let written = judged(&[("step2_echo::a", TestMark::Passed)]);
    assert!(regression(&written, vec![first(), fails("step2_echo::b", Kind::Expectation)]));
    assert!(!regression(&written, vec![first(), fails("step2_echo::b", Kind::Unwritten)]));
    assert!(!regression(&written, vec![fails("step2_echo::a", Kind::Unwritten)]));
    assert!(regression(&written, vec![first(), fails("step1_listen::b", Kind::Unwritten)]));

    let marks = [("step2_echo::a", TestMark::Passed), ("step2_echo::b", TestMark::Unwritten)];
    assert!(!regression(&judged(&marks), vec![first()]));
}

#[test]
fn a_result_that_changed_without_an_edit_may_depend_on_timing() {
    let mut before = judged(&[("step2_echo::a", TestMark::Passed)]);
    before.step_mut(&Scratch::new().lab(), "echo").files = sources("now");
    let page = verdict_after(&before, vec![failure("step2_echo::a", Kind::Expectation, "No.")]);
    let page = page.page(&Style::PLAIN);
    assert!(page.contains("1 test passed before and fails now. No file in src"), "{page}");
}

#[test]
fn progress_inside_a_step_is_shown() {
    let mark = |name, passed| (name, if passed { TestMark::Passed } else { TestMark::Failed });
    let before = judged(&[mark("step2_echo::a", true), mark("step2_echo::b", false)]);
    let now = |outcome| vec![TestResult::passed("step2_echo::a"), result("step2_echo::b", outcome)];
    let page = |outcome| verdict_after(&before, now(outcome)).page(&Style::PLAIN);
    assert!(page(Outcome::Passed).contains("1 of 2, now 2 of 2"), "{}", page(Outcome::Passed));
    assert!(!page(Outcome::Failed).contains("now"), "{}", page(Outcome::Failed));
}

#[test]
fn a_step_that_is_newly_done_is_told_with_the_next_one() {
    let results = || {
        let next = failure("step2_echo::a", Kind::Unwritten, "step echo is not written yet");
        vec![TestResult::passed("step1_listen::a"), next]
    };
    let page = verdict(results()).page(&Style::PLAIN);
    assert!(page.contains("\nStep listen is done. Step echo is next.\n\nStep echo\n"), "{page}");

    let mut before = Progress::default();
    before.step_mut(&Scratch::new().lab(), "listen").results =
        [("step1_listen::a".to_owned(), TestMark::Passed)].into();
    let page = verdict_after(&before, results()).page(&Style::PLAIN);
    assert!(!page.contains("is done"), "{page}");
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

const REMARK: &str = "Use the count that `read` returns, because most messages are shorter.";

/// The verdict if all tests pass and clippy finds an error in a file of `step`.
fn denied(step: Option<&str>) -> Verdict {
    let step = step.map(str::to_owned);
    let lint = Some("clippy::a_lint".to_owned());
    let text = "error: a bug\n".to_owned();
    let finding = Finding { step, is_error: true, text, remark: Some(REMARK), lint };
    let passed = ["step1_listen::a", "step2_echo::a"].map(TestResult::passed).to_vec();
    let lints = Lints { findings: Some(vec![finding]), problem: None };
    let run = Run { lints, ..run(passed) };
    Verdict::new(&Scratch::new().lab(), None, run, &Progress::default())
}

#[test]
fn what_clippy_denies_costs_the_step() {
    let verdict = denied(Some("listen"));
    let page = verdict.page(&Style::PLAIN);
    for words in [
        "✗ listen   1/1 tests     0/15 points   1 error by clippy",
        "✓ echo",
        "a bug\n",
        "--explain a_lint",
    ] {
        assert!(page.contains(words), "{words} in\n{page}");
    }
    assert!(!page.contains("All tests pass") && !page.contains("Stuck?"), "{page}");
    let json = serde_json::to_value(&verdict).expect("it has text as keys");
    assert_eq!((&json["verdict"], &json["points"]), (&"failed".into(), &20.into()));
    assert_eq!(json["steps"][0]["done"], false);
}

#[test]
fn warnings_are_shown_for_the_step_at_hand_and_below_its_failures() {
    let warning = |step: &str| Finding {
        step: Some(step.to_owned()),
        is_error: false,
        text: format!("warning in {step}\n"),
        remark: None,
        lint: None,
    };
    let page = |steps: &[&str], results: Vec<TestResult>| {
        let findings = steps.iter().map(|step| warning(step)).collect();
        let lints = Lints { findings: Some(findings), problem: None };
        let run = Run { lints, ..run(results) };
        Verdict::new(&Scratch::new().lab(), None, run, &Progress::default()).page(&Style::PLAIN)
    };
    let passed = TestResult::passed("step1_listen::a");
    let failed = vec![passed.clone(), failure("step2_echo::a", Kind::Expectation, "No.")];
    let failing = page(&["listen", "echo"], failed.clone());
    let (above, below) = failing.split_once("Clippy has 1 warning.").expect("one is shown");
    assert!(above.contains("No.") && below.contains("warning in echo"), "{failing}");
    assert!(!failing.contains("warning in listen"), "{failing}");
    let elsewhere = page(&["listen"], failed);
    assert!(!elsewhere.contains("lippy"), "{elsewhere}");
    let passing = page(&["listen", "echo"], vec![passed, TestResult::passed("step2_echo::a")]);
    assert!(passing.contains("Clippy has 2 warnings."), "{passing}");
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
fn what_clippy_denies_in_a_file_of_no_step_costs_the_last_step() {
    let page = denied(None).page(&Style::PLAIN);
    assert!(page.contains("✓ listen") && page.contains("✗ echo "), "{page}");
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
    let (id, text) = ("read-it".to_owned(), "In `a` (main.rs), read to the end.".to_owned());
    let advised = Failure { advice: Some(Advice { id, text }), ..failure };
    let page = page(vec![reported("step2_echo::text", advised)]);
    let line = "`a` belongs to an earlier step: labs/01-echo/src/main.rs:1.\n";
    assert!(page.contains(line) && !page.contains("Also check"), "{page}");
}
