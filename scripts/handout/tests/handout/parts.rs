//! Pages, Cargo.toml and the choice of files.

use handout::absent_labs;
use handout::cargo_toml;
use handout::contents::Contents;
use handout::page;
use handout::source;

fn lab_02() -> Contents {
    Contents { labs: vec!["02".into()], dev_container: false, grader: false }
}

#[test]
fn a_part_for_instructors_is_left_out() {
    let text = "a\n\n<!-- instructors -->\n\nb\n\n<!-- students -->\n\nc\n";
    assert_eq!(page::for_students(text, |_| true), "a\n\nc\n");
}

#[test]
fn a_marked_line_is_left_out_alone() {
    let text = "| a | b |\n| c | d <!-- instructors --> |\n| e | f |\n";
    assert_eq!(page::for_students(text, |_| true), "| a | b |\n| e | f |\n");
}

#[test]
fn a_link_to_a_missing_file_becomes_its_words() {
    let text = "see [the\nbook](gone.md#here), [this](kept.md) and [that](https://example.org).\n";
    let wanted = "see the\nbook, [this](kept.md) and [that](https://example.org).\n";
    assert_eq!(page::for_students(text, |file| file == "kept.md"), wanted);
}

#[test]
fn a_link_to_a_heading_of_the_same_page_stays() {
    let text = "[above](#start)\n";
    assert_eq!(page::for_students(text, |_| false), text);
}

#[test]
fn a_row_about_a_missing_file_is_left_out() {
    let text = "| [01](gone.md) | x |\n| [02](kept.md) | [y](gone.md) |\n";
    assert_eq!(page::for_students(text, |file| file == "kept.md"), "| [02](kept.md) | y |\n");
}

#[test]
fn code_stays_as_it_is() {
    let text = "```rust\nhandlers[0](gone)\n```\n";
    assert_eq!(page::for_students(text, |_| false), text);
}

#[test]
fn a_marked_line_of_a_source_is_left_out() {
    let text = "a()\n    .b() // instructors\n// instructors read this\nc = 1 # instructors\n";
    assert_eq!(source::for_students(text), "a()\n// instructors read this\n");
}

#[test]
fn a_mention_of_an_absent_lab_is_left_out() {
    for (text, wanted) in [
        ("a (lab 02), b\n(lab 09).", "a (lab 02), b."),
        ("(labs 02 and 08)", "(lab 02)"),
        ("* a (lab\n  08)", "* a"),
        ("*RFC 1. Lab\n08.*", "*RFC 1.*"),
        ("RFC 1.*\n*Labs 08\nand 09.*\n", "RFC 1.*\n"),
        ("*ip(7). Labs 01, 02, 08 and\n03.*", "*ip(7). Labs 01, 02 and 03.*"),
        ("Labs 01, 08 and 02 are", "Labs 01 and 02 are"),
        ("lab 02, 10 bytes, a slab, a lab", "lab 02, 10 bytes, a slab, a lab"),
    ] {
        let has = |lab: &str| ["01", "02", "03"].contains(&lab);
        assert_eq!(absent_labs::for_students(text, has), wanted);
    }
}

#[test]
fn students_get_only_what_is_listed() {
    let contents = lab_02();
    for path in ["labs/02-b/tests/suite/main.rs", "docs/labs/02-b.md", "common/src/lib.rs"] {
        assert!(contents.has(path), "{path}");
    }
    for path in [
        "solutions/02-b/src/main.rs",
        "labs/01-a/src/main.rs",
        "docs/labs/01-a.md",
        "common/tests/common/main.rs",
        "scripts/verify/src/main.rs",
        "scripts/laboratory/src/main.rs",
        ".devcontainer/devcontainer.json",
        "new",
    ] {
        assert!(!contents.has(path), "{path}");
    }
}

#[test]
fn a_dev_container_is_an_option() {
    let contents = Contents { dev_container: true, ..lab_02() };
    assert!(contents.has(".devcontainer/devcontainer.json"));
}

#[test]
fn cargo_toml_names_only_packages_that_are_there() {
    let text = r#"[workspace]
members = ["a", "b", "l*/[0-9]/src/.."]
[workspace.dependencies]
# Two.
one = "1"
two = { path = "b" }
three = "3" # why
[lints]
x = "y"
"#;
    let wanted = r#"[workspace]
members = ["a", "l*/[0-9]/src/.."]
[workspace.dependencies]
# Two.
one = "1"
three = "3" # why
[lints]
x = "y"
"#;
    let packages =
        ["[dependencies]\none.workspace = true\nthree = { workspace = true }".to_owned()];
    let text = cargo_toml::for_packages(text, |file| file == "a/Cargo.toml", &packages);
    assert_eq!(text, wanted);
}
