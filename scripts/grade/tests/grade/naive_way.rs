//! The cost of the grader beside that of the naive way, `cargo test` for each submission of lab 07. It
//! takes minutes, so it runs by explicit word:
//!
//! ```sh
//! LAB_SUBMISSIONS=10 cargo test -p grade -- --ignored --nocapture naive_way
//! ```
//!
//! ```text
//! grade    fresh, one student after the other    same, likewise    grade
//! ```
//!
//! fresh: with a new target folder for each submission. same: always with the same target folder, which
//! has everything but the submission. The grader's cost is the mean of its runs. It judges all
//! submissions, and the naive way one of each kind, because each takes two minutes of processor time.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};
use std::time::Duration;

use grade::sandbox::{Ended, run_bounded};
use lab::command::strip_cargo_variables;
use lab::files;
use tempfile::TempDir;

use crate::class::{Class, has_sandbox, workspace};
use crate::cost::Cost;
use crate::mixed_class::{LAB, mixed_class, size};

/// The kinds of submissions, one of each for the naive way.
const KINDS: [&str; 3] = ["-model", "-mistake", "-stub"];

/// How long one submission may take in the naive way.
const TIME: Duration = Duration::from_secs(1200);

/// The most bytes of its output.
const MAX_OUTPUT: u64 = 16 * 1024 * 1024;

/// A clone of the last commit, in which one submission after the other is judged.
struct Naive {
    clone: TempDir,
}

impl Naive {
    fn new() -> Naive {
        let clone = tempfile::tempdir().expect("a folder");
        let mut git = Command::new("git");
        git.args(["clone", "--quiet"]).arg(workspace()).arg(clone.path());
        assert!(git.status().expect("git starts").success(), "no clone");
        Naive { clone }
    }

    /// Judges the answer of `student`, and builds in `target`.
    fn judge(&self, class: &Class, student: &str, target: &Path) -> Cost {
        let src = class.submissions().join(student).join("src");
        files::mirror(&src, &self.clone.path().join("labs").join(LAB).join("src")).expect("copied");
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "--package", "lab07", "--no-fail-fast", "--offline"]);
        cargo.current_dir(self.clone.path()).env("CARGO_TARGET_DIR", target);
        strip_cargo_variables(&mut cargo);
        let mut ended = None;
        let cost = Cost::of(|| ended = run_bounded(&mut cargo, TIME, MAX_OUTPUT).ok());
        match ended {
            Some(Ended::ByItself(output)) => check_verdict(student, &output),
            other => panic!("{student}: {other:?}"),
        }
        cost.print(student);
        cost
    }
}

/// A build that fails would cost too little, and the naive way would look cheap.
fn check_verdict(student: &str, output: &Output) {
    let said = String::from_utf8_lossy(&output.stderr);
    let tests = String::from_utf8_lossy(&output.stdout).matches("\ntest ").count();
    assert!(tests > 0, "{student}: no test ran: {said}");
    let is_model = student.ends_with("-model");
    assert!(output.status.success() || !is_model, "{student} failed: {said}");
}

/// A class without attacks, because the naive way has no sandbox.
fn honest_class(size: usize) -> Class {
    let class = mixed_class(size + (size - 1) / 9);
    for student in students(&class).iter().filter(|student| student.ends_with("-attack")) {
        fs::remove_dir_all(class.submissions().join(student)).expect("removed");
    }
    class
}

fn students(class: &Class) -> Vec<String> {
    let entries = fs::read_dir(class.submissions()).expect("a folder").flatten();
    let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

/// The first student of each kind.
fn one_of_each_kind(class: &Class) -> Vec<String> {
    let students = students(class);
    let first = |kind: &str| students.iter().find(|student| student.ends_with(kind)).cloned();
    KINDS.iter().filter_map(|kind| first(kind)).collect()
}

/// The mean cost of a submission, judged by the grader.
fn grade(class: &Class) -> Cost {
    let cost = Cost::of(|| drop(class.grade(&[])));
    fs::remove_dir_all(class.path().join("out")).expect("removed");
    let cost = cost.mean(students(class).len());
    cost.print("grade, for each");
    cost
}

/// The mean cost of those of `students`, judged one after the other.
fn judge_all(students: &[String], judge: impl Fn(&str) -> Cost) -> Cost {
    let mut all = Cost::default();
    students.iter().for_each(|student| all += judge(student));
    all.mean(students.len())
}

#[test]
#[ignore = "it takes minutes"]
fn the_naive_way_costs_ten_times_as_much() {
    if !has_sandbox() {
        return;
    }
    let (class, naive) = (honest_class(size()), Naive::new());
    class.build_suites();
    let students = one_of_each_kind(&class);
    let target = class.path().join("target");

    let mut grader = grade(&class);
    let fresh = judge_all(&students, |student| {
        if target.exists() {
            fs::remove_dir_all(&target).expect("removed");
        }
        naive.judge(&class, student, &target)
    });
    fresh.print("fresh folder, for each");
    let same = judge_all(&students, |student| naive.judge(&class, student, &target));
    same.print("same folder, for each");
    grader += grade(&class);

    let grader = grader.mean(2);
    same.print_ratio("same folder", grader);
    fresh.print_ratio("fresh folder", grader);
    assert!(fresh.cpu_ms >= 10 * grader.cpu_ms, "the grader costs too much");
}
