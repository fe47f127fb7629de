//! The program `replay`, with the suite of lab 01 and an echo server in Python, through a pipe.

mod python;
#[path = "../../lab/tests/small_lab/mod.rs"]
mod small_lab;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use python::{echo_server, has_python, root, tls_server};
use small_lab::{DOES_NOT_COMPILE, Lab};
use tempfile::TempDir;

/// `replay WORDS` of the server `subject`, with these keys.
fn replay(subject: &str, words: &[&str], keys: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_replay"));
    command.args(words).current_dir(root());
    command.env("LAB_SUBJECT", subject).env("LC_ALL", "C.UTF-8").env("LAB_DEADLINE_SCALE", "10");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it starts");
    let mut stdin = child.stdin.take().expect("it is piped");
    // A program that has ended reads no keys.
    let _ = stdin.write_all(keys.as_bytes());
    drop(stdin);
    child.wait_with_output().expect("it ends")
}

/// The recording that is kept of a test of step echo. Each test below that must find none has a test of
/// lab 01 for itself.
fn recording(test: &str) -> PathBuf {
    root().join(format!(".lab/recordings/01/step2_echo.{test}.json"))
}

/// Removes what an earlier run of these tests, or a user, has recorded.
fn without_recording(test: &str) -> &str {
    let _ = std::fs::remove_file(recording(test));
    test
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn the_same_answers_are_as_recorded() {
    if !has_python() {
        return;
    }
    let output = replay(&echo_server(), &["01", "a_text_comes_back"], "");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let page = stdout(&output);
    assert!(page.contains("\n  = as recorded: \"hello, world\\n\"\n"), "{page}");
    assert!(page.ends_with("In the recorded run, the test passed.\n"), "{page}");
}

#[test]
fn each_line_of_a_pipe_is_a_key_and_q_quits() {
    if !has_python() {
        return;
    }
    let output = replay(&echo_server(), &["01", "a_text_comes_back"], "\n\nq\n");
    let page = stdout(&output);
    assert!(page.contains("── connect ─") && page.contains("── \"hello, world\\n\" ─"), "{page}");
    assert!(!page.contains("as recorded"), "{page}");
}

/// In its first life the server echoes. In its second one it answers in capital letters.
const CHANGING: &str = r#"
import os, socket, sys
is_second = os.path.exists(sys.argv[1])
open(sys.argv[1], "w").close()
listener = socket.create_server(("127.0.0.1", 0))
print("listening on 127.0.0.1:%d" % listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    while received := client.recv(4096):
        client.sendall(received.upper() if is_second else received)
    client.close()
"#;

#[test]
fn another_answer_is_shown_beside_the_recorded_one() {
    if !has_python() {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let state = folder.path().join("second").display().to_string();
    let script = folder.path().join("changing.py");
    std::fs::write(&script, CHANGING).expect("written");
    let subject = format!("python3 -u '{}' '{state}'", script.display());
    let output = replay(&subject, &["01", "a_text_comes_back"], "a\n");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let wanted = "✗ recorded: \"hello, world\\n\"; now peer received \"HELLO, WORLD\\n\"";
    assert!(stdout(&output).contains(wanted), "{}", stdout(&output));
}

#[test]
fn of_a_failing_test_the_failure_is_shown() {
    if !has_python() {
        return;
    }
    // It never answers.
    let silent = "import socket, time; s = socket.create_server((\"127.0.0.1\", 0)); \
        print(\"listening on 127.0.0.1:%d\" % s.getsockname()[1], flush=True); \
        c = s.accept()[0]; c.recv(5); c.close(); time.sleep(1000)";
    let test = without_recording("only_the_text_comes_back");
    let output = replay(&format!("python3 -uc '{silent}'"), &["01", test], "");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let page = stdout(&output);
    assert!(page.contains("In the recorded run, the test failed:\nThe server "), "{page}");
    assert!(page.contains("Expected: \"hello\\n\""), "{page}");
}

/// The test passes with an echo server and then fails with another one, which shows its wrong answer beside
/// the right one of the kept recording.
#[test]
fn a_test_that_fails_now_is_replayed_as_it_was_when_it_passed() {
    if !has_python() {
        return;
    }
    let test = without_recording("bytes_come_back_before_a_line_is_complete");
    let passed = replay(&echo_server(), &["01", test], "");
    assert_eq!(passed.status.code(), Some(0), "{passed:?}");
    let kept = recording(test);
    assert!(kept.is_file(), "{}", kept.display());

    let folder = TempDir::new().expect("a folder");
    let subject = wrong_server(folder.path());
    let fails = replay(&subject, &["01", test], "");
    assert_eq!(fails.status.code(), Some(1), "{fails:?}");
    let page = stdout(&fails);
    assert!(page.contains("✗ recorded: \"") && page.contains("; now peer received \""), "{page}");
    assert!(
        page.contains("The recording is of an earlier run, in which the test passed."),
        "{page}"
    );

    // A recording that is broken, or of another suite, does not count.
    for broken in ["", "{\"suite\": \"another\"}"] {
        std::fs::write(&kept, broken).expect("written");
        let fails = replay(&subject, &["01", test], "");
        assert!(stdout(&fails).contains("In the recorded run, the test failed:"), "{fails:?}");
    }
}

/// Replays a test of lab 05 with the server of [`tls_server`] and this argument.
fn replay_tls(test: &str, argument: &str) -> Output {
    let folder = TempDir::new().expect("a folder");
    replay(&tls_server(folder.path(), argument), &["05", test], "a\n")
}

#[test]
fn in_tls_the_plain_text_is_replayed() {
    if !has_python() {
        return;
    }
    let output = replay_tls("the_server_says_goodbye", "same");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let page = stdout(&output);
    for row in ["\"Echo: hello\\n\"", "close_notify", "FIN"] {
        assert!(page.contains(&format!("  = as recorded: {row}\n")), "{row} in {page}");
    }
    assert!(page.contains("── TLS handshake ─"), "{page}");
}

#[test]
fn a_missing_close_notify_is_another_answer() {
    if !has_python() {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let state = folder.path().join("second").display().to_string();
    let output = replay_tls("the_server_says_goodbye", &state);
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    let wanted = "✗ recorded: close_notify; now peer received FIN";
    assert!(stdout(&output).contains(wanted), "{}", stdout(&output));
}

/// The server needs the folder of the certificates, and a variable with its tokens.
#[test]
fn a_server_gets_its_variables_again() {
    if !has_python() {
        return;
    }
    let output = replay_tls("each_token_of_the_list_opens", "same");
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert!(stdout(&output).contains("= as recorded: \"OK\\nEcho: hello\\n\""), "{output:?}");
}

/// A server in `folder` that gives the wrong answer in each life.
fn wrong_server(folder: &Path) -> String {
    let script = folder.join("capitals.py");
    std::fs::write(&script, CHANGING).expect("written");
    // This file exists, so each life of the server is a second one.
    let state = folder.join("second");
    std::fs::write(&state, "").expect("written");
    format!("python3 -u '{}' '{}'", script.display(), state.display())
}

/// The server gives the wrong answer again. That it is as recorded is no success.
#[test]
fn a_wrong_answer_that_is_as_recorded_is_a_failure() {
    if !has_python() {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let subject = wrong_server(folder.path());
    let test = without_recording("a_short_read_after_a_long_one_brings_back_nothing_old");
    let output = replay(&subject, &["01", test], "a\n");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(stdout(&output).contains("In the recorded run, the test failed:"), "{output:?}");
}

#[test]
fn an_unwritten_step_is_a_failure_of_the_work() {
    if !has_python() {
        return;
    }
    let folder = TempDir::new().expect("a folder");
    let script = folder.path().join("unwritten.py");
    std::fs::write(&script, UNWRITTEN).expect("written");
    let subject = format!("python3 -u '{}'", script.display());
    let output = replay(&subject, &["01", "a_text_comes_back"], "");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(stderr(&output).contains("step echo is not written yet"), "{output:?}");
}

/// What a program prints that comes to a `todo!`.
const UNWRITTEN: &str = r#"
import sys
sys.exit("""thread 'main' panicked at labs/01-echo/src/echo.rs:9:5:
not yet implemented: lab01, step echo: echo""")
"#;

#[test]
fn what_cannot_be_replayed_or_found_is_an_error_of_one_line() {
    if !has_python() {
        return;
    }
    let client = replay(&echo_server(), &["01", "it_prints_what_came_back"], "");
    assert_eq!(client.status.code(), Some(3), "{client:?}");
    let why = "it starts no server, and a replay needs one; \
        `cargo lab trace 01 it_prints_what_came_back` shows what was sent\n";
    assert!(stderr(&client).ends_with(why), "{client:?}");
    let unknown = replay(&echo_server(), &["01", "nonsense"], "");
    assert_eq!(unknown.status.code(), Some(2), "{unknown:?}");
    let several = replay(&echo_server(), &["01", "comes_back"], "");
    assert_eq!(several.status.code(), Some(2), "{several:?}");
    assert!(stderr(&several).contains("a_text_comes_back"), "{several:?}");
}

/// The first call has nothing that is built, and a suite is built with its program.
#[test]
fn a_program_that_does_not_compile_is_a_failure_of_the_work() {
    let lab = Lab::new();
    lab.edit(DOES_NOT_COMPILE);
    let mut command = Command::new(env!("CARGO_BIN_EXE_replay"));
    command.args(["01", "any"]).current_dir(lab.path("."));
    lab.ignore_user_settings(&mut command);
    let output = command.stdin(Stdio::null()).output().expect("it starts");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(stderr(&output).contains("error"), "{output:?}");
}
