//! How a subject ends: asked, unasked, or not at all.

use crate::support::{
    FOR_EVER, LISTENS, SLOW, apart, assert_says, failure, here, played, read_all, shell,
};
use std::io::Write;
use std::process::Command;
use testkit::{Deadline, Process, Resources, poll_until};

#[test]
fn ctrl_c_and_sigterm_reach_it() {
    let script =
        format!("trap 'echo stopped; exit 0' INT TERM; {LISTENS}; while :; do sleep 0.01; done");
    let mut server = shell!(&script).serve([]);
    assert!(server.interrupt());
    server.expect_stopped();
    let mut server = shell!(&script).serve([]);
    assert!(server.terminate());
    server.expect_stopped();
}

#[test]
fn one_that_ignores_ctrl_c_is_told_and_killed() {
    let script = format!("trap '' INT TERM; {LISTENS}; {FOR_EVER}");
    let told = apart!().with("LAB_DEADLINE_SCALE", "0.1").tell(|| {
        let mut server = shell!(&script).serve([]);
        server.interrupt();
        server.says("return-accept-returns", "return when accept returns").expect_stopped();
    });
    told.fails_with(&[
        "The server is still running where exit status 0 was due",
        "Ctrl-C (SIGINT)",
        "✗ still running; wanted exit status 0",
        "Think about it: return when accept returns",
    ]);
}

#[test]
fn one_that_uses_up_its_grace_has_ended_in_time() {
    // The labs' servers give their last clients two seconds. This one gives half of that.
    let script = format!(
        "trap 'sleep 1.1; echo stopped; exit 0' INT; {LISTENS}; while :; do sleep 0.01; done"
    );
    let told = apart!().with("LAB_DEADLINE_SCALE", "0.5").tell(|| {
        let mut server = shell!(&script).serve([]);
        server.interrupt();
        server.expect_stopped();
    });
    told.succeeds_with(&[]);
}

#[test]
fn a_wrong_exit_status_is_told_with_the_right_one() {
    let text = failure(|| drop(shell!("exit 3").run([]).expect_exit(0)));
    assert_says(
        &text,
        &[
            "The client ended with exit status 3 where exit status 0 was due",
            "✗ wanted exit status 0",
        ],
    );
    let text = failure(|| drop(shell!("kill -TERM $$").run([]).expect_exit(0)));
    assert_says(&text, &["The client ended with signal: 15 (SIGTERM) where exit status 0 was due"]);
}

#[test]
fn a_server_that_should_end_does_not_end_by_itself() {
    let text = failure(|| {
        let mut server = shell!("exit 0").try_serve_as("serve", "127.0.0.1:1", []);
        server.expect_error(&["address already in use"]);
    });
    assert_says(&text, &["The server ended with exit status 0 where exit status 1 was due"]);
    assert!(!text.contains("by itself"), "{text}");
}

#[test]
fn a_server_that_ended_explains_what_its_peer_missed() {
    let mut played = played!(|mut stream| {
        stream.write_all(b"hel").expect("connected");
    });
    let mut peer = played.server.connect("peer");
    played.player.join().expect("no panic");
    let text = failure(|| {
        send_signal("TERM", &played.server);
        wait_until_dead(&played.server);
        peer.expect(b"hello");
    });
    assert_says(
        &text,
        &["The server ended by itself (signal: 15 (SIGTERM))", "after 3 bytes of the 5 bytes"],
    );
    played.server.kill();
}

#[test]
fn the_ladder_shows_that_the_test_killed_a_program() {
    let script = "exec 3>&2; echo one >&2; exec sleep 1000";
    let mut client = shell!(script).run([]);
    client.expect_log("one").kill().kill();
    let text = failure(|| {
        client.expect_log("two");
    });
    assert_says(&text, &["killed by the test (SIGKILL) ·", "✗ wanted"]);
    assert_eq!(text.matches("SIGKILL").count(), 1, "it was killed once:\n{text}");
}

#[test]
fn ctrl_c_for_one_that_is_gone_is_no_reason_to_skip() {
    let mut server = shell!(&format!("{LISTENS}; exit 3")).serve([]);
    wait_until_dead(&server);
    assert!(server.interrupt(), "there are signals here, whoever is left to get them");
    let text = failure(|| drop(server.expect_stopped()));
    assert_says(&text, &["The server ended with exit status 3 where exit status 0 was due"]);
}

#[test]
fn one_that_crashes_after_every_right_answer_has_failed() {
    let text = failure(|| {
        let played = played!(|mut stream| {
            let asked = read_all(&stream);
            stream.write_all(&asked).expect("the client listens");
        });
        played.server.connect("peer").send(b"hello").half_close().expect(b"hello").expect_end();
        send_signal("ABRT", &played.server);
        wait_until_dead(&played.server);
    });
    assert_says(&text, &["Every answer was right, but", "signal: 6 (SIGABRT)"]);
}

#[test]
fn the_test_process_does_not_wait_for_what_needs_no_waiting() {
    let told = apart!().with(SLOW.0, SLOW.1).tell(|| {
        shell!("echo done").run([]).expect_line("done").expect_exit(0);
        drop(shell!(&format!("{LISTENS}; {FOR_EVER}")).serve([]));
    });
    told.succeeds_with(&[]);
}

/// A signal that the kit did not send.
fn send_signal(name: &str, process: &Process) {
    let (signal, pid) = (format!("-{name}"), process.pid().to_string());
    let sent = Command::new("kill").args([&signal, &pid]).status();
    assert!(sent.expect("every Unix has kill").success());
}

/// Where a dead process can be told from a living one; elsewhere it has died by now, or soon.
fn wait_until_dead(process: &Process) {
    poll_until(Deadline::usual(), || Resources::of(process.pid()).is_none());
    process.wait_until_idle();
}
