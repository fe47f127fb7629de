//! Step audit: a log of accepted and refused clients that holds no secret.

use std::fs;
use std::net::SocketAddr;
use std::time::{Duration, SystemTime};
use testkit::{Deadline, Subject, TempDir, poll_until, subject};
use testkit_tls::TestCa;

/// The path of the log in `folder`, as text for a command line.
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
    let wanted = if count == 1 { "one line".to_owned() } else { format!("{count} lines") };
    lab.check(
        came,
        &format!("The log should have {wanted} by now, and reads {log:?}."),
        "end-each-line",
        "In `record`, end the line with \\n. Each client has one line, accepted or refused.",
    );
    lab.check(
        !log.contains('\r') && !log.contains("\n\n"),
        &format!("The log has more than \\n at the end of a line, and reads {log:?}."),
        "end-each-line",
        "In `record`, end the line with \\n. Each client has one line, accepted or refused.",
    );
    log.lines().map(str::to_owned).collect()
}

/// The line is `TIME PEER NAME VERDICT`.
fn is(lab: &Subject, line: &str, peer: SocketAddr, name: &str, verdict: &str) {
    let (time, said) = line.split_once(' ').unwrap_or_default();
    let rest = format!("{peer} {name} {verdict}");
    let now = SystemTime::now();
    // The client came in this test, so not long ago.
    let [earliest, latest] = [now - Duration::from_secs(600), now].map(common::log::utc);
    let dated = time.len() == latest.len() && (earliest.as_str()..=&latest).contains(&time);
    lab.check(
        dated,
        &format!("The log says {line:?}; expected: `TIME {rest}`. In UTC it is {latest}."),
        "begin-with-the-time",
        "In `record`, begin the line with `common::log::utc(time)` and one space.",
    );
    let sentence = format!("The log says {line:?}; expected: `TIME {rest}`.");
    let (id, think) = advice_for(said, peer, name, verdict);
    lab.check(said == rest, &sentence, id, think);
}

/// What to check first if `said` is not `PEER NAME VERDICT`.
fn advice_for(
    said: &str,
    peer: SocketAddr,
    name: &str,
    verdict: &str,
) -> (&'static str, &'static str) {
    let has = |wanted: &str| said.split(' ').any(|word| word.trim_matches('"') == wanted);
    if !said.contains(&peer.to_string()) && said.contains(&peer.ip().to_string()) {
        PORT
    } else if has(name) {
        FORMAT
    } else if said == format!("{peer} - {verdict}") && verdict == "accepted" {
        NO_NAME
    } else {
        NAME
    }
}

const PORT: (&str, &str) = (
    "write-the-port",
    "In `record`, format `peer` itself and not `peer.ip()`. Clients of one machine differ in the port only.",
);

const NO_NAME: (&str, &str) = (
    "find-the-name",
    "Check that `certificate_name` returns the name of this certificate, and that `record` writes it. The log has `-` for `None`.",
);

const FORMAT: (&str, &str) = (
    "format-the-line",
    "In `record`, format `PEER NAME accepted` or `PEER NAME refused: WHY`, in this order, in small letters, without quotes.",
);

const NAME: (&str, &str) = (
    "write-the-name",
    "In `record`, write `name` (after `escape_debug`) behind PEER, for a refused client, too. Write `-` only for `None`.",
);

/// Whether one of the names in `line` is `name`. The test of `is` judges the rest of the line.
fn names(line: &str, name: &str) -> bool {
    let is_inside = |char: char| char.is_alphanumeric() || char == '.' || char == '-';
    line.split(|char| !is_inside(char)).any(|word| word == name)
}

