//! What a verdict says about the runs before it.

use super::{failure, reported, result, run, sources, verdict, verdict_after};
use crate::scratch::Scratch;
use lab::commands::test::{Run, Verdict};
use lab::course::progress::{Progress, ReadAdvice, StepProgress, TestMark};
use lab::judge::{Outcome, TestResult};
use lab::output::Output;
use report::{Advice, Failure, Kind};
use terminal::Style;

/// The progress after a run in which these tests of step echo had these results.
fn judged(results: &[(&str, TestMark)]) -> Progress {
    let results = results.iter().map(|(test, mark)| ((*test).to_owned(), *mark)).collect();
    let mut progress = Progress::default();
    *progress.step_mut(&Scratch::new().lab(), "echo") =
        StepProgress { results, files: sources("then"), ..StepProgress::default() };
    progress
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

/// Two functions to write, one that the advice names and one that it does not.
const ANSWER: &str =
    "/// # Steps\nfn a() {}\nimpl B {\n    /// # Steps\n    pub fn b(&self) {}\n    fn c() {}\n}\n";

/// The failure of a test with this advice.
fn advised(test: &str, id: &str) -> TestResult {
    let advice = Advice { id: id.to_owned(), text: "In `a`, read to the end.".to_owned() };
    let failure = Failure::new(Kind::Expectation, "not-read", "No.");
    reported(test, Failure { advice: Some(advice), ..failure })
}

#[test]
fn advice_that_was_read_before_an_edit_may_have_another_cause() {
    let scratch = Scratch::new();
    scratch.write("labs/01-echo/src/main.rs", ANSWER);
    let lab = scratch.lab();
    let page = |read: &Progress, failure: TestResult, main: &str| {
        let run = Run { files: sources(main), ..run(vec![failure]) };
        Verdict::new(&lab, None, run, read).page(&Style::PLAIN).replace('\n', " ")
    };
    let mut read = Progress::default();
    let first = || advised("step2_echo::bytes", "read-it");
    let wanted = "You have read this advice before, and main.rs has changed since then. If your code \
                  does what it says, the cause is elsewhere. The files of this step also have `b` \
                  (main.rs).";
    assert!(!page(&read, first(), "first").contains("read this advice"));
    // The files of the first run count, however often the advice is read.
    for save in ["first", "second"] {
        let advice = ReadAdvice::of(&first(), &sources(save));
        read.step_mut(&lab, "echo").show(advice);
    }
    assert!(page(&read, first(), "second").contains(wanted), "{}", page(&read, first(), "second"));
    assert!(!page(&read, first(), "first").contains("read this advice"), "nothing has changed");
    let others = [advised("step2_echo::text", "read-it"), advised("step2_echo::bytes", "write-it")];
    for other in others {
        assert!(!page(&read, other, "second").contains("read this advice"));
    }
    read.step_mut(&lab, "echo").show(None);
    assert!(!page(&read, first(), "second").contains("read this advice"), "it passed since");
}
