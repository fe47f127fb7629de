//! Conversations cut anywhere.

use crate::support::{FOR_EVER, QUICK, apart, assert_says, failure, here, shell};
use report::Report;
use std::cell::Cell;
use std::fs;
use std::net::TcpListener;
use testkit::for_any_split;

/// A story that fails uncut need not be cut, because each start may cost a deadline.
#[test]
fn a_subject_that_dies_is_started_once() {
    let folder = shell!("").folder();
    let log = folder.path().join("starts");
    let script = format!("echo >>{}; echo error: no >&2; exit 3", log.display());
    let text = failure(|| shell!(&script).for_any_split(&[], b"hello", |_, _| ()));
    assert_says(&text, &["The server ended by itself (exit status 3)", "error: no"]);
    assert_eq!(fs::read_to_string(&log).expect("it was started").lines().count(), 1);
}

#[test]
fn a_subject_that_hangs_is_started_once() {
    let folder = shell!("").folder();
    let log = folder.path().join("starts");
    let told = apart!().with(QUICK.0, QUICK.1).with("STARTS", &log.to_string_lossy()).tell(|| {
        let script = format!("echo >>$STARTS; {FOR_EVER}");
        shell!(&script).for_any_split(&[], b"hello", |_, _| ());
    });
    told.fails_with(&["The server did not say `listening on ADDRESS`"]);
    assert_eq!(fs::read_to_string(&log).expect("it was started").lines().count(), 1);
}

#[test]
fn a_subject_whom_no_cut_harms_is_started_once() {
    let folder = shell!("").folder();
    let log = folder.path().join("starts");
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let said = format!("echo listening on {}", listener.local_addr().expect("bound"));
    let script = format!("echo >>{}; {said}; {FOR_EVER}", log.display());
    shell!(&script).for_any_split(&[], b"hello", |_, _| ());
    assert_eq!(fs::read_to_string(&log).expect("it was started").lines().count(), 1);
}

/// As a student's program that has come to its next step.
#[test]
fn a_subject_that_serves_only_one_client_is_started_for_each_cut() {
    let folder = shell!("").folder();
    let log = folder.path().join("starts");
    let once = "import os, socket; s = socket.create_server(('127.0.0.1', 0)); \
        open(os.environ['STARTS'], 'a').write('x'); \
        print('listening on 127.0.0.1:%d' % s.getsockname()[1], flush=True); \
        c, _ = s.accept(); s.close(); \
        [c.sendall(b) for b in iter(lambda: c.recv(99), b'')]; c.close()";
    let Some(lab) = shell!("").python(once) else { return };
    let lab = lab.with_variable("STARTS", &log.to_string_lossy());
    lab.for_any_split(&[], b"hello", |peer, pieces| {
        peer.send_in_pieces(pieces).expect(b"hello").half_close().expect_end();
    });
    assert!(fs::read_to_string(&log).expect("it was started").len() > 5);
}

#[test]
fn only_the_smallest_failure_is_told() {
    let told = apart!().tell(|| {
        let lab = shell!("echo listening on 127.0.0.1:1; exec sleep 1000");
        for_any_split(b"hello, world", |pieces| {
            let apart = pieces.iter().any(|piece| piece.ends_with(b","));
            lab.check(!apart, &format!("Told in {} pieces.", pieces.len()), "think", "think");
        });
    });
    told.fails_with(&["Told in 2 pieces."]);
    assert_eq!(told.text.matches("Told in").count(), 1, "{}", told.text);
}

#[test]
fn a_failure_that_does_not_come_again_is_a_failure() {
    let folder = shell!("").folder();
    let report = folder.path().join("report.json");
    let told = apart!().with("LAB_REPORT", &report.to_string_lossy()).tell(|| {
        let times = Cell::new(0);
        let lab = shell!("");
        for_any_split(b"hello, world", |pieces| {
            times.set(times.get() + 1);
            lab.check(
                times.get() != 5,
                &format!("The fifth: {} pieces.", pieces.len()),
                "think",
                "think",
            );
        });
    });
    told.fails_with(&["The fifth: ", "Told once more, alone, it did not fail"]);
    let report = Report::read(&report).expect("the runner is told");
    let message = &report.failure().expect("it failed").message;
    assert!(message.text.starts_with("The fifth: "), "{message:?}");
}

#[test]
fn pieces_are_the_whole_conversation_also_of_one_byte_or_none() {
    for conversation in [&b"abcdef"[..], b"x", b""] {
        let times = Cell::new(0);
        for_any_split(conversation, |pieces| {
            assert_eq!(pieces.concat(), conversation);
            times.set(times.get() + 1);
        });
        assert!(times.get() > 0);
    }
}
