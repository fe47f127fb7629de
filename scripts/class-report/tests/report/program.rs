//! The program: what it writes, what it prints, and what it refuses.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use ledger::Verdict;

use crate::fixture::{fail, failure, model, unjudged, write};

fn report(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_class-report"));
    command.args(arguments).current_dir(folder).output().expect("it starts")
}

fn stdout(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).expect("text")
}

#[test]
fn shards_are_merged_and_what_needs_attention_comes_first() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    write(&path("1.jsonl"), &[model("01", "anna"), unjudged("01", "ben", Verdict::GraderError)]);
    write(&path("2.jsonl"), &[model("01", "chris")]);
    let mut cut = fs::read(path("2.jsonl")).expect("a line");
    cut.extend_from_slice(b"{\"schema\":\"wirelab/led");
    fs::write(path("2.jsonl"), cut).expect("a line and a half");

    let page = stdout(&report(folder.path(), &["1.jsonl", "2.jsonl"]));
    assert!(
        page.starts_with("1 submission could not be judged, and has no grade:\n  ben in lab 01: "),
        "{page}"
    );
    assert!(page.contains("1 ledger ended in the middle of a line"), "{page}");
    assert!(
        page.contains("Lab 01: 3 submissions: 1 grader error, 2 passed, median 100 of 100 points"),
        "{page}"
    );
    assert!(
        page.ends_with("  class-report/grades.csv\n  class-report/feedback/ (6 files)\n"),
        "{page}"
    );
    for file in ["grades.csv", "class-01.html", "feedback/anna.txt", "feedback/ben.html"] {
        assert!(path("class-report").join(file).is_file(), "{file}");
    }
    let grades = fs::read_to_string(path("class-report/grades.csv")).expect("a table");
    assert!(grades.contains("\nben,,,grader error,,100,,,,,,\n"), "{grades}");
}

#[test]
fn a_grade_that_no_longer_counts_leaves_no_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let json = ["gradescope", "classroom50"]
        .map(|system| path("class-report").join(system).join("lab01/anna.json"));
    for (entry, has_file) in
        [(model("01", "anna"), true), (unjudged("01", "anna", Verdict::GraderError), false)]
    {
        write(&path("r.jsonl"), &[entry]);
        stdout(&report(folder.path(), &["r.jsonl", "--gradescope", "--classroom50"]));
        assert_eq!(json.each_ref().map(|file| file.exists()), [has_file; 2]);
    }
}

#[test]
fn a_student_of_the_roster_without_a_submission_is_missing() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    write(&path("r.jsonl"), &[model("01", "anna"), model("02", "anna"), model("01", "ben")]);
    let roster = "login,id,name\nanna,7,Anna\nben,8,Ben\nchris,9,\"Chris <b>\"\n";
    fs::write(path("roster.csv"), roster).expect("written");

    let page = stdout(&report(folder.path(), &["r.jsonl", "--roster", "roster.csv"]));
    assert!(page.contains("Lab 01: 2 submissions: 2 passed, 1 missing, median"), "{page}");
    assert!(page.contains("Lab 02: 1 submission: 1 passed, 2 missing, median"), "{page}");
    let read = |name: &str| fs::read_to_string(path("class-report").join(name)).expect("a file");
    let grades = read("grades.csv");
    assert!(grades.contains("\n9,Chris <b>,,missing,,,,,,,,missing,,,,,,,,0\n"), "{grades}");
    assert_eq!(grades.lines().count(), 4, "{grades}");
    assert!(read("feedback/9.txt").contains("There is no submission for this lab."));
    assert!(read("feedback/ben.html").contains("There is no submission for this lab."));
    let class = read("class-01.html");
    assert!(class.contains("No submission</h2>\n<ul>\n<li>Chris &lt;b&gt;</li>"), "{class}");
}

