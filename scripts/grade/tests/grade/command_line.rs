//! What the program refuses, and how.

#[cfg(target_os = "linux")]
use std::process::Command;

use crate::class::{Class, has_sandbox};

/// A grader that is killed early leaves a worker that the kernel does not kill with it.
#[cfg(target_os = "linux")]
#[test]
fn a_worker_without_its_grader_does_nothing() {
    let worker = |grader: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_grade"));
        let output = command.args(["--worker", "missing.json", grader]).output();
        String::from_utf8(output.expect("it starts").stderr).expect("text")
    };
    let this = std::process::id().to_string();
    assert!(worker(&this).starts_with("cannot read the task"), "{}", worker(&this));
    assert_eq!(worker("0"), "");
}

fn refusal(class: &Class, arguments: &[&str]) -> (Option<i32>, String) {
    let output = class.command(arguments).output().expect("it starts");
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn without_bubblewrap_nothing_is_judged_and_the_advice_says_what_to_install() {
    let class = Class::new();
    class.add_answer("anna", "labs");
    let mut command = class.command(&[]);
    command.env("PATH", "/nonexistent");
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    for part in ["`bwrap` is missing", "apt-get install bubblewrap", "--sandbox none"] {
        assert!(said.contains(part) || cfg!(not(target_os = "linux")), "{part} in {said}");
    }
    assert!(!class.path().join("out").exists(), "there is a ledger");
}

#[test]
fn a_folder_without_submissions_is_an_error() {
    if has_sandbox() {
        let (code, said) = refusal(&Class::new(), &[]);
        assert_eq!(code, Some(2), "{said}");
        assert!(said.contains("there is no submission"), "{said}");
    }
}

#[test]
fn two_submissions_of_one_student_are_an_error() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    class.add_answer("anna", "labs");
    class.add_file("anna.zip", "");
    let (code, said) = refusal(&class, &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("anna and anna.zip"), "{said}");
}

#[test]
fn a_shard_that_does_not_exist_is_an_error() {
    let (code, said) = refusal(&Class::new(), &["--shard", "4/3"]);
    assert_eq!(code, Some(2), "{said}");
}
