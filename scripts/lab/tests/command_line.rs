//! The program `lab` as its users see it: what it prints, and how it exits.
//!
//! It runs in a workspace of its own, with one lab that has no code: nothing here compiles.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const LAB: &str = r#"
title = "Echo"
minutes = 120
[[step]]
name = "listen"
idea = "a queue that the kernel fills"
points = 40
files = ["listen.rs"]
tests = []
hints = ["a nudge", "a direction", "nearly the answer"]
[[step]]
name = "echo"
idea = "bytes, not messages"
points = 60
files = ["listen.rs"]
tests = []
hints = ["look", "think", "loop"]
"#;

fn workspace() -> TempDir {
    let folder = tempfile::tempdir().expect("a scratch folder");
    write(folder.path(), "Cargo.toml", "[workspace]\n");
    write(folder.path(), "labs/01-echo/lab.toml", LAB);
    write(
        folder.path(),
        "labs/01-echo/src/main.rs",
        "fn a() { todo!(\"lab01, step listen: a\") }\n",
    );
    folder
}

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("inside the root")).expect("made");
    fs::write(path, text).expect("written");
}

fn lab(folder: &Path, words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lab"))
        .args(words)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("it starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_overview_names_what_to_read_edit_and_type_from_any_folder() {
    let workspace = workspace();
    let output = lab(&workspace.path().join("labs/01-echo/src"), &[]);
    assert_eq!(output.status.code(), Some(0));
    let page = stdout(&output);
    for words in ["labs/01-echo/README.md", "labs/01-echo/src/main.rs:1", "cargo lab test 01", "○○"]
    {
        assert!(page.contains(words), "{words} in\n{page}");
    }
    assert!(!page.contains('\x1b'), "no colours where there is no terminal:\n{page}");
}

#[test]
fn programs_read_json_and_nothing_else() {
    let workspace = workspace();
    for words in
        [&["--format", "json"][..], &["hint", "1", "--format=json"], &["doctor", "--format=json"]]
    {
        let output = lab(workspace.path(), words);
        let json: Result<serde_json::Value, _> = serde_json::from_slice(&output.stdout);
        assert!(json.is_ok(), "{words:?}: {}", stdout(&output));
    }
}

#[test]
fn a_terminal_without_utf8_gets_ascii() {
    let workspace = workspace();
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .current_dir(workspace.path())
        .env("LC_ALL", "C")
        .output()
        .expect("it starts");
    assert!(output.stdout.is_ascii(), "{}", stdout(&output));
}

#[test]
fn an_unknown_lab_or_step_is_wrong_usage_and_the_valid_ones_are_listed() {
    let workspace = workspace();
    let output = lab(workspace.path(), &["test", "9"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: there is no lab `9`: the labs are 01-echo\n"));

    let output = lab(workspace.path(), &["hint", "echo", "nonsense"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("its steps are listen, echo"), "{}", stderr(&output));

    assert_eq!(lab(workspace.path(), &["nonsense"]).status.code(), Some(2));
}

#[test]
fn hints_come_one_by_one_and_are_remembered() {
    let workspace = workspace();
    let first = stdout(&lab(workspace.path(), &["hint", "01"]));
    assert!(first.contains("hint 1 of 3") && !first.contains("a direction"), "{first}");
    let second = stdout(&lab(workspace.path(), &["hint", "01-echo", "listen"]));
    assert!(second.contains("a nudge") && second.contains("hint 2 of 3"), "{second}");
    write(workspace.path(), ".lab/progress.json", "{ broken");
    let again = stdout(&lab(workspace.path(), &["hint", "lab01"]));
    assert!(again.contains("hint 1 of 3") && !again.contains("a direction"), "{again}");
}

#[test]
fn a_broken_description_is_the_tools_failure_and_names_the_file() {
    let workspace = workspace();
    write(workspace.path(), "labs/01-echo/lab.toml", "title = 7");
    let output = lab(workspace.path(), &[]);
    assert_eq!(output.status.code(), Some(3));
    let said = stderr(&output);
    assert!(said.starts_with("error: cannot read ") && said.contains("lab.toml"), "{said}");
}

#[test]
fn reset_without_git_touches_nothing_and_says_so() {
    let workspace = workspace();
    let output = lab(workspace.path(), &["reset", "01"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(stderr(&output).contains("Nothing was changed."), "{}", stderr(&output));
    assert!(!workspace.path().join(".lab/backup").exists());
}
