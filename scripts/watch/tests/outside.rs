//! What the screen says of a program that ran beside it.

#![cfg(unix)]

use std::process::Command;
use std::time::Duration;

use crossbeam_channel::bounded;
use watch::event::Event;
use watch::outside;

/// What the screen says after `script`. `None` if it says nothing.
fn notice_of(script: &str) -> Option<String> {
    let (sender, events) = bounded(1);
    let mut command = Command::new("sh");
    command.args(["-c", script]);
    outside::run_beside(command, "The trace", sender);
    // The channel is closed when the program has ended without a notice.
    match events.recv_timeout(Duration::from_secs(60)) {
        Ok(Event::Notice(text)) => Some(text),
        Ok(event) => panic!("{event:?}"),
        Err(error) => {
            assert_eq!(error, crossbeam_channel::RecvTimeoutError::Disconnected);
            None
        }
    }
}

#[test]
fn the_result_of_a_failing_test_is_the_place_of_its_page() {
    let script = "echo '     Running `trace`' >&2; echo 'The trace is in a.html'; exit 1";
    assert_eq!(notice_of(script).as_deref(), Some("The trace is in a.html"));
}

#[test]
fn an_error_is_named_and_not_the_lines_around_it() {
    let script = "echo Compiling >&2; echo 'error: no browser' >&2; echo 'Open it.' >&2; exit 3";
    assert_eq!(notice_of(script).as_deref(), Some("The trace: error: no browser"));
    assert_eq!(notice_of("exit 3").as_deref(), Some("The trace: failed without a message"));
}

#[test]
fn a_program_that_prints_nothing_needs_no_notice() {
    assert_eq!(notice_of("true"), None);
}
