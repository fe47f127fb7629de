//! Runs that are killed, parts of a class, and one test for all.

use std::fs;
use std::process::Stdio;
use std::time::Duration;

use ledger::Verdict;
use process_tree::poll::poll_for;

use crate::class::{Class, entries_in, has_sandbox, results};

/// A class of six: three good answers, two stubs that differ in a comment, and one that does not
/// compile.
fn small_class() -> Class {
    let class = Class::new();
    for (number, student) in ["anna", "ben", "carla", "dan", "eva"].iter().enumerate() {
        let kind = if number < 3 { "solutions" } else { "labs" };
        let file = class.add_answer(student, kind).join("echo.rs");
        let text = fs::read_to_string(&file).expect("it is there");
        fs::write(file, format!("{text}// {student}\n")).expect("written");
    }
    class.add_file("fred/src/echo.rs", "fn {");
    class
}

#[test]
fn a_killed_run_continues_and_gives_the_results_of_one_run() {
    if !has_sandbox() {
        return;
    }
    let class = small_class();
    class.grade(&[]);
    let out = class.path().join("out");
    let whole = results(&out);
    assert_eq!(whole.len(), 6);
    fs::remove_dir_all(&out).expect("removed");

    for entries in [1, 3] {
        let mut command = class.command(&["--jobs", "1"]);
        let mut grader =
            command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts");
        let count = || entries_in(&out).map_or(0, |found| found.len());
        assert!(poll_for(Duration::from_secs(120), || count() >= entries), "no entry");
        // SIGKILL to the grader alone. Its worker ends with it.
        grader.kill().and_then(|()| grader.wait().map(drop)).expect("it is ours");
    }
    class.grade(&[]);
    assert_eq!(results(&out), whole);

    // Nothing is left to do.
    let before = fs::read(out.join("results.jsonl")).expect("a ledger");
    class.grade(&[]);
    assert_eq!(fs::read(out.join("results.jsonl")).expect("a ledger"), before);

    fs::remove_dir_all(&out).expect("removed");
    for shard in ["1/3", "2/3", "3/3"] {
        class.grade(&["--shard", shard]);
    }
    assert_eq!(results(&out), whole);

    let test = "a_text_comes_back";
    let before = whole[0].4.len() - class.entry("anna").held_back.len();
    class.grade(&["--again", test]);
    let again = class.entries().split_off(6);
    assert_eq!(again.len(), 6, "one more entry for each student");
    for entry in again.iter().filter(|entry| !entry.steps.is_empty()) {
        let mut tests = entry.steps.iter().flat_map(|step| &step.tests);
        let judged = tests.clone().find(|it| it.name == test).expect("it is judged");
        assert!(judged.runs >= 2, "{judged:?}");
        assert_eq!(tests.clone().count(), before, "the others stay");
        let points = if entry.verdict == Verdict::Passed { 100 } else { 0 };
        assert_eq!(entry.points, points, "{:?}", tests.next());
    }
}

#[test]
fn a_test_that_cannot_be_judged_again_changes_no_result() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    class.add_answer("anna", "solutions");
    class.grade(&[]);
    let ledger = class.path().join("out/results.jsonl");
    let before = fs::read(&ledger).expect("a ledger");
    let output = class.grade(&["--again", "a_text_comes_back", "--time-limit", "1ms"]);
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(said.contains("The earlier results stay"), "{said}");
    assert_eq!(fs::read(&ledger).expect("a ledger"), before);
}

#[test]
fn the_results_of_one_test_do_not_make_an_entry_one_of_a_new_suite() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    class.add_answer("anna", "labs");
    class.grade(&[]);
    let old = ledger::Entry { key: "of an older suite".into(), ..class.entry("anna") };
    let ledger = class.path().join("out/results.jsonl");
    fs::remove_file(&ledger).expect("removed");
    ledger::Writer::append_to(&ledger).and_then(|mut to| to.append(&old)).expect("a line");
    class.grade(&["--again", "a_text_comes_back"]);
    assert_eq!(class.entry("anna").key, old.key);
}

#[test]
fn students_with_the_same_files_are_judged_once() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    class.add_answer("anna", "labs");
    class.add_answer("ben", "labs");
    class.grade(&["--jobs", "1"]);
    let (anna, ben) = (class.entry("anna"), class.entry("ben"));
    assert_eq!((anna.key, anna.cpu_ms), (ben.key, ben.cpu_ms));
    assert_eq!(ben.submission.source, "ben");
}

#[test]
fn old_times_bring_back_no_other_verdict() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    let file = class.add_answer("anna", "solutions").join("echo.rs");
    class.grade(&[]);
    assert_eq!(class.entry("anna").verdict, Verdict::Passed);
    let old = std::time::SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    fs::write(&file, "fn {").expect("written");
    fs::File::options().append(true).open(&file).and_then(|it| it.set_modified(old)).expect("old");
    class.grade(&[]);
    assert_eq!(class.entry("anna").verdict, Verdict::DidNotCompile);
}
