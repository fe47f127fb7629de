//! The program `lab` as its users see it: what it prints, and how it exits.
//!
//! It runs in its own workspace, whose one lab has no code, so that nothing must be compiled.

mod doctor;
mod hints;
mod reset;
#[path = "../scratch/mod.rs"]
mod scratch;

use std::path::Path;
use std::process::{Output, Stdio};
use std::thread;
use std::time::Duration;

use lab::course::progress::{Progress, TestMark};
use lab::files;
use scratch::{STUB, Scratch, lab_command};
use serde_json::Value;

fn lab(folder: &Path, words: &[&str]) -> Output {
    lab_command()
        .args(words)
        .current_dir(folder)
        .env("LC_ALL", "C.UTF-8")
        .output()
        .expect("it starts")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// What a command prints for programs.
fn json(workspace: &Scratch, words: &[&str]) -> Value {
    let output = lab(workspace.path(), &[words, &["--format=json"]].concat());
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_overview_names_what_to_read_edit_and_type_from_any_folder() {
    let workspace = Scratch::new();
    let output = lab(&workspace.path().join("labs/01-echo/src"), &[]);
    assert_eq!(output.status.code(), Some(0));
    let page = stdout(&output);
    let commands = ["cargo lab watch 01", "cargo lab test 01", "cargo lab hint 01"];
    let places = ["labs/01-echo/README.md", "labs/01-echo/src/main.rs:1", "○○"];
    for words in commands.into_iter().chain(places) {
        assert!(page.contains(words), "{words} in\n{page}");
    }
    assert!(page.lines().all(|line| line.chars().count() <= terminal::WIDTH), "{page}");
    assert!(!page.contains('\x1b'), "no colours where there is no terminal:\n{page}");
}

#[test]
fn watch_refuses_to_print_json() {
    let workspace = Scratch::new();
    let output = lab(workspace.path(), &["--format", "json", "watch", "01"]);
    assert_eq!(output.status.code(), Some(2));
    let wanted = "error: `cargo lab watch` prints no JSON: it draws on the terminal\n";
    assert!(stderr(&output).starts_with(wanted), "{}", stderr(&output));
}

#[test]
fn programs_read_json_and_nothing_else() {
    let workspace = Scratch::new();
    for words in [&[][..], &["hint", "1"], &["doctor"]] {
        assert!(json(&workspace, words).is_object(), "{words:?}");
    }
}

#[test]
fn a_terminal_without_utf8_gets_ascii() {
    let workspace = Scratch::new();
    let output =
        lab_command().current_dir(workspace.path()).env("LC_ALL", "C").output().expect("it starts");
    assert!(output.stdout.is_ascii(), "{}", stdout(&output));
}

#[test]
fn an_unknown_lab_or_step_is_wrong_usage_and_the_valid_ones_are_listed() {
    let workspace = Scratch::new();
    let output = lab(workspace.path(), &["test", "9"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: there is no lab `9`: the labs are 01-echo\n"));

    let output = lab(workspace.path(), &["hint", "echo", "nonsense"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("its steps are listen, echo"), "{}", stderr(&output));

    assert_eq!(lab(workspace.path(), &["nonsense"]).status.code(), Some(2));
}

#[test]
fn the_place_to_edit_is_the_first_of_the_steps_files_with_a_function_to_write() {
    let workspace = Scratch::new();
    let edit = || json(&workspace, &[])["next"]["edit"].clone();
    workspace.write("labs/01-echo/src/listen.rs", "\ntodo!(\"lab01, step listen: bind\")\n");
    assert_eq!(edit(), "labs/01-echo/src/listen.rs:2");
    workspace.write("labs/01-echo/src/listen.rs", "written\n");
    assert_eq!(edit(), "labs/01-echo/src/main.rs:1");
    workspace.write("labs/01-echo/src/main.rs", "written\n");
    assert_eq!(edit(), "labs/01-echo/src/listen.rs");
}

/// Writes the result of one test of each step, with the sources as they are now.
fn judge(workspace: &Scratch, results: [(&str, TestMark); 2]) {
    let (lab, mut progress) = (workspace.lab(), Progress::default());
    for (step, mark) in results {
        let entry = progress.step_mut(&lab, step);
        entry.results = [(format!("step_{step}::a_test"), mark)].into();
        entry.files = files::rust_fingerprints(&lab.src());
    }
    progress.write(&workspace.workspace()).expect("written");
}

#[test]
fn an_edit_since_the_verdict_is_marked() {
    let workspace = Scratch::new();
    judge(&workspace, [("listen", TestMark::Passed), ("echo", TestMark::Failed)]);
    assert_eq!(json(&workspace, &[])["labs"][0]["edited"], false);
    workspace.write("labs/01-echo/src/main.rs", &STUB.replace('\n', "\r\n"));
    assert_eq!(json(&workspace, &[])["labs"][0]["edited"], false, "line endings are no edit");
    workspace.write("labs/01-echo/src/main.rs", "edited");
    assert_eq!(json(&workspace, &[])["labs"][0]["edited"], true);
}

#[test]
fn a_broken_progress_is_set_aside_and_reported_once() {
    let workspace = Scratch::new();
    workspace.write(".lab/progress.json", "{\"labs\": { broken");
    let first = lab(workspace.path(), &[]);
    let said = stderr(&first);
    assert_eq!(first.status.code(), Some(0));
    assert!(said.contains("line 1 column") && said.contains("progress.broken.json"), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert_eq!(workspace.read(".lab/progress.broken.json"), "{\"labs\": { broken");
    assert_eq!(stderr(&lab(workspace.path(), &["hint", "01"])), "");
}

#[test]
fn no_number_in_an_edited_progress_is_a_panic() {
    let workspace = Scratch::new();
    let step = format!(r#"{{"hints": {}, "test_hints": [{0}, 7]}}"#, usize::MAX);
    let file = format!(r#"{{"labs": {{"01-echo": {{"listen": {step}}}}}}}"#);
    workspace.write(".lab/progress.json", &file);
    let output = lab(workspace.path(), &["hint", "01", "listen"]);
    assert!(stdout(&output).contains("hint 3 of 3"), "{output:?}");
}

/// The kills come at other moments in each run. Each of them must leave a whole file.
#[test]
fn a_killed_command_leaves_the_old_progress_or_the_new_one() {
    let workspace = Scratch::new();
    let count = || {
        let progress = Progress::read(&workspace.workspace());
        progress.step(&workspace.lab(), "listen").hints
    };
    for moment in 0..60 {
        let mut progress = Progress::default();
        progress.step_mut(&workspace.lab(), "listen").hints = 1;
        progress.write(&workspace.workspace()).expect("written");
        let mut command = lab_command();
        let hint = command.args(["hint", "01", "listen"]).current_dir(workspace.path());
        let mut child = hint.stdout(Stdio::null()).spawn().expect("it starts");
        thread::sleep(Duration::from_micros(100 * moment));
        child.kill().expect("ours to kill");
        child.wait().expect("it has ended");
        assert!((1..=2).contains(&count()), "after {moment}: {}", count());
        assert!(!workspace.path().join(".lab/progress.broken.json").exists());
    }
}

#[test]
fn a_broken_description_is_the_tools_failure_and_names_the_file() {
    let workspace = Scratch::new();
    workspace.write("labs/01-echo/lab.toml", "title = 7");
    let output = lab(workspace.path(), &[]);
    assert_eq!(output.status.code(), Some(3));
    let said = stderr(&output);
    assert!(said.starts_with("error: cannot read ") && said.contains("lab.toml"), "{said}");
}
