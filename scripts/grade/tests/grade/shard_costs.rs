//! The cost of the model answer of lab 01 in a whole class and in three shards of it. It takes as long as
//! to grade the class twice, so it runs by explicit word, on a quiet machine:
//!
//! ```sh
//! LAB_SUBMISSIONS=500 cargo test -p grade -- --ignored --nocapture shard_costs
//! ```

use std::fs;

use crate::class::{Class, has_sandbox};
use crate::cost::Cost;
use crate::mixed_class::size;

/// A class of model answers that differ in a comment, because students with the same files are judged
/// once.
fn class_of_model_answers() -> Class {
    let class = Class::new();
    for number in 0..size() {
        let file = class.add_answer(&format!("{number:03}"), "solutions").join("echo.rs");
        let text = fs::read_to_string(&file).expect("it is there");
        fs::write(file, format!("{text}// {number}\n")).expect("written");
    }
    class
}

/// Grades the shards of `class`, one after the other. Returns the mean processor time of a submission, in
/// milliseconds.
fn grade(class: &Class, shards: &[&str]) -> u64 {
    let mut all = Cost::default();
    for shard in shards {
        all += Cost::of(|| drop(class.grade(&["--shard", shard])));
    }
    let costs: Vec<u64> = class.entries().iter().map(|entry| entry.cpu_ms).collect();
    assert_eq!(costs.len(), size());
    fs::remove_dir_all(class.path().join("out")).expect("removed");
    let mean = costs.iter().sum::<u64>() / costs.len() as u64;
    all.mean(size()).print(&shards.join(", "));
    eprintln!("{:24} {mean} ms of CPU for each, without the start of the grader", "");
    mean
}

#[test]
#[ignore = "it takes minutes"]
fn a_submission_costs_the_same_in_a_class_and_in_three_shards() {
    if !has_sandbox() {
        return;
    }
    let class = class_of_model_answers();
    class.build_suites();
    let whole = grade(&class, &["1/1"]);
    let shards = grade(&class, &["1/3", "2/3", "3/3"]);
    // Other work on the machine makes the same work cost more.
    assert!(4 * shards <= 5 * whole, "{shards} ms in three shards, {whole} ms in the whole class");
}