#[test]
fn who_came_and_who_was_refused_is_in_the_log() {
    let test_ca = TestCa::new();
    let lab = subject!("05").with_variable("TOKENS", "s3cret");
    let folder = lab.folder();
    let log = log_in(&folder);
    let (certs, tokens) = (test_ca.folder(), ["--token-env", "TOKENS", "--require-client-cert"]);
    let mut server = lab.serve(["--certs", &certs, "--log", &log].into_iter().chain(tokens));
    let alice = test_ca.client_with(&test_ca.client_identity("alice"));
    let mut right = server.connect("right");
    right.start_tls(&alice).send(b"TOKEN s3cret\nhi\n").expect(b"OK\nEcho: hi\n");
    let line = lines(&lab, &folder, 1).remove(0);
    is(&lab, &line, right.local_addr(), "alice", "accepted");
    let mut wrong = server.connect("wrong");
    wrong.start_tls(&alice).send(b"TOKEN gu3ss\n").expect(b"ERROR not authorised\n");
    let line = lines(&lab, &folder, 2).remove(1);
    is(&lab, &line, wrong.local_addr(), "alice", "refused: not authorised");
    let mut without = server.connect("without");
    without.start_refused_tls(&test_ca.client());
    let line = lines(&lab, &folder, 3).remove(2);
    let begin = format!("{}: refused: ", without.local_addr());
    server.expect_log(&begin);
    // The given code logs the same reason on stderr.
    let stderr = server.stderr();
    let why = stderr.lines().find_map(|line| line.split_once(&begin)).map_or("", |(_, why)| why);
    lab.check(
        line.contains(why),
        &format!("A client was refused: {why:?}. The log says {line:?}."),
        "write-the-reason-given",
        "In `record`, write the whole text in `Refused`. This client was refused in its handshake, and not because of a token.",
    );
    is(&lab, &line, without.local_addr(), "-", &format!("refused: {why}"));
}

#[test]
fn a_refused_client_is_in_the_log_and_no_token() {
    let test_ca = TestCa::new();
    let lab = subject!("05").with_variable("TOKENS", "s3cret,other-0ne");
    let folder = lab.folder();
    let log = log_in(&folder);
    let mut server =
        lab.serve(["--certs", &test_ca.folder(), "--token-env", "TOKENS", "--log", &log]);
    let mut right = server.connect("right");
    right.start_tls(&test_ca.client()).send(b"TOKEN s3cret\nhi\n").expect(b"OK\nEcho: hi\n");
    let mut wrong = server.connect("wrong");
    wrong.start_tls(&test_ca.client()).send(b"TOKEN s3cre7\n").expect(b"ERROR not authorised\n");
    server.expect_log("refused: not authorised");
    let lines = lines(&lab, &folder, 2);
    let written = lines.concat() + &server.stderr();
    for secret in ["s3cret", "other-0ne", "s3cre7"] {
        server.check(
            !written.contains(secret),
            &format!("The server has logged the token {secret:?}."),
            "log-no-token",
            "Log no token, in `is_authorised` or elsewhere, not even a wrong one. It is often a right one with a typing error.",
        );
    }
    // The first client was in the log before its first answer.
    is(&lab, &lines[1], wrong.local_addr(), "-", "refused: not authorised");
}

#[test]
fn the_name_is_the_first_of_the_clients_own_certificate() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let folder = lab.folder();
    let log = log_in(&folder);
    let server = lab.serve(["--certs", &test_ca.folder(), "--require-client-cert", "--log", &log]);
    let mut identity = test_ca.client_identity_with(&["alice", "backup.alice"]);
    identity.certificate += test_ca.ca();
    let mut alice = server.connect("alice");
    alice.start_tls(&test_ca.client_with(&identity)).send(b"hello\n").expect(b"Echo: hello\n");
    let line = lines(&lab, &folder, 1).remove(0);
    lab.check(
        names(&line, "alice") || names(&line, "backup.alice"),
        &format!("The client alice sent its certificate and its CA's. The log says {line:?}."),
        "first-certificate-is-its-own",
        "In `certificate_name`, take the first of `peer_certificates`. The client's own certificate comes first, then those of its issuers.",
    );
    lab.check(
        names(&line, "alice"),
        &format!("The client's certificate is for alice and backup.alice. The log says {line:?}."),
        "take-the-first-name",
        "In `certificate_name`, return the first of `valid_dns_names`. It is the name that the CA put first.",
    );
    let mut device = server.connect("device");
    device.says(
        "a-certificate-may-have-no-dns-name",
        "In `certificate_name`, return `None` if `valid_dns_names` gives no name. A certificate may be for an IP address only.",
    );
    device.start_tls(&test_ca.client_with(&test_ca.client_identity("192.0.2.7")));
    device.send(b"hello\n").expect(b"Echo: hello\n");
    let line = lines(&lab, &folder, 2).remove(1);
    is(&lab, &line, device.local_addr(), "-", "accepted");
}
