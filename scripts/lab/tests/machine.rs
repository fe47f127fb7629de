//! A fault of the machine is never a verdict on the code.

#![cfg(unix)]

mod scratch;
mod small_lab;

use std::env;
use std::ffi::OsString;
use std::process::{Command, Output, Stdio};

use lab::command::strip_user_settings;
use scratch::{Scratch, lab_command};
use small_lab::{DOES_NOT_COMPILE, Lab, PASSES};

/// Judges `lab` with a linker that runs `script`.
fn test_with_linker(lab: &Lab, script: &str) -> Output {
    let linker = lab.path("bin/cc");
    lab.write_script("bin/cc", script);
    let mut path = OsString::from(linker.parent().expect("a folder"));
    path.push(":");
    path.push(env::var_os("PATH").expect("there is one"));
    let mut command = lab.command(&["--format", "json", "test", "01"]);
    command.env("PATH", path).output().expect("it starts")
}

#[test]
fn a_linker_that_fails_is_the_machines_fault() {
    let full = "echo 'ld: final link failed: No space left on device' >&2; exit 1";
    for (script, words) in [("kill -9 $$", "SIGKILL"), (full, "No space left on device")] {
        let output = test_with_linker(&Lab::new(), script);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{said}");
        assert!(output.stdout.is_empty(), "no verdict: {output:?}");
        assert!(said.contains(words) && said.contains("takes no points"), "{said}");
    }
}

#[test]
fn after_a_build_that_passed_a_failed_linker_brings_back_no_old_verdict() {
    let lab = Lab::new();
    assert_eq!(lab.test(&[]), "passed");
    lab.edit("fn main() { std::process::exit(2) }\n");
    assert_eq!(test_with_linker(&lab, "kill -9 $$").status.code(), Some(3));
    assert_eq!(lab.test(&[]), "failed");
}

#[test]
fn an_error_in_the_code_is_the_codes_fault_whatever_the_linker_does() {
    let lab = Lab::new();
    for broken in [DOES_NOT_COMPILE, "mod missing;\nfn main() {}\n", "fn no_main() {}\n"] {
        lab.edit(broken);
        let output = test_with_linker(&lab, "kill -9 $$");
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(said.contains("did_not_compile"), "{broken}: {output:?}");
    }
    lab.edit(PASSES);
    assert_eq!(lab.test(&[]), "passed");
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_printed_is_an_error() {
    let workspace = Scratch::new();
    for words in [&[][..], &["--format", "json"], &["hint", "1"], &["doctor", "--format", "json"]] {
        let full = std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");
        let mut command = lab_command();
        command.args(words).current_dir(workspace.path()).stdout(full).stderr(Stdio::piped());
        let output = command.spawn().and_then(|child| child.wait_with_output()).expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(3), "{words:?}: {said}");
        assert!(said.contains("error: cannot print the result: No space left"), "{said}");
    }
}

#[test]
fn a_reader_that_stops_early_is_no_error() {
    let workspace = Scratch::new();
    let mut command = lab_command();
    command.current_dir(workspace.path()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

/// A file in the place of the folder `.lab` stands for a read-only checkout, also for root.
#[test]
fn where_nothing_can_be_written_the_verdict_says_once_that_no_progress_is_kept() {
    let lab = Lab::new();
    lab.write(".lab", "");
    for words in [&["test", "01"][..], &["hint", "01"]] {
        let output = lab.command(words).output().expect("it starts");
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{words:?}: {said}");
        assert_eq!(said.matches("Your progress is not kept").count(), 1, "{said}");
        assert!(!said.contains("error: "), "{said}");
    }
}

#[test]
fn the_doctor_raises_a_low_limit_of_open_files_as_the_tests_do() {
    let workspace = Scratch::new();
    let doctor = |limit: &str| {
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit {limit} 64 && exec \"$0\" doctor")]);
        command.arg(env!("CARGO_BIN_EXE_lab")).current_dir(workspace.path());
        strip_user_settings(&mut command);
        let output = command.env("LC_ALL", "C.UTF-8").output().expect("it starts");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let page = doctor("-S -n");
    assert!(page.contains("✓ open files") && page.contains("✓ free ports"), "{page}");
    let page = doctor("-n");
    assert!(page.contains("✗ open files"), "the hard limit forbids it: {page}");
}

/// A limit on the size of files stands for a full disk.
#[test]
fn a_full_temporary_folder_is_the_machines_fault() {
    let lab = Lab::new();
    // The first build makes Cargo.lock, so the second run builds again.
    assert_eq!([lab.test(&[]), lab.test(&[])], ["passed", "passed"]);
    let mut command = Command::new("sh");
    // The signal ends a process whose file becomes too large, unless it is ignored.
    let script = "trap '' XFSZ; ulimit -f 100; exec \"$0\" --format json test 01";
    command.args(["-c", script]).arg(env!("CARGO_BIN_EXE_lab")).current_dir(lab.path("."));
    lab.ignore_user_settings(&mut command);
    let output = command.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    assert!(said.contains("cannot write to the temporary folder"), "{said}");
}
