//! Model answers pass in their boxes, also many times and under load.
//!
//! ```sh
//! LAB_REPEATS=50 cargo test -p grade -- --ignored --nocapture model_answers
//! ```

use std::fs;
use std::path::{Path, PathBuf};

use lab::course::labs;
use lab::workspace::Workspace;
use ledger::{Entry, Outcome, Test, Verdict};

use crate::class::{Class, has_sandbox, workspace};

/// How often an answer is judged, if LAB_REPEATS does not say.
const FEW: usize = 2;

/// Grades the model answer of the lab in the folder `lab` `count` times.
fn judge(lab: &str, count: usize) -> Vec<Entry> {
    let class = Class::of(lab);
    for number in 0..count {
        let main = class.add_answer(&format!("{number:03}"), "solutions").join("main.rs");
        let file = first_written_file(lab, &main);
        let text = fs::read_to_string(&file).expect("it is there");
        fs::write(file, format!("{text}// {number}\n")).expect("written");
    }
    class.grade(&["--time-limit", "10m"]);
    class.entries()
}

/// A file that students write, beside `main`. Students with the same files are judged once.
fn first_written_file(lab: &str, main: &Path) -> PathBuf {
    let workspace = Workspace { root: workspace() };
    let lab = labs::find(&workspace, lab).expect("the lab exists");
    main.with_file_name(&lab.steps()[0].files[0])
}

fn check(entries: &[Entry]) {
    for entry in entries {
        let tests = || entry.steps.iter().flat_map(|step| &step.tests).chain(&entry.held_back);
        let failed: Vec<&Test> = tests()
            .filter(|test| !matches!(test.outcome, Outcome::Passed | Outcome::Skipped))
            .collect();
        assert_eq!((entry.verdict, &failed[..]), (Verdict::Passed, &[][..]), "lab {}", entry.lab);
        assert!(!entry.held_back.is_empty());
    }
}

fn print(entries: &[Entry]) {
    let tests = entries.iter().flat_map(|entry| &entry.steps).flat_map(|step| &step.tests);
    let again = tests.filter(|test| test.runs > 1).count();
    let mut costs: Vec<u64> = entries.iter().map(|entry| entry.cpu_ms).collect();
    costs.sort_unstable();
    let median = costs[costs.len() / 2];
    eprintln!(
        "lab {}: {} times, {again} tests again, median {median} ms of CPU",
        entries[0].lab,
        costs.len()
    );
}

/// Its held-back tests start a thread for each of a thousand clients, which needs much address space.
#[test]
fn a_model_answer_with_a_thousand_threads_passes_in_its_box() {
    if has_sandbox() {
        check(&judge("02-multithreaded", 1));
    }
}

#[test]
#[ignore = "it takes minutes"]
fn the_model_answers_of_all_labs_pass_each_time() {
    if !has_sandbox() {
        return;
    }
    let wanted = std::env::var("LAB_REPEATS").ok().and_then(|text| text.parse().ok());
    let workspace = Workspace { root: workspace() };
    for lab in labs::all(&workspace).expect("there are labs") {
        let entries = judge(&lab.folder(), wanted.unwrap_or(FEW));
        print(&entries);
        check(&entries);
    }
}
