//! Lines of code, and the difference of two answers.

use std::fs;

use compare::sources::{Difference, count_code};
use manifest::Step;
use terminal::Style;

use crate::with::lab;

#[test]
fn blank_lines_and_comments_are_no_code() {
    let text =
        "//! About.\n\nfn a() {\n    // why\n    b(); // here\n}\n/* one\ntwo */\n/* x */\nc();\n";
    assert_eq!(count_code(text), 4);
}

fn step() -> Step {
    Step {
        name: "framing".to_owned(),
        idea: String::new(),
        points: 1,
        functions: 1,
        files: vec!["a.rs".to_owned(), "b.rs".to_owned()],
        tests: Vec::new(),
        hints: Vec::new(),
        test_hints: Vec::new(),
        also_check: Vec::new(),
    }
}

fn difference(mine: &str, other: &str) -> Difference {
    let folder = tempfile::tempdir().expect("a folder");
    let write = |side: &str, text: &str| {
        let src = folder.path().join(side);
        fs::create_dir(&src).expect("a folder");
        fs::write(src.join("a.rs"), text).expect("a file");
        fs::write(src.join("b.rs"), "equal\n").expect("a file");
        src
    };
    let (from, to) = (write("mine", mine), write("other", other));
    Difference::of(&lab(), &[step()], ("yours", &from), ("anna", &to))
}

#[test]
fn a_difference_has_both_sides_step_by_step() {
    let page = difference("one\ntwo\n", "one\r\nthree\n").page(&Style::PLAIN);
    let wanted = "\nlab 02-multithreaded   − yours   + anna\n\nstep framing\n\na.rs\n@@ -1,2 +1,2 @@\n  \
                  one\n- two\n+ three\n\nb.rs is equal\n";
    assert_eq!(page, wanted);
}

#[test]
fn no_line_of_a_difference_is_wider_than_the_terminal() {
    let long = format!("let x = {};\n", "y".repeat(300));
    let style = Style { columns: 40, ..Style::PLAIN };
    let page = difference("", &long).page(&style);
    assert!(page.lines().all(|line| terminal::width(line) <= 40), "{page}");
    assert_eq!(page.matches('y').count(), 300 + "yours".matches('y').count());
}

#[test]
fn the_rest_of_a_long_line_is_no_line_of_the_difference() {
    let long = format!("let x = {};\n", "y".repeat(60));
    let page = |columns| difference("", &long).page(&Style { columns, ..Style::PLAIN });
    let added = |page: &str| page.lines().filter(|line| line.starts_with("+ ")).count();
    let narrow = page(40);
    assert_eq!(added(&narrow), 1, "{narrow}");
    assert!(narrow.contains("\n│ yyyy"), "{narrow}");
    assert!(page(usize::MAX).contains(&format!("\n+ {long}")), "a pipe has the whole line");
}

#[test]
fn sources_cannot_paint_on_the_terminal() {
    let page = difference("", "\u{1b}[2J\u{202e}\n").page(&Style::PLAIN);
    assert!(page.contains("\\u{1b}[2J\\u{202e}"), "{page}");
}
