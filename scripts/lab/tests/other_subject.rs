//! `LAB_SUBJECT=... cargo lab test 01`.

#![cfg(unix)]

mod small_lab;

use std::fs;
use std::process::Output;

use serde_json::Value;
use small_lab::{FAILS, Lab};

/// Judges the program `bin/NAME` of `lab`, by a relative path, with a PWD that is out of date.
fn judge(lab: &Lab, name: &str, words: &[&str]) -> Output {
    let mut command = lab.command(words);
    command.current_dir(lab.path("bin")).env("PWD", "/");
    command.env("LAB_SUBJECT", format!("./{name}")).output().expect("it starts")
}

/// A lab whose own program fails, and two other programs.
fn lab() -> Lab {
    let lab = Lab::new();
    lab.edit(FAILS);
    for (name, script) in [("good", "exit 0"), ("bad", "exit 1")] {
        lab.write_script(&format!("bin/{name}"), script);
    }
    lab
}

#[test]
fn another_program_is_judged_and_the_run_says_so_first_and_last() {
    let lab = lab();
    for (name, status, points) in [("good", 0, "100 of 100"), ("bad", 1, "0 of 100")] {
        let output = judge(&lab, name, &["test", "01"]);
        let page = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(status), "{output:?}");
        assert!(page.contains(&format!("{points} points")), "{page}");
        assert!(!page.contains("lippy"), "clippy reads the lab's own code: {page}");
        let said = String::from_utf8_lossy(&output.stderr);
        let subject = format!("`./{name}` and not labs/01-small/src, because LAB_SUBJECT is set");
        assert!(said.starts_with(&format!("This run judges {subject}.\n")), "{said}");
        let last = said.trim_end().lines().rev().nth(1).unwrap_or_default();
        assert_eq!(last, format!("This run judged {subject}."), "{said}");
    }
}

#[test]
fn the_verdict_is_the_same_json_with_the_subject() {
    let lab = lab();
    let json = |output: Output| -> Value { serde_json::from_slice(&output.stdout).expect("JSON") };
    let other = json(judge(&lab, "bad", &["test", "01", "--format", "json"]));
    let mut own = json(lab.run(&[]));
    assert_eq!(other["subject"], "./bad");
    for value in [&other["verdict"], &own["verdict"]] {
        assert_eq!(value, "failed");
    }
    let names = |value: &Value| -> Vec<String> {
        value.as_object().expect("an object").keys().cloned().collect()
    };
    own["subject"] = Value::Null;
    assert_eq!(names(&other), names(&own));
}

#[test]
fn progress_is_that_of_the_labs_own_program() {
    let lab = lab();
    assert_eq!(lab.test(&[]), "failed");
    let before = fs::read(lab.path(".lab/progress.json")).expect("written");
    assert_eq!(judge(&lab, "good", &["test", "01"]).status.code(), Some(0));
    assert_eq!(fs::read(lab.path(".lab/progress.json")).expect("there"), before);
}

#[test]
fn an_empty_variable_names_no_program() {
    let output = Lab::new().run(&[("LAB_SUBJECT", " ")]);
    assert_eq!(output.status.code(), Some(0));
    assert!(!String::from_utf8_lossy(&output.stderr).contains("LAB_SUBJECT"));
}
