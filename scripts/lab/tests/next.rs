//! What comes after a verdict without a failure.

mod scratch;

use lab::commands::next::Afterwards;
use lab::course::progress::{Progress, TestMark};
use lab::files::rust_fingerprints;
use scratch::{LAB, STUB, Scratch};
use terminal::Style;

/// What comes after these steps of lab 01 are done, in a workspace that has also a lab 02.
fn after(done: &[&str], edit: impl FnOnce(&Scratch)) -> String {
    let scratch = Scratch::new();
    scratch.write("labs/02-many/lab.toml", LAB);
    scratch.write("labs/02-many/src/main.rs", &STUB.replace("lab01", "lab02"));
    scratch.write("labs/01-echo/README.md", "# Echo\n\n## Going further\n");
    scratch.write("docs/labs/01-echo.md", "# Echo\n");
    let (lab, mut progress) = (scratch.lab(), Progress::default());
    for step in done {
        let step = progress.step_mut(&lab, step);
        step.results = [("a_test".to_owned(), TestMark::Passed)].into();
        step.files = rust_fingerprints(&lab.src());
    }
    edit(&scratch);
    let afterwards = Afterwards::find(&scratch.workspace(), &lab, &progress).expect("found");
    afterwards.page(&Style::PLAIN)
}

#[test]
fn after_a_step_comes_the_next_step_with_its_idea_and_place() {
    let page = after(&["listen"], |_| ());
    for words in ["Next: lab 01, step echo\n  bytes, not messages\n", "labs/01-echo/src/main.rs:2"]
    {
        assert!(page.contains(words), "{words} in\n{page}");
    }
    assert!(!page.contains("is done"), "{page}");
}

#[test]
fn a_step_that_is_written_and_failed_is_judged_again() {
    let scratch = Scratch::new();
    let (lab, mut progress) = (scratch.lab(), Progress::default());
    progress.step_mut(&lab, "listen").results = [("a_test".to_owned(), TestMark::Failed)].into();
    let page = |scratch: &Scratch| {
        let after = Afterwards::find(&scratch.workspace(), &lab, &progress).expect("found");
        after.page(&Style::PLAIN)
    };
    assert!(page(&scratch).contains("cargo lab watch 01"), "{}", page(&scratch));
    scratch.write("labs/01-echo/src/main.rs", "fn main() {}\n");
    for words in ["Next: lab 01, step listen\n", "cargo lab test 01 listen ", "again, because"] {
        assert!(page(&scratch).contains(words), "{words} in\n{}", page(&scratch));
    }
}

#[test]
fn after_the_last_step_come_the_page_going_further_and_the_next_lab() {
    let page = after(&["listen", "echo"], |_| ());
    let in_order = ["Lab 01 is done", "docs/labs/01-echo.md", "Going further", "Next: lab 02"];
    let places: Vec<Option<usize>> = in_order.iter().map(|words| page.find(words)).collect();
    assert!(places.iter().all(Option::is_some) && places.is_sorted(), "{page}");
}

#[test]
fn a_lab_is_not_done_before_its_last_change_is_judged() {
    let edit = |scratch: &Scratch| scratch.write("labs/01-echo/src/main.rs", "fn main() {}\n");
    let page = after(&["listen", "echo"], edit);
    let wanted = "\nNow lab 01 as a whole\n  judge  cargo lab test 01  because files have changed";
    assert!(page.starts_with(wanted) && !page.contains("is done"), "{page}");
}
