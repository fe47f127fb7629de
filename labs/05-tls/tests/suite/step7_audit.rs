//! Step audit: who came, who was refused and why, and no secret in it.

use std::fs;
use testkit::{Deadline, Subject, TempDir, poll_until, subject};
use testkit_tls::TestCa;

/// The place of the log in `folder`, as text for a command line.
fn log_in(folder: &TempDir) -> String {
    folder.path().join("log").to_string_lossy().into_owned()
}

/// The log's lines, once there are `count` of them.
fn lines(lab: &Subject, folder: &TempDir, count: usize) -> Vec<String> {
    let mut log = String::new();
    let came = poll_until(Deadline::usual(), || {
        log = fs::read_to_string(folder.path().join("log")).unwrap_or_default();
        log.matches('\n').count() >= count
    });
    lab.check(
        came,
        &format!("Each client gets a line in the log. By now {count} came, and it reads {log:?}."),
        "line-client-accepted-refused",
        "one line for each client, accepted or refused, with its ending",
    );
    log.lines().map(str::to_owned).collect()
}

fn is(lab: &Subject, line: &str, rest: &str) {
    let (time, said) = line.split_once(' ').unwrap_or_default();
    let dated = time.len() == 20 && time.ends_with('Z') && time.as_bytes().get(10) == Some(&b'T');
    lab.check(
        dated && said == rest,
        &format!("The log says {line:?} where `TIME {rest}` was due."),
        "time-peer-name-accepted", "TIME PEER NAME accepted, or TIME PEER NAME refused: WHY; TIME as common::log::utc gives it, NAME as certificate_name does",
    );
}

#[test]
fn who_came_is_in_the_log_by_name() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let folder = lab.folder();
    let log = log_in(&folder);
    let server = lab.serve(["--certs", &test_ca.folder(), "--require-client-cert", "--log", &log]);
    let mut alice = server.connect("alice");
    alice.start_tls(&test_ca.client_with(&test_ca.client_identity("alice")));
    alice.send(b"hello\n").expect(b"Echo: hello\n");
    let line = lines(&lab, &folder, 1).remove(0);
    is(&lab, &line, &format!("{} alice accepted", alice.local_addr()));
}

#[test]
fn who_was_refused_is_in_the_log_and_why() {
    let test_ca = TestCa::new();
    let lab = subject!("05").with_variable("TOKENS", "s3cret");
    let folder = lab.folder();
    let log = log_in(&folder);
    let server = lab.serve(["--certs", &test_ca.folder(), "--token-env", "TOKENS", "--log", &log]);
    let mut wrong = server.connect("wrong");
    wrong.start_tls(&test_ca.client()).send(b"TOKEN gu3ss\n").expect(b"ERROR not authorised\n");
    let line = lines(&lab, &folder, 1).remove(0);
    is(&lab, &line, &format!("{} - refused: not authorised", wrong.local_addr()));
}

#[test]
fn no_secret_is_written_anywhere() {
    let test_ca = TestCa::new();
    let lab = subject!("05").with_variable("TOKENS", "s3cret,other-0ne");
    let folder = lab.folder();
    let log = log_in(&folder);
    let mut server =
        lab.serve(["--certs", &test_ca.folder(), "--token-env", "TOKENS", "--log", &log]);
    let mut right = server.connect("right");
    right.start_tls(&test_ca.client()).send(b"TOKEN s3cret\n").expect(b"OK\n");
    let mut wrong = server.connect("wrong");
    wrong.start_tls(&test_ca.client()).send(b"TOKEN s3cre7\n").expect(b"ERROR not authorised\n");
    server.expect_log("refused: not authorised");
    let written = lines(&lab, &folder, 2).concat() + &server.stderr();
    for secret in ["s3cret", "other-0ne", "s3cre7"] {
        server.check(
            !written.contains(secret),
            &format!("Somebody who reads what the server has logged finds {secret:?} in it."),
            "wrong-token-often-right", "a wrong token is often a right one with a typing error: who reads a log must not become who is in it",
        );
    }
}
