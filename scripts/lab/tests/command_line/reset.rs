//! `cargo lab reset`.

use super::{json, lab, stderr};
use crate::scratch::{STUB, Scratch};

#[test]
fn reset_without_git_touches_nothing_and_says_so() {
    let workspace = Scratch::new();
    let output = lab(workspace.path(), &["reset", "01"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("Nothing was changed."), "{}", stderr(&output));
    assert!(!workspace.path().join(".lab/backup").exists());
}

#[test]
fn without_git_reset_restores_the_stub_that_the_first_command_saw() {
    let workspace = Scratch::new();
    lab(workspace.path(), &[]);
    workspace.write("labs/01-echo/src/main.rs", "my answer");
    workspace.write("labs/01-echo/src/helper.rs", "my helper");
    lab(workspace.path(), &[]);

    let reset = json(&workspace, &["reset", "01"]);
    assert_eq!(workspace.read("labs/01-echo/src/main.rs"), STUB);
    assert!(!workspace.path().join("labs/01-echo/src/helper.rs").exists());
    let backup = reset["backup"].as_str().expect("a backup");
    assert_eq!(workspace.read(&format!("{backup}/src/main.rs")), "my answer");
}

/// As a ZIP archive is that was unpacked among the student's own projects.
#[test]
fn inside_another_repository_reset_restores_the_stub_too() {
    let other = Scratch::new();
    other.commit(&["another project"]);
    let workspace = Scratch::inside(other.path());
    lab(workspace.path(), &[]);
    workspace.write("labs/01-echo/src/main.rs", "my answer");
    json(&workspace, &["reset", "01"]);
    assert_eq!(workspace.read("labs/01-echo/src/main.rs"), STUB);
}

#[test]
fn an_answer_is_not_kept_as_the_stub() {
    let workspace = Scratch::new();
    workspace.write("labs/01-echo/src/main.rs", "my answer");
    lab(workspace.path(), &[]);
    let output = lab(workspace.path(), &["reset", "01"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("download the labs again"), "{}", stderr(&output));
    assert_eq!(workspace.read("labs/01-echo/src/main.rs"), "my answer");
}

#[test]
fn reset_restores_the_stub_and_keeps_the_answer() {
    let workspace = Scratch::new();
    workspace.commit(&[STUB]);
    workspace.write("labs/01-echo/src/main.rs", "my answer");
    workspace.write("labs/01-echo/src/helper.rs", "my helper");

    let reset = json(&workspace, &["reset", "01"]);
    assert_eq!(workspace.read("labs/01-echo/src/main.rs"), STUB);
    assert!(!workspace.path().join("labs/01-echo/src/helper.rs").exists());
    let backup = reset["backup"].as_str().expect("a backup");
    assert_eq!(workspace.read(&format!("{backup}/src/main.rs")), "my answer");
    assert_eq!(workspace.read(&format!("{backup}/src/helper.rs")), "my helper");
    assert!(json(&workspace, &["reset", "01"])["backup"].is_null(), "nothing to keep");
}

#[test]
fn reset_without_a_stub_touches_nothing() {
    let workspace = Scratch::new();
    workspace.commit(&["my answer"]);
    assert_eq!(lab(workspace.path(), &["reset", "01"]).status.code(), Some(3));
    assert_eq!(workspace.read("labs/01-echo/src/main.rs"), "my answer");
    assert!(!workspace.path().join(".lab").exists());
}

#[test]
fn line_endings_make_no_difference_to_a_stub() {
    let workspace = Scratch::new();
    workspace.commit(&[STUB]);
    let stub = STUB.replace('\n', "\r\n");
    workspace.write("labs/01-echo/src/main.rs", &stub);
    assert!(json(&workspace, &["reset", "01"])["backup"].is_null(), "it is the stub");
    assert_eq!(workspace.read("labs/01-echo/src/main.rs"), stub);
}
