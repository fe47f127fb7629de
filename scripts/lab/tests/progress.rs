//! The progress file after a crash, after an update of the repository, and after an edit by hand.

mod scratch;

use std::fs;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use lab::commands::hint;
use lab::course::progress::{Progress, TestMark};
use scratch::{LAB, Scratch, lab_command};
use terminal::Style;

use lab::output::Output;

const FILE: &str = ".lab/progress.json";

/// `cargo lab hint 01 echo`, which writes the file.
fn hint_command(scratch: &Scratch) -> Command {
    let mut command = lab_command();
    command.args(["hint", "01", "echo"]).current_dir(scratch.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// The progress, with step listen done and much more in the file, so that it takes long to write.
fn long_progress(scratch: &Scratch) -> Progress {
    let mut progress = Progress::default();
    let many = (0..2000).map(|number| (format!("step1_listen::test_{number}"), TestMark::Passed));
    progress.step_mut(&scratch.lab(), "listen").record(many.collect(), [].into());
    progress
}

#[test]
fn a_crash_at_any_moment_leaves_the_old_file_or_the_new_one() {
    let scratch = Scratch::new();
    let progress = long_progress(&scratch);
    progress.write(&scratch.workspace()).expect("written");
    let done = progress.step(&scratch.lab(), "listen");
    let mut hints = 0;
    for kill in 0..60 {
        let mut child = hint_command(&scratch).spawn().expect("it starts");
        thread::sleep(Duration::from_micros(250 * kill));
        child.kill().expect("SIGKILL can be sent");
        child.wait().expect("it ends");
        let read = Progress::read(&scratch.workspace());
        assert_eq!(read.step(&scratch.lab(), "listen"), done);
        let now = read.step(&scratch.lab(), "echo").hints;
        assert!((hints..=hints + 1).contains(&now), "from {hints} to {now}");
        hints = now;
    }
    assert!(!scratch.path().join(".lab/progress.broken.json").exists());
    // A later call removes nothing, and works.
    assert!(hint_command(&scratch).status().expect("it starts").success());
    assert!(Progress::read(&scratch.workspace()).step(&scratch.lab(), "echo").hints > 0);
}

#[test]
fn an_update_of_the_repository_keeps_what_still_exists() {
    let scratch = Scratch::new();
    let mut progress = Progress::default();
    let passed = |test: &str| [(test.to_owned(), TestMark::Passed)].into();
    progress.step_mut(&scratch.lab(), "listen").record(passed("step1_listen::simple"), [].into());
    let echo = progress.step_mut(&scratch.lab(), "echo");
    (echo.hints, echo.test_hints) = (3, [7].into());
    progress.write(&scratch.workspace()).expect("written");

    // Step listen has other tests, one hint less is left of step echo, and a step is new.
    let updated = LAB
        .replace("\"simple\", \"hard\"", "\"renamed\"")
        .replace("tests = [\"hard\"]", "tests = [\"renamed\"]")
        .replace("hints = [\"look\", \"think\", ", "hints = [\"look\", ");
    let new = "[[step]]\nname = \"close\"\nidea = \"an end\"\npoints = 5\nfunctions = 1\nfiles = [\"main.rs\"]\n\
               tests = [\"ends\"]\nhints = [\"a\", \"b\", \"c\"]\n";
    scratch.write("labs/01-echo/lab.toml", &(updated + new));
    let (workspace, lab) = (scratch.workspace(), scratch.lab());
    let read = Progress::read(&workspace);
    assert_eq!(read, progress);
    assert_eq!(read.first_to_do(&lab).map(|step| &*step.name), Some("echo"));
    let page = |step: &str| {
        let step = lab.step(step).expect("known");
        hint::run(&workspace, &lab, Some(step)).expect("it has hints").page(&Style::PLAIN)
    };
    assert!(page("echo").contains("hint 2 of 2"), "{}", page("echo"));
    assert!(page("close").contains("hint 1 of 3  a\n"));

    // An older version of the repository does not know the new step, and does not lose it either.
    scratch.write("labs/01-echo/lab.toml", LAB);
    hint::run(&workspace, &scratch.lab(), None).expect("step echo is not done");
    assert_eq!(Progress::read(&workspace).step(&scratch.lab(), "close").hints, 1);
}

#[test]
fn an_edit_by_hand_is_read_or_set_aside_and_no_command_fails() {
    let step = |fields: &str| format!(r#"{{"labs": {{"01-echo": {{"echo": {{{fields}}}}}}}}}"#);
    let read = [
        step(r#""hints": 999999999999"#),
        step(r#""test_hints": [99]"#),
        step(r#""results": {"step2_echo::bytes": "passed", "no such test": "passed"}"#),
        step(r#""results": {}, "passed_with": {"step2_echo::bytes": {"main.rs": "none"}}"#),
        "\r\n{\r\n\"labs\":{}}\r\n".to_owned(),
    ];
    let broken = [
        step(r#""hints": -1"#),
        step(r#""hints": "two""#),
        step(r#""results": {"a": "passed",}"#),
        r#"{"labs": null}"#.to_owned(),
        "{}".to_owned(),
        "\u{feff}{\"labs\": {}}".to_owned(),
        "[".repeat(100_000),
    ];
    for (texts, is_set_aside) in [(&read[..], false), (&broken[..], true)] {
        for text in texts {
            let scratch = Scratch::new();
            scratch.write(FILE, text);
            let status = hint_command(&scratch).status().expect("it starts");
            assert!(status.success(), "{text}");
            assert!(Progress::read(&scratch.workspace()).step(&scratch.lab(), "echo").hints > 0);
            let aside = fs::read_to_string(scratch.path().join(".lab/progress.broken.json")).ok();
            assert_eq!(aside.as_ref(), is_set_aside.then_some(text), "{text}");
        }
    }
}
