//! What clippy finds, and what it costs.

use super::{failure, run};
use crate::scratch::Scratch;
use lab::commands::test::{Finding, Lints, Run, Verdict};
use lab::course::progress::Progress;
use lab::judge::TestResult;
use lab::output::Output;
use report::Kind;
use terminal::Style;

const REMARK: &str = "Use the count that `read` returns, because most messages are shorter.";

/// The verdict if all tests pass and clippy finds an error in a file of `step`.
pub fn denied(step: Option<&str>) -> Verdict {
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
fn what_clippy_denies_in_a_file_of_no_step_costs_the_last_step() {
    let page = denied(None).page(&Style::PLAIN);
    assert!(page.contains("✓ listen") && page.contains("✗ echo "), "{page}");
}
