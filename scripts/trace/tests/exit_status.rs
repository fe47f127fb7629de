//! How `trace` exits if there is nothing to run.

#[path = "../../lab/tests/small_lab/mod.rs"]
mod small_lab;

use std::process::{Command, Output};

use small_lab::{DOES_NOT_COMPILE, Lab};

/// A trace of the lab's test, with more `words`.
fn trace(lab: &Lab, words: &[&str]) -> Output {
    let mut trace = Command::new(env!("CARGO_BIN_EXE_trace"));
    trace.args(["01", "it_passes"]).args(words).current_dir(lab.path(""));
    lab.ignore_user_settings(&mut trace);
    trace.output().expect("it starts")
}

#[test]
fn a_program_that_does_not_compile_is_the_students_fault_at_the_first_call_too() {
    let lab = Lab::new();
    lab.edit(DOES_NOT_COMPILE);
    let output = trace(&lab, &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: lab 01-small does not compile: error"), "{said}");
}

#[test]
fn a_file_that_cannot_be_written_is_reported_before_the_build() {
    let lab = Lab::new();
    lab.edit(DOES_NOT_COMPILE);
    let output = trace(&lab, &["--html", "typing-error/page.html"]);
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.starts_with("error: cannot write typing-error/page.html: "), "{said}");
    assert!(!lab.path("typing-error").exists(), "the folder was made");
}
