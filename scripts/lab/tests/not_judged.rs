//! What `cargo lab test` shows if the machine or the suite failed.

mod scratch;

use lab::commands::test::NotJudged;
use lab::error::Exit;
use lab::judge::{Outcome, TestResult};
use lab::output::Output;
use report::{Report, TestId};
use scratch::Scratch;
use terminal::Style;

fn result(test: &str, outcome: Outcome) -> TestResult {
    TestResult { outcome, ..TestResult::passed(test) }
}

fn by_machine(test: &str) -> TestResult {
    let reason = "This machine allows 64 open files.".to_owned();
    let outcome = report::Outcome::Machine { reason };
    TestResult::reported(test, Report::new("01", TestId::parse(test), outcome))
}

#[test]
fn failures_of_the_program_are_a_verdict() {
    let results =
        [Outcome::Passed, Outcome::Failed, Outcome::TimedOut].map(|it| result("step2_echo::a", it));
    assert!(NotJudged::find(&Scratch::new().lab(), &results).is_none());
}

#[test]
fn one_test_without_result_takes_all_points_out() {
    let tests = ["step2_echo::b", "step2_echo::c"].map(by_machine);
    let results = [vec![result("step2_echo::a", Outcome::Failed)], tests.to_vec()].concat();
    let not_judged = NotJudged::find(&Scratch::new().lab(), &results).expect("two have none");
    assert_eq!(not_judged.exit(), Exit::ToolFails);
    let json = serde_json::to_value(&not_judged).expect("it has text as keys");
    assert_eq!(json["verdict"], "not_judged");
    assert_eq!(json["reason"], "This machine allows 64 open files.");
    assert_eq!(json["points"], serde_json::Value::Null);
    let page = not_judged.page(&Style::PLAIN);
    assert_eq!(page.matches("This machine allows 64 open files.").count(), 1, "{page}");
    assert!(page.contains("is not judged, because 2 tests could not run."), "{page}");
}

#[test]
fn a_failed_test_program_is_no_verdict() {
    let results = [result("step2_echo::a", Outcome::TestProgramFailed)];
    assert!(NotJudged::find(&Scratch::new().lab(), &results).is_some());
}
