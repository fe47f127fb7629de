//! The file of `--html`.

use std::fs;

use crate::submission::{compare, lab};

/// A program that ends and does not listen.
const ENDS: &str = "true";

#[test]
fn a_measurement_that_fails_leaves_the_page_as_it_was() {
    let lab = lab();
    let page = lab.path("page.html");
    let fails = || {
        let output = compare(&lab, &["--with", ENDS, "--html", "page.html"]);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains("error: cannot measure true"), "{said}");
    };
    fails();
    assert!(!page.exists(), "a page was made");
    fs::write(&page, "of an earlier run").expect("written");
    fails();
    assert_eq!(fs::read_to_string(&page).expect("it is there"), "of an earlier run");
}

#[test]
fn a_page_that_cannot_be_written_is_reported_before_the_measurement() {
    let lab = lab();
    let output = compare(&lab, &["--with", ENDS, "--html", "typing-error/page.html"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("error: cannot write typing-error/page.html: "), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(!lab.path("typing-error").exists(), "the folder was made");
}
