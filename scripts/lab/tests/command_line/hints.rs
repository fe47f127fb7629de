//! `cargo lab hint`.

use std::collections::BTreeMap;

use super::{json, judge, lab, stderr, stdout};
use crate::scratch::Scratch;
use lab::course::progress::{Progress, TestMark};

#[test]
fn hints_come_one_by_one_and_are_remembered() {
    let workspace = Scratch::new();
    let first = stdout(&lab(workspace.path(), &["hint", "01"]));
    assert!(first.contains("hint 1 of 3") && !first.contains("a direction"), "{first}");
    let second = stdout(&lab(workspace.path(), &["hint", "01-echo", "listen"]));
    assert!(second.contains("a nudge") && second.contains("hint 2 of 3"), "{second}");
    for is_new in [true, false] {
        let hints = json(&workspace, &["hint", "01"]);
        assert_eq!(hints["shown"].as_array().map(Vec::len), Some(3));
        assert_eq!(hints["is_new"], is_new);
    }
    workspace.write(".lab/progress.json", "{ broken");
    let again = stdout(&lab(workspace.path(), &["hint", "lab01"]));
    assert!(again.contains("hint 1 of 3") && !again.contains("a direction"), "{again}");
}

/// Writes the results of the tests `simple` and `hard` of step listen.
fn judge_listen(workspace: &Scratch, simple: TestMark, hard: TestMark) {
    let mut progress = Progress::read(&workspace.workspace());
    let results = [("simple", simple), ("hard", hard)];
    progress.step_mut(&workspace.lab(), "listen").results =
        results.map(|(test, mark)| (format!("step1_listen::{test}"), mark)).into();
    progress.write(&workspace.workspace()).expect("written");
}

#[test]
fn a_hint_that_fits_the_first_failing_test_comes_first() {
    use TestMark::{Failed, Passed, Unwritten};
    let workspace = Scratch::new();
    let hint = || stdout(&lab(workspace.path(), &["hint", "01", "listen"]));

    judge_listen(&workspace, Passed, Unwritten);
    assert!(hint().contains("hint 1 of 3  a nudge"));
    judge_listen(&workspace, Failed, Failed);
    assert!(hint().contains("hint 2 of 3  a direction"));
    judge_listen(&workspace, Passed, Failed);
    let page = hint();
    let last = format!("hint 3 of 4  For the test hard:\n{}for the hard one", " ".repeat(15));
    assert!(page.contains(&last) && page.contains("One more"), "{page}");
    let page = hint();
    assert!(page.contains("hint 1 of 4  For the test hard:"), "{page}");
    assert!(page.contains("hint 4 of 4  nearly the answer"), "{page}");
    assert!(hint().contains("These are all the hints."));
}

#[test]
fn a_hint_without_a_lab_is_for_the_lab_at_hand() {
    let workspace = Scratch::new();
    let output = lab(workspace.path(), &["hint"]);
    assert!(stdout(&output).contains("Lab 01, step listen"), "{output:?}");
    assert!(stderr(&output).contains("No lab was named, so this is lab 01-echo"), "{output:?}");
    judge(&workspace, [("listen", TestMark::Passed), ("echo", TestMark::Passed)]);
    let output = lab(workspace.path(), &["test"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: all labs are done: name one of 01-echo"));
}

#[test]
fn code_in_a_hint_keeps_its_lines() {
    let workspace = Scratch::new();
    let hint = || stdout(&lab(workspace.path(), &["hint", "1", "echo"]));
    let [_, _, page] = [hint(), hint(), hint()];
    let line = |text: &str| format!("{}{text}\n", " ".repeat(15));
    let code = line("loop {") + &line("    read()?;") + &line("}");
    assert!(page.contains(&format!("Like this:\n{code}")), "{page}");
}

#[test]
fn the_last_hint_of_a_step_that_passed_sends_no_student_to_a_failure() {
    let workspace = Scratch::new();
    let hint = || stdout(&lab(workspace.path(), &["hint", "01", "listen"]));
    judge(&workspace, [("listen", TestMark::Passed), ("echo", TestMark::Failed)]);
    let [_, _, last, again] = [hint(), hint(), hint(), hint()];
    for (page, first) in [(last, "That was the last one."), (again, "These are all the hints.")] {
        let wanted = format!("\n{first} The step passed when it was last judged.\n");
        assert!(page.ends_with(&wanted) && !page.contains("failure"), "{page}");
    }
    judge_listen(&workspace, TestMark::Passed, TestMark::Failed);
    assert!([hint(), hint()][1].contains("Now read the failure itself"));
}

#[test]
fn a_hint_is_for_the_first_step_that_is_not_done() {
    let workspace = Scratch::new();
    judge(&workspace, [("listen", TestMark::Passed), ("echo", TestMark::Failed)]);
    assert_eq!(json(&workspace, &["hint", "01"])["step"], "echo");
    judge(&workspace, [("listen", TestMark::Passed), ("echo", TestMark::Passed)]);
    let output = lab(workspace.path(), &["hint", "01"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("listen, echo"), "{}", stderr(&output));
}

#[test]
fn a_hint_is_for_the_step_that_was_judged_as_it_is_now() {
    let workspace = Scratch::new();
    let step = || json(&workspace, &["hint", "01"])["step"].clone();
    judge(&workspace, [("listen", TestMark::Failed), ("echo", TestMark::Failed)]);
    assert_eq!(step(), "listen");
    let mut progress = Progress::read(&workspace.workspace());
    progress.step_mut(&workspace.lab(), "listen").files = BTreeMap::new();
    progress.write(&workspace.workspace()).expect("written");
    assert_eq!(step(), "echo");
}
