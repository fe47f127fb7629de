//! The program `lab` as its users see it: what it prints, and how it exits.
//!
//! It runs in its own workspace, whose one lab has no code, so that nothing must be compiled.

mod scratch;

use std::env::{self, consts::EXE_SUFFIX};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::thread;
use std::time::Duration;

use lab::course::progress::{Progress, TestMark};
use lab::files;
use scratch::{STUB, Scratch};
use serde_json::Value;

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
    let output = Command::new(env!("CARGO_BIN_EXE_lab"))
        .current_dir(workspace.path())
        .env("LC_ALL", "C")
        .output()
        .expect("it starts");
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
fn hints_come_one_by_one_and_are_remembered() {
    let workspace = Scratch::new();
    let first = stdout(&lab(workspace.path(), &["hint", "01"]));
    assert!(first.contains("hint 1 of 3") && !first.contains("a direction"), "{first}");
    let second = stdout(&lab(workspace.path(), &["hint", "01-echo", "listen"]));
    assert!(second.contains("a nudge") && second.contains("hint 2 of 3"), "{second}");
    for is_new in [true, false] {
        let hints = json(&workspace, &["hint", "01"]);
        assert_eq!(hints["shown"].as_array().map(Vec::len), Some(3));
        assert_eq!(hints["is_new"], is_new);
    }
    workspace.write(".lab/progress.json", "{ broken");
    let again = stdout(&lab(workspace.path(), &["hint", "lab01"]));
    assert!(again.contains("hint 1 of 3") && !again.contains("a direction"), "{again}");
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
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        let hint = command.args(["hint", "01", "listen"]).current_dir(workspace.path());
        let mut child = hint.stdout(Stdio::null()).spawn().expect("it starts");
        thread::sleep(Duration::from_micros(100 * moment));
        child.kill().expect("ours to kill");
        child.wait().expect("it has ended");
        assert!((1..=2).contains(&count()), "after {moment}: {}", count());
        assert!(!workspace.path().join(".lab/progress.broken.json").exists());
    }
}

/// Writes the results of the tests `simple` and `hard` of step listen.
fn judge_listen(workspace: &Scratch, simple: TestMark, hard: TestMark) {
    let mut progress = Progress::read(&workspace.workspace());
    let results = [("simple", simple), ("hard", hard)];
    progress.step_mut(&workspace.lab(), "listen").results =
        results.map(|(test, mark)| (format!("step1_listen::{test}"), mark)).into();
    progress.write(&workspace.workspace()).expect("written");
}

#[test]
fn a_hint_that_fits_the_first_failing_test_comes_first() {
    use TestMark::{Failed, Passed, Unwritten};
    let workspace = Scratch::new();
    let hint = || stdout(&lab(workspace.path(), &["hint", "01", "listen"]));

    judge_listen(&workspace, Passed, Unwritten);
    assert!(hint().contains("hint 1 of 3  a nudge"));
    judge_listen(&workspace, Failed, Failed);
    assert!(hint().contains("hint 2 of 3  a direction"));
    judge_listen(&workspace, Passed, Failed);
    let page = hint();
    let last = format!("hint 3 of 4  For the test hard:\n{}for the hard one", " ".repeat(15));
    assert!(page.contains(&last) && page.contains("One more"), "{page}");
    let page = hint();
    assert!(page.contains("hint 1 of 4  For the test hard:"), "{page}");
    assert!(page.contains("hint 4 of 4  nearly the answer"), "{page}");
    assert!(hint().contains("These are all the hints."));
}

#[test]
fn a_hint_without_a_lab_is_for_the_lab_at_hand() {
    let workspace = Scratch::new();
    let output = lab(workspace.path(), &["hint"]);
    assert!(stdout(&output).contains("Lab 01, step listen"), "{output:?}");
    assert!(stderr(&output).contains("No lab was named, so this is lab 01-echo"), "{output:?}");
    judge(&workspace, [("listen", TestMark::Passed), ("echo", TestMark::Passed)]);
    let output = lab(workspace.path(), &["test"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).starts_with("error: all labs are done: name one of 01-echo"));
}

#[test]
fn code_in_a_hint_keeps_its_lines() {
    let workspace = Scratch::new();
    let hint = || stdout(&lab(workspace.path(), &["hint", "1", "echo"]));
    let [_, _, page] = [hint(), hint(), hint()];
    let line = |text: &str| format!("{}{text}\n", " ".repeat(15));
    let code = line("loop {") + &line("    read()?;") + &line("}");
    assert!(page.contains(&format!("Like this:\n{code}")), "{page}");
}

#[test]
fn a_hint_is_for_the_first_step_that_is_not_done() {
    let workspace = Scratch::new();
    judge(&workspace, [("listen", TestMark::Passed), ("echo", TestMark::Failed)]);
    assert_eq!(json(&workspace, &["hint", "01"])["step"], "echo");
    judge(&workspace, [("listen", TestMark::Passed), ("echo", TestMark::Passed)]);
    let output = lab(workspace.path(), &["hint", "01"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("listen, echo"), "{}", stderr(&output));
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

#[test]
fn only_what_is_required_makes_a_machine_unfit() {
    let workspace = Scratch::new();
    let cargo = PathBuf::from(env::var_os("CARGO").expect("cargo runs this test"));
    let doctor = |rustc: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command
            .arg("doctor")
            .current_dir(workspace.path())
            .env("PATH", "")
            .env("LC_ALL", "C.UTF-8");
        command.env("RUSTC", cargo.with_file_name(rustc)).output().expect("it starts")
    };
    let rustc = format!("rustc{EXE_SUFFIX}");
    let (fit, unfit) = (doctor(&rustc), doctor("missing"));
    assert!(stdout(&fit).contains("○ nc ") && fit.status.success(), "{}", stdout(&fit));
    let page = stdout(&unfit);
    assert!(page.contains("✗ rustc") && page.contains("rustup update"), "{page}");
    assert!(page.contains("not fit") && unfit.status.code() == Some(1), "{page}");
}

/// A package of its own, because the scratch workspace has none.
#[test]
fn the_doctor_names_a_crate_that_is_not_downloaded() {
    let workspace = Scratch::new();
    let package = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let dependency = "[dependencies]\nfastrand = \"=2.0.0\"\n[workspace]\n";
    workspace.write("Cargo.toml", &format!("{package}{dependency}"));
    workspace.write("Cargo.lock", LOCK);
    workspace.write("src/lib.rs", "");
    let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
    command.arg("doctor").current_dir(workspace.path()).env("LC_ALL", "C.UTF-8");
    // A home without any crate, and without the index of crates.
    command.env("CARGO_HOME", workspace.path().join("home"));
    let page = stdout(&command.output().expect("it starts"));
    assert!(page.contains("✗ crates") && page.contains("`fastrand`"), "{page}");
    assert!(page.contains("cargo fetch --locked"), "{page}");
    assert!(page.contains("not fit yet"), "{page}");
}

const LOCK: &str = r#"
version = 4

[[package]]
name = "fastrand"
version = "2.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "6999dc1837253364c2ebb0704ba97994bd874e8f195d665c50b7548f6ea92764"

[[package]]
name = "small"
version = "0.1.0"
dependencies = ["fastrand"]
"#;

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