#[test]
fn an_override_needs_a_reason_and_every_reader_sees_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let mut late = model("01", "anna");
    late.submission.submitted = Some("2026-12-05T00:00:00Z".parse().expect("a time"));
    let mut ben = model("01", "ben");
    fail(&mut ben, "step2_echo::", &failure("closed-early", "read-in-a-loop"));
    write(&path("r.jsonl"), &[late, ben]);
    fs::write(path("p.toml"), "overrides = \"o.csv\"\n[late]\npercent_per_day = 10\n[lab.01]\ndeadline = \"2026-11-30T23:59:00Z\"\n").expect("a policy");
    let table = |reason: &str| {
        let rows = format!(
            "student,lab,points,deadline,reason\nanna,01,,2026-12-06T00:00:00Z,{reason}\nben,1,91.5,,=argued well\nzoe,01,1,,gone\n"
        );
        fs::write(path("o.csv"), rows).expect("a table");
    };

    table("");
    let output = report(folder.path(), &["r.jsonl", "--policy", "p.toml"]);
    assert_eq!(output.status.code(), Some(2));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("anna in lab 01: it has no reason"), "{said}");

    table("ill for a week");
    let page = stdout(&report(folder.path(), &["r.jsonl", "--policy", "p.toml", "--jsonl"]));
    assert!(page.contains("The override for zoe in lab 01 has no entry"), "{page}");
    let read = |name: &str| fs::read_to_string(path("class-report").join(name)).expect(name);
    let anna = read("feedback/anna.txt");
    assert!(
        anna.contains("100 of 100 points") && anna.contains("Reason: ill for a week"),
        "{anna}"
    );
    assert!(read("feedback/ben.html").contains("set the points to 91.5. Reason: =argued well"));
    let class = read("class-01.html");
    assert!(class.contains("<li>anna: The instructor set the deadline to 2026-12-06T00:00:00Z. Reason: ill for a week</li>"), "{class}");
    assert!(read("grades.csv").contains("'=argued well"), "{}", read("grades.csv"));
    assert!(read("grades.jsonl").contains("\"override_reason\":\"=argued well\""));
}

#[test]
fn every_report_names_the_commit_of_a_clone() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let mut anna = model("01", "anna");
    anna.submission.commit = Some(commit.into());
    write(&path("r.jsonl"), &[anna, model("01", "ben")]);
    stdout(&report(folder.path(), &["r.jsonl", "--jsonl", "--junit"]));
    let read = |name: &str| fs::read_to_string(path("class-report").join(name)).expect(name);

    let sentence = "The grader used the commit 0123456789.";
    for (name, words) in [
        ("grades.csv", format!(",{commit},")),
        ("grades.jsonl", format!("\"commit\":\"{commit}\"")),
        ("junit-01.xml", format!("<property name=\"commit\" value=\"{commit}\"/>")),
        ("feedback/anna.txt", sentence.to_owned()),
        ("feedback/anna.html", sentence.to_owned()),
    ] {
        assert_eq!(read(name).matches(&words).count(), 1, "{name}: {}", read(name));
    }
    assert!(read("grades.jsonl").contains("\"commit\":null"), "{}", read("grades.jsonl"));
    assert!(!read("feedback/ben.txt").contains("commit"), "{}", read("feedback/ben.txt"));
}

#[test]
fn wrong_arguments_are_explained() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    write(&path("r.jsonl"), &[model("01", "anna"), model("02", "anna")]);
    fs::write(path("p.toml"), "[lab.03]\nweight = 2\n").expect("a policy");
    fs::write(path("empty.jsonl"), "").expect("a file");
    fs::write(path("moodle.csv"), "Identifier,Grade,Last modified (grade)\n").expect("a sheet");
    fs::write(path("latin.csv"), b"Student,ID\nJ\xf6rg,1\n").expect("a sheet");
    for (arguments, why) in [
        (&["none.jsonl"][..], "cannot read none.jsonl"),
        (&["empty.jsonl"], "the ledgers have no entry"),
        (
            &["r.jsonl", "--policy", "p.toml"],
            "the policy names lab 03: the ledgers have the labs 01, 02",
        ),
        (&["r.jsonl", "--moodle", "moodle.csv"], "a sheet of Moodle is for one lab"),
        (&["r.jsonl", "--canvas", "moodle.csv"], "this is no sheet of Canvas"),
        (&["r.jsonl", "--canvas", "latin.csv"], "it is not UTF-8"),
        (
            &["r.jsonl", "--lab", "01", "--moodle", "p.toml"],
            "this is no grading worksheet of Moodle",
        ),
    ] {
        let output = report(folder.path(), arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(why), "{arguments:?}: {said}");
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn a_comparison_of_another_lab_or_none_is_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    write(&path("r.jsonl"), &[model("01", "anna")]);
    let other =
        r#"{"lab":"02-multithreaded","clients":1,"rounds":1,"unit":"messages","programs":[]}"#;
    fs::write(path("other.json"), other).expect("written");
    fs::write(path("page.html"), "<html>").expect("written");
    for (file, words) in [
        ("other.json", "error: other.json is about lab 02: the ledgers have no entry for it\n"),
        ("page.html", "error: cannot read page.html: it is no comparison: "),
        ("none.json", "error: cannot read none.json: "),
    ] {
        let output = report(folder.path(), &["r.jsonl", "--compare", file]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{said}");
        assert!(said.starts_with(words), "{said}");
    }
    assert!(!path("class-report").exists());
}
