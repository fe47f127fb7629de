//! Submissions in git clones.

use std::fs;
use std::path::Path;

use lab::git;
use ledger::Verdict;

use crate::class::{Class, has_sandbox};

fn git(folder: &Path, date: &str, arguments: &[&str]) {
    let mut git = git::command_without_settings(folder);
    git.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]);
    git.args(arguments).env("GIT_COMMITTER_DATE", date).env("GIT_AUTHOR_DATE", date);
    assert!(git.output().expect("git starts").status.success(), "{arguments:?}");
}

#[test]
fn the_last_commit_before_the_deadline_is_judged_and_no_setting_of_the_clone_runs() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    let src = class.add_answer("anna", "labs");
    let clone = class.submissions().join("anna");
    let (early, late) = ("2026-11-30T20:00:00+01:00", "2026-12-02T12:00:00Z");
    git(&clone, early, &["init", "--quiet"]);
    git(&clone, early, &["add", "."]);
    git(&clone, early, &["commit", "--quiet", "--message", "one"]);
    fs::write(src.join("echo.rs"), "fn {").expect("written");
    git(&clone, late, &["commit", "--quiet", "--all", "--message", "two"]);
    // Programs that git would run with the rights of the instructor.
    let stolen = class.path().join("stolen");
    let program = format!("touch {}; false", stolen.display());
    for setting in ["core.fsmonitor", "gpg.program", "core.sshCommand", "filter.a.smudge"] {
        git(&clone, late, &["config", setting, &program]);
    }
    git(&clone, late, &["config", "log.showSignature", "true"]);
    fs::write(clone.join(".git/info/attributes"), "*.rs filter=a\n").expect("written");

    class.grade(&["--deadline", "2026-12-01T00:00:00Z"]);
    let entry = class.entry("anna");
    assert_eq!(entry.verdict, Verdict::Failed, "{:?}", entry.reason);
    let committed = entry.submission.submitted.expect("the time of the commit");
    assert_eq!(committed.to_string(), "2026-11-30T19:00:00Z");
    class.grade(&[]);
    assert_eq!(class.entry("anna").verdict, Verdict::DidNotCompile);
    class.grade(&["--deadline", "2026-11-01T00:00:00Z"]);
    assert_eq!(class.entry("anna").verdict, Verdict::Refused);
    assert!(!stolen.exists(), "a setting of the clone ran a program");
}

/// Commits all files of the clone.
fn commit(clone: &Path, date: &str) {
    git(clone, date, &["init", "--quiet"]);
    git(clone, date, &["add", "."]);
    git(clone, date, &["commit", "--quiet", "--message", date]);
}

#[test]
fn the_time_of_a_submission_is_that_of_its_files_in_each_run() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    let echo = class.add_answer("anna", "labs").join("echo.rs");
    let clone = class.submissions().join("anna");
    let times = ["2026-11-01", "2026-11-02", "2026-11-03", "2026-11-04"]
        .map(|day| day.to_owned() + "T12:00:00Z");
    let stub = fs::read_to_string(&echo).expect("it is there");
    for (time, text) in times.iter().zip([stub.clone(), stub.clone() + "// more\n", stub]) {
        fs::write(&echo, text).expect("written");
        commit(&clone, time);
    }
    class.add_file("anna/README.md", "words");
    commit(&clone, &times[3]);
    let submitted = || class.entry("anna").submission.submitted.map(|time| time.to_string());

    class.grade(&[]);
    assert_eq!(submitted().as_ref(), Some(&times[2]), "the last commit changes no file of the lab");
    class.grade(&["--deadline", "2026-11-02T00:00:00Z"]);
    assert_eq!(submitted().as_ref(), Some(&times[0]), "the same files, at another time");
    assert_eq!(class.entries().len(), 2);
    class.grade(&["--again", "a_text_comes_back"]);
    assert_eq!(submitted().as_ref(), Some(&times[0]), "one test is judged again");
}

/// The id of the last commit of the clone.
fn head(clone: &Path) -> String {
    let mut git = git::command_without_settings(clone);
    let output = git.args(["rev-parse", "HEAD"]).output().expect("git starts");
    String::from_utf8(output.stdout).expect("an id").trim().to_owned()
}

#[test]
fn an_entry_names_the_commit_and_the_files_that_were_changed_after_it() {
    if !has_sandbox() {
        return;
    }
    let class = Class::new();
    let src = class.add_answer("anna", "labs");
    let clone = class.submissions().join("anna");
    fs::remove_file(src.join("serve.rs")).expect("it is there");
    commit(&clone, "2026-11-01T12:00:00Z");
    for (file, text) in [("echo.rs", "fn {"), ("serve.rs", "fn {"), ("notes.rs", "words")] {
        fs::write(src.join(file), text).expect("written");
    }
    let listen = fs::read_to_string(src.join("listen.rs")).expect("it is there");
    fs::write(src.join("listen.rs"), listen.replace('\n', "\r\n")).expect("written");

    class.grade(&[]);
    let submission = class.entry("anna").submission;
    assert_eq!((&*submission.source, &submission.commit), ("anna", &Some(head(&clone))));
    let reason = format!("changed after the commit {:.10}, which was judged", head(&clone));
    let changed = submission.left_out.iter().filter(|file| file.reason == reason);
    let changed: Vec<&str> = changed.map(|file| &*file.path).collect();
    assert_eq!(changed, ["src/echo.rs", "src/serve.rs"], "{submission:?}");
}

/// A class with the clone of one student, which git fills through the filter `smudge`.
fn class_with_filter(smudge: &str) -> Class {
    let class = Class::new();
    class.add_answer("anna", "labs");
    let clone = class.submissions().join("anna");
    let date = "2026-11-30T20:00:00Z";
    commit(&clone, date);
    git(&clone, date, &["config", "filter.a.smudge", smudge]);
    git(&clone, date, &["config", "filter.a.required", "true"]);
    fs::write(clone.join(".git/info/attributes"), "echo.rs filter=a\n").expect("written");
    class
}

#[test]
fn a_filter_that_waits_is_no_error_of_the_machine() {
    if !has_sandbox() {
        return;
    }
    let class = class_with_filter("sleep 1000");
    class.grade(&[]);
    let entry = class.entry("anna");
    assert_eq!(entry.verdict, Verdict::Refused, "{:?}", entry.reason);
}

#[test]
fn a_filter_of_a_clone_has_limits() {
    if !has_sandbox() {
        return;
    }
    let smudge = r#"bash -c 'printf "%s " $(ulimit -f) $(ulimit -v) $(ulimit -t) $(ulimit -u) >&2
        head -c 200000000 /dev/zero >&2'"#;
    let class = class_with_filter(smudge);
    class.grade(&[]);
    let entry = class.entry("anna");
    let reason: String = entry.reason.iter().flat_map(|reason| reason.chars()).take(5000).collect();
    assert_eq!(entry.verdict, Verdict::Refused, "{reason}");
    assert!(reason.contains("(131072 1953125 20 200 "), "{reason}");
    assert!(reason.len() < 5000, "{reason}");
}
