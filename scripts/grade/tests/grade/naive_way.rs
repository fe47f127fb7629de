//! The cost of the grader beside that of the naive way, `cargo test` for each submission of lab 07. It
//! takes minutes, so it runs by explicit word:
//!
//! ```sh
//! LAB_SUBMISSIONS=10 cargo test -p grade -- --ignored --nocapture naive_way
//! ```
//!
//! ```text
//! grade    fresh, one student after the other    grade    same, likewise    grade
//! ```
//!
//! fresh: with a new target folder for each submission. same: always with the same target folder, which
//! has everything but the submission. The grader's cost is the mean of its runs.

use std::fs;
use std::ops::AddAssign;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use grade::worker::cpu_ms;
use lab::command::strip_cargo_variables;
use lab::files;
use tempfile::TempDir;

use crate::class::{Class, has_sandbox, workspace};
use crate::mixed_class::{LAB, mixed_class, size};

/// What commands cost.
#[derive(Clone, Copy, Default)]
struct Cost {
    cpu_ms: u64,
    wall_ms: u64,
}

impl Cost {
    /// The cost of the commands that `run` starts and waits for.
    fn of(run: impl FnOnce()) -> Cost {
        let (cpu, clock) = (cpu_ms(), Instant::now());
        run();
        let wall_ms = u64::try_from(clock.elapsed().as_millis()).expect("it ends");
        Cost { cpu_ms: cpu_ms() - cpu, wall_ms }
    }

    fn print(self, what: &str) {
        let seconds = |ms: u64| ms as f64 / 1000.0;
        let (cpu, wall) = (seconds(self.cpu_ms), seconds(self.wall_ms));
        eprintln!("{what:16} {cpu:8.1} s of CPU, {wall:8.1} s");
    }

    /// How many times as much as `other` it is.
    fn print_ratio(self, what: &str, other: Cost) {
        let ratio = |one: u64, other: u64| one as f64 / other as f64;
        let cpu = ratio(self.cpu_ms, other.cpu_ms);
        let wall = ratio(self.wall_ms, other.wall_ms);
        eprintln!("{what:16} {cpu:8.1} times the CPU, {wall:.1} times as long as the grader");
    }
}

impl AddAssign for Cost {
    fn add_assign(&mut self, other: Cost) {
        self.cpu_ms += other.cpu_ms;
        self.wall_ms += other.wall_ms;
    }
}

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

    /// Judges the answer in `src`, and builds in `target`.
    fn judge(&self, src: &Path, target: &Path) -> Cost {
        files::mirror(src, &self.clone.path().join("labs").join(LAB).join("src")).expect("copied");
        let mut cargo = Command::new("cargo");
        cargo.args(["test", "--package", "lab07", "--no-fail-fast", "--offline"]);
        cargo.current_dir(self.clone.path()).env("CARGO_TARGET_DIR", target);
        cargo.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        strip_cargo_variables(&mut cargo);
        Cost::of(|| {
            // Its exit status is the verdict, which costs the same whatever it is.
            cargo.status().expect("cargo starts");
        })
    }
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

fn grade(class: &Class) -> Cost {
    let cost = Cost::of(|| drop(class.grade(&[])));
    cost.print("grade");
    fs::remove_dir_all(class.path().join("out")).expect("removed");
    cost
}

/// The cost of all submissions of `class` together.
fn judge_all(class: &Class, judge: impl Fn(&Path) -> Cost) -> Cost {
    let mut all = Cost::default();
    for student in students(class) {
        let cost = judge(&class.submissions().join(&student).join("src"));
        cost.print(&student);
        all += cost;
    }
    all
}

#[test]
#[ignore = "it takes minutes"]
fn the_naive_way_costs_ten_times_as_much() {
    if !has_sandbox() {
        return;
    }
    let (class, naive) = (honest_class(size()), Naive::new());
    // Builds its suites, if they are not there yet.
    grade(&class);

    let target = class.path().join("target");
    let mut grader = grade(&class);
    let fresh = judge_all(&class, |src| {
        if target.exists() {
            fs::remove_dir_all(&target).expect("removed");
        }
        naive.judge(src, &target)
    });
    fresh.print("fresh folder");
    grader += grade(&class);
    let same = judge_all(&class, |src| naive.judge(src, &target));
    same.print("same folder");
    grader += grade(&class);

    let grader = Cost { cpu_ms: grader.cpu_ms / 3, wall_ms: grader.wall_ms / 3 };
    same.print_ratio("same folder", grader);
    fresh.print_ratio("fresh folder", grader);
    assert!(fresh.cpu_ms >= 10 * grader.cpu_ms, "the grader costs too much");
}
