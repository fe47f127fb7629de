//! Panics, as Rust reports them on stderr, and steps that are not written yet.

use crate::support::{FOR_EVER, LISTENS, assert_says, failure, here, played, read_all, shell};
use std::io::Write;
use std::net::TcpStream;

/// What Rust's hook writes, by a shell.
fn panic_at(place: &str, message: &str) -> String {
    let note = "note: run with `RUST_BACKTRACE=1` environment variable to display a backtrace";
    let report = format!("\\nthread 'worker' (77) panicked at {place}:\\n{message}\\n{note}\\n");
    format!("printf \"{}\" >&2", report.replace('`', "\\`"))
}

fn echo(mut stream: TcpStream) {
    let asked = read_all(&stream);
    stream.write_all(&asked).expect("the client listens");
}

#[test]
fn one_in_a_thread_fails_a_test_whose_every_answer_was_right() {
    let script = format!("{LISTENS}; {}; {FOR_EVER}", panic_at("src/listen.rs:12:5", "oh no"));
    let text = failure(|| {
        let server = shell!(&script).serve([]);
        server.wait_until_idle();
    });
    assert_says(
        &text,
        &[
            "The server panicked at src/listen.rs:12: oh no",
            "Every answer was right, but the program panicked.",
            "listening on 127.0.0.1:1",
            "✗ panic",
        ],
    );
}

#[cfg(target_os = "linux")]
#[test]
fn one_that_comes_right_after_the_last_expectation_is_seen() {
    let script = format!("read go; {}; {FOR_EVER}", panic_at("src/listen.rs:12:5", "oh no"));
    let text = failure(|| {
        shell!(&script).run([]).write_stdin(b"go\n");
    });
    assert_says(&text, &["The client panicked at src/listen.rs:12: oh no"]);
}

#[test]
fn one_leads_whatever_else_is_missed() {
    let script = format!("{LISTENS}; {}; exit 101", panic_at("src/listen.rs:12:5", "oh no"));
    let text = failure(|| {
        shell!(&script).serve([]).expect_line("hello");
    });
    assert_says(
        &text,
        &["The server panicked at src/listen.rs:12: oh no", "The server printed nothing"],
    );
    // What the hook adds for programmers is no help here.
    assert!(!text.contains("RUST_BACKTRACE"), "{text}");
}

#[test]
fn one_does_not_make_the_advice_of_the_test_its_cause() {
    let script = format!("{LISTENS}; {}; exit 101", panic_at("src/listen.rs:12:5", "oh no"));
    let text = failure(|| {
        let mut server = shell!(&script).serve([]);
        server.says("print-hello", "Print hello.").expect_line("hello");
    });
    let advice = "Find the cause of the panic first. The test is about this: Print hello.";
    assert_says(&text, &["The server panicked at src/listen.rs:12: oh no", advice]);
}

#[test]
fn one_inside_std_names_its_thread() {
    let place = "/rustc/ded5c06/library/core/src/num/mod.rs:1536:5";
    let script = format!("{LISTENS}; {}; exit 101", panic_at(place, "bad radix"));
    let text = failure(|| {
        shell!(&script).serve([]).expect_line("hello");
    });
    assert_says(
        &text,
        &["inside the standard library, which your code called in thread `worker`: bad\nradix"],
    );
    assert!(!text.contains("num/mod.rs"), "{text}");
}

#[test]
fn one_with_many_lines_and_others_after_it_is_told_with_its_own_lines() {
    let first = panic_at("src/listen.rs:12:5", "left: 1\\nright: 2");
    let second = panic_at("src/other.rs:1:1", "poisoned");
    let script = format!("echo a log line >&2; {first}; {second}; exit 101");
    let text = failure(|| drop(shell!(&script).run([]).expect_exit(0)));
    assert_says(&text, &["The client panicked at src/listen.rs:12: left: 1\nright: 2"]);
    assert!(!text.contains("poisoned"), "{text}");
}

#[test]
fn words_that_only_look_like_one_are_none() {
    let script = format!("{LISTENS}; echo 'peer says: he panicked at home:' >&2; {FOR_EVER}");
    shell!(&script).serve([]).expect_log("home");
}

#[test]
fn a_step_that_is_not_written_yet_is_all_that_is_told() {
    let todo = panic_at("src/echo.rs:9:5", "not yet implemented: lab42, step echo: handle");
    let script = format!("{LISTENS}; {todo}; exit 101");
    let text = failure(|| {
        shell!(&script).serve([]).expect_line("hello");
    });
    assert_says(&text, &["step echo is not written yet: handle, in src/echo.rs:9"]);
    assert!(!text.contains("hello") && !text.contains('│'), "{text}");
}

#[test]
fn a_step_that_is_not_written_yet_is_another_tests_business_when_all_was_right() {
    let todo = panic_at("src/echo.rs:9:5", "not yet implemented: lab42, step echo: handle");
    let server = shell!(&format!("{LISTENS}; {todo}; {FOR_EVER}")).serve([]);
    server.wait_until_idle();
}

#[test]
#[cfg(target_os = "linux")]
fn one_of_a_server_is_seen_although_a_client_ended_well() {
    // It comes late: what the client missed is known before that, or nearly.
    let think = "n=0; while [ $n -lt 300 ]; do n=$((n+1)); done";
    let panic = panic_at("src/listen.rs:1:2", "oh no");
    let die = format!("{LISTENS}; {think}; {panic}; exit 101");
    let lab = shell!(&format!("if [ \"$1\" = serve ]; then {die}; else exit 0; fi"));
    let text = failure(|| {
        let mut client = lab.run(["send"]);
        let _server = lab.serve([]);
        client.expect_line("an answer");
    });
    assert_says(
        &text,
        &["The server panicked at src/listen.rs:1: oh no", "The client printed nothing"],
    );
}

#[test]
fn none_is_invented() {
    let played = played!(echo);
    played.server.connect("peer").send(b"hello").half_close().expect(b"hello").expect_end();
}
