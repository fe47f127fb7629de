//! Gradescope's contract: `submission/` is judged, and `results/results.json` is the grade.
#![cfg(unix)]

use std::fs;

use handout::command_line::System;

use crate::scripts::{Trial, write};

/// Finds the value of the option `$2` in the arguments after it: `value --out lab grade … --out DIR`.
const VALUE: &str = r#"
value() { local name=$1; shift; while [ "$1" != "$name" ]; do shift; done; echo "$2"; }
"#;

/// A container with a submission, an old result, and a cargo that runs `grade` for `cargo lab grade`.
fn container(grade: &str) -> Trial {
    let trial = Trial::new(System::Gradescope);
    write(&trial.path("submission/src/echo.rs"), "an answer");
    write(&trial.path("results/results.json"), "an old result");
    fs::create_dir_all(trial.path("source/workspace")).expect("a folder");
    let report = r#"
        file=$(value --out "$@")/gradescope/lab01/student.json
        mkdir -p "$(dirname "$file")"; echo '{"score": 7.0}' > "$file""#;
    trial.program(
        "cargo",
        &format!("{VALUE}\ncase $2 in grade) {grade} ;; report) {report} ;; esac"),
    );
    trial
}

#[test]
fn the_only_student_of_the_class_is_judged() {
    let trial = container(r#"test "$(cat "$3/student/src/echo.rs")" = "an answer" "#);
    let output = trial.run("run_autograder", &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let results = fs::read_to_string(trial.path("results/results.json")).expect("results.json");
    assert_eq!(results, "{\"score\": 7.0}\n");
    let log = trial.log();
    assert!(log.contains(" --lab 01 ") && log.contains(" --sandbox bubblewrap\n"), "{log}");
    assert!(!log.contains("--policy"), "{log}");
}

#[test]
fn the_files_that_were_handed_in_are_judged_and_no_commit() {
    let trial = container(r#"test ! -e "$3/student/.git" "#);
    write(&trial.path("submission/.git/HEAD"), "ref: refs/heads/main");
    assert!(trial.run("run_autograder", &[]).status.success());
}

#[test]
fn a_grader_that_fails_leaves_no_grade() {
    let trial = container("exit 3");
    let output = trial.run("run_autograder", &[]);
    assert_eq!(output.status.code(), Some(3));
    assert!(!trial.path("results/results.json").exists());
}

#[test]
fn a_policy_in_the_archive_counts() {
    let trial = container("true");
    write(&trial.path("source/policy.toml"), "same_cause = \"counts_once\"\n");
    assert!(trial.run("run_autograder", &[]).status.success());
    assert!(trial.log().contains("--gradescope --policy FOLDER/source/policy.toml"));
}

/// The same container while it is built, with a cargo that runs `grade`.
fn unfinished_container(grade: &str) -> Trial {
    let trial = container(grade);
    for script in ["setup.sh", "run_autograder"] {
        fs::rename(trial.path(script), trial.path("source").join(script)).expect("a script");
    }
    write(&trial.path("source/workspace/labs/01-echo/src/echo.rs"), "the stub");
    trial.program("apt-get", "");
    trial.program("rustup", "");
    trial
}

#[test]
fn the_stub_is_judged_before_the_first_student() {
    let trial = unfinished_container(r#"test "$(cat "$3/student/src/echo.rs")" = "the stub" "#);
    let output = trial.run("source/setup.sh", &[]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let log = trial.log();
    let calls: Vec<&str> = log.lines().map(|line| &line[..line.len().min(14)]).collect();
    let expected =
        ["apt-get update", "apt-get instal", "cargo fetch", "cargo lab grad", "cargo lab repo"];
    assert_eq!(calls, expected);
}

#[test]
fn a_container_that_cannot_judge_is_not_finished() {
    let trial = unfinished_container("exit 3");
    assert_eq!(trial.run("source/setup.sh", &[]).status.code(), Some(3));
}
