//! Mistakes: how they are kept, and when a test has caught one.

use std::fs;

use lab::course::mistake::{Catcher, Evidence, Mistake};
use lab::judge::{Outcome, TestResult};
use report::{Failure, Kind, Report, TestId};
use verify::mistakes::{Trial, by_tests, idle_tests};

const DIFF: &str = "--- a/src/echo.rs\n+++ b/src/echo.rs\n@@ -1 +1 @@\n-a\n+b\n";

fn read(text: &str) -> Result<Mistake, String> {
    let folder = tempfile::tempdir().expect("a scratch folder");
    let path = folder.path().join("it.patch");
    fs::write(&path, text).expect("written");
    Mistake::read(&path)
}

fn parse(header: &str) -> Result<Mistake, String> {
    read(&format!("{header}\n{DIFF}"))
}

fn evidence(message: Option<&str>, advice: Option<&str>) -> Evidence {
    Evidence { message: message.map(str::to_owned), advice: advice.map(str::to_owned) }
}

#[test]
fn the_header_is_read() {
    let mistake =
        parse("# believed: a: b\n# caught-by: step2_echo::c\n# message: d").expect("valid");
    assert_eq!((&*mistake.name, &*mistake.believed), ("it", "a: b"));
    assert_eq!(mistake.evidence, evidence(Some("d"), None));
    assert_eq!(mistake.caught_by, Catcher::Test("step2_echo::c".to_owned()));
    let both = "# believed: a\n# caught-by: step2_echo::c\n# message: d\n# advice: e";
    assert_eq!(parse(both).expect("valid").evidence, evidence(Some("d"), Some("e")));
    let mistake = parse("# believed: a\n# caught-by: clippy::c").expect("valid");
    assert_eq!(mistake.caught_by, Catcher::Lint("clippy::c".to_owned()));
}

#[test]
fn what_is_wrong_with_a_header_is_named() {
    let wrong = [
        ("", "believed"),
        ("# believed: a\n# message: d\n# caught-by: step2_echo::c", "caught-by"),
        ("# believed: a\n# caught-by: step2_echo::c\n# message:", "message"),
        ("# believed: a\n# caught-by: step2_echo::c", "message"),
        ("# believed: a\n# caught-by: step2_echo::c\n# message: a b", "a b"),
        ("# believed: a\n# caught-by: nothing\n# message: d", "nothing"),
    ];
    for (header, expected) in wrong {
        let problem = parse(header).expect_err("wrong");
        assert!(problem.contains(expected), "{header}: {problem}");
    }
    let problem = read("# believed: a\n# caught-by: step2_echo::c\n# message: d\n");
    assert!(problem.expect_err("no diff").contains("no diff"));
}

const TEST: &str = "step1_listen::a";

fn failed(message: &str) -> TestResult {
    let failure = Failure::new(Kind::Expectation, message, "any text");
    TestResult::reported(TEST, Report::failed("01", TestId::parse(TEST), failure))
}

/// Why a mistake is not caught that `TEST` must catch with this message.
fn problem(message: &str, result: TestResult) -> String {
    let header = format!("# believed: a\n# caught-by: {TEST}\n# message: {message}");
    by_tests(&parse(&header).expect("valid"), &[result]).problem
}

#[test]
fn a_mistake_is_caught_by_the_named_test_with_the_named_message() {
    assert_eq!(problem("closed-early", failed("closed-early")), "");
    let late = TestResult { outcome: Outcome::TimedOut, ..failed("closed-early") };
    assert_eq!(problem("closed-early", late), "");
    let other = problem("not-read", failed("closed-early"));
    assert!(other.contains("does not report the message `not-read`"), "{other}");
    assert!(problem("closed-early", TestResult::passed(TEST)).contains("passes on it"));
    assert!(problem("closed-early", skipped()).contains("cannot run here"));
}

fn skipped() -> TestResult {
    let reason = "no IPv6".to_owned();
    let report = Report::new("01", TestId::parse(TEST), report::Outcome::Skipped { reason });
    TestResult::reported(TEST, report)
}

#[test]
fn an_advice_is_evidence_too() {
    let header = format!("# believed: a\n# caught-by: {TEST}\n# advice: read-again");
    let trial = by_tests(&parse(&header).expect("valid"), &[failed("closed-early")]);
    assert!(trial.problem.contains("the advice `read-again`, but None"), "{}", trial.problem);
}

#[test]
fn all_named_tests_must_catch_the_mistake() {
    let header = format!(
        "# believed: a\n# caught-by: {TEST}\n# message: closed-early\n# also-caught-by: a::two"
    );
    let mistake = parse(&header).expect("valid");
    assert_eq!(mistake.catchers().collect::<Vec<_>>(), [TEST, "a::two"]);
    let two = |result: TestResult| TestResult { test: "a::two".to_owned(), ..result };
    let problem = |second| by_tests(&mistake, &[failed("closed-early"), two(second)]).problem;
    assert_eq!(problem(failed("not-read")), "", "any message will do");
    assert_eq!(problem(skipped()), "", "another machine will prove it");
    assert_eq!(problem(TestResult::passed(TEST)), "a::two passes on it");
    let first_passes = [TestResult::passed(TEST), two(failed("not-read"))];
    assert_eq!(by_tests(&mistake, &first_passes).problem, format!("{TEST} passes on it"));
}

#[test]
fn a_test_that_no_mistake_fails_is_idle() {
    let mistake = parse("# believed: a\n# caught-by: a::one\n# message: d").expect("valid");
    let skipped = vec!["a::two".to_owned()];
    let trial = Trial { skipped, ..Trial::new(&mistake, vec!["a::one".to_owned()], None) };
    let tests = ["a::one", "a::two", "a::three"].map(str::to_owned);
    assert_eq!(idle_tests(&tests, &[trial]), ["a::three: no mistake makes it fail"]);
}

#[test]
fn a_mistake_that_passes_once_is_a_problem() {
    let mistake =
        parse(&format!("# believed: a\n# caught-by: {TEST}\n# message: d")).expect("valid");
    let run = |problem: Option<&str>| Trial::new(&mistake, Vec::new(), problem.map(str::to_owned));
    let mut trial = run(None);
    let failed = vec!["a::two".to_owned()];
    trial.add_run(Trial { failed, ..run(Some("it passes on it")) });
    trial.add_run(run(None));
    assert!(trial.sentence().contains("caught in 2 of 3 runs: it passes on it"), "{trial:?}");
    assert_eq!(trial.failed, ["a::two"]);
}

#[test]
fn a_test_that_failed_only_in_a_trial_that_was_repeated_is_not_idle() {
    let mistake =
        parse(&format!("# believed: a\n# caught-by: {TEST}\n# message: d")).expect("valid");
    let first = Trial::new(&mistake, vec!["a::two".to_owned()], Some("it passes on it".to_owned()));
    let again = Trial::new(&mistake, vec![TEST.to_owned()], None).with_failures_of(first);
    assert!(again.problem.is_empty(), "{again:?}");
    assert_eq!(idle_tests(&[TEST.to_owned(), "a::two".to_owned()], &[again]), [""; 0]);
}
