//! What students read.

use class_report::class::Class;
use class_report::feedback::{HeldBack, html, text};
use class_report::gradebook::Gradebook;
use class_report::policy::Policy;
use ledger::{Entry, LeftOut, Verdict};

use crate::fixture::{fail, fail_held_back, failure, model, of, unjudged, workspace};

/// The feedback on `entry` as text and as HTML.
pub fn feedback(entry: Entry, held_back: HeldBack) -> [String; 2] {
    let class = Class::new(&of(vec![entry]), &workspace());
    let policy = Policy::default();
    let book = Gradebook::new(&class, &policy);
    let member = &class.students[0];
    [text::feedback(&book, member, held_back), html::feedback(&book, member, held_back)]
}

#[test]
fn a_failure_is_shown_with_its_ladder_and_without_the_hint_of_the_runner() {
    let mut entry = model("01", "anna");
    entry.student.name = Some("Anna Schmidt".into());
    fail(&mut entry, "step2_echo::", &failure("closed-early", "read-in-a-loop"));
    let [text, html] = feedback(entry, HeldBack::Hidden);
    assert!(text.starts_with("Feedback for Anna Schmidt (anna)\n"), "{text}");
    for words in [
        "✗ echo › a_text_comes_back",
        "── \"y\" ──",
        "✗ wanted \"y\"",
        "75 of 100 points",
        "0 of 10 tests",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    for words in [
        "<svg",
        "<dt>Expected</dt>",
        "Look at <code>echo</code>",
        "id=\"lab-01-echo\"",
        "<summary>✗ a text comes back</summary>",
    ] {
        assert!(html.contains(words), "{words} in {html}");
    }
    for page in [text, html] {
        assert!(page.contains("9 more tests of this step fail for the same cause"), "{page}");
        assert!(!page.contains("Stuck?") && !page.contains("cargo lab hint"), "{page}");
    }
}

#[test]
fn held_back_tests_are_shown_only_if_the_instructor_says_so() {
    let mut entry = model("01", "anna");
    fail_held_back(&mut entry, &failure("leaks", "close-with-the-client"));
    for page in feedback(entry.clone(), HeldBack::Hidden) {
        assert!(!page.contains("secret") && !page.contains("leaks"), "{page}");
    }
    for page in feedback(entry, HeldBack::Shown) {
        assert!(
            page.contains("leaks") && page.contains("Tests that only the instructor has"),
            "{page}"
        );
    }
}

#[test]
fn what_was_not_judged_is_explained() {
    let mut entry = unjudged("01", "anna", Verdict::DidNotCompile);
    entry.reason = None;
    entry.compiler = Some("error[E0425]: cannot find value `x`".into());
    entry.submission.left_out =
        vec![LeftOut { path: "build.rs".into(), reason: "not a file of the lab".into() }];
    for page in feedback(entry, HeldBack::Hidden) {
        for words in [
            "0 of 100 points",
            "The program does not compile.",
            "error[E0425]",
            "build.rs (not a file of the lab)",
        ] {
            assert!(page.contains(words), "{words} in {page}");
        }
    }
    for page in feedback(unjudged("01", "anna", Verdict::GraderError), HeldBack::Hidden) {
        assert!(!page.contains("This is the reason."), "it may name a held-back test: {page}");
        assert!(page.contains("no grade yet") && !page.contains("0 of 100"), "{page}");
    }
}

#[test]
fn a_page_loads_nothing_and_has_no_script() {
    let mut entry = model("01", "anna");
    fail(&mut entry, "step", &failure("closed-early", "read-in-a-loop"));
    let [_, html] = feedback(entry, HeldBack::Hidden);
    assert!(html.contains("content=\"default-src 'none'; style-src 'sha256-"), "{html}");
    for way in [" src=", "url(", "@import", "style=\"", "onclick", "<script"] {
        assert!(!html.contains(way), "{way} in {html}");
    }
}

#[test]
fn without_a_step_no_table_has_held_back_tests() {
    let class = Class::new(&of(vec![unjudged("01", "anna", Verdict::DidNotCompile)]), &workspace());
    let policy = Policy::parse("[lab.01]\nheld_back_points = 20\n").expect("a policy");
    let book = Gradebook::new(&class, &policy);
    let text = text::feedback(&book, &class.students[0], HeldBack::Hidden);
    assert!(text.contains("0 of 120 points") && !text.contains("held-back"), "{text}");
}
