//! What the test_ca's certificates are worth.

#[cfg(unix)]
use process_tree::signal::interrupt;
use std::path::Path;
#[cfg(unix)]
use std::{
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
};
#[cfg(unix)]
use testkit::Subject;
use testkit_tls::{CertDefect, Identity, InMemoryHandshake, TestCa};

const DAY: i64 = 24 * 60 * 60;

/// Set for a test process that waits until Ctrl-C ends it.
#[cfg(unix)]
const WAITS: &str = "KIT_WAITS";

/// What a client that dials `name` and trusts the test_ca says of `server`.
fn rehearsed(test_ca: &TestCa, server: &Identity, name: &str, later: i64) -> Result<(), String> {
    InMemoryHandshake { ca: test_ca.ca(), server, name, client: None, later }.run()
}

#[test]
fn each_flaw_is_just_one() {
    let test_ca = TestCa::new();
    let words = [
        (CertDefect::UnknownIssuer, "UnknownIssuer"),
        (CertDefect::WrongName, "not valid for name \"localhost\""),
        (CertDefect::NoSan, "not valid for name \"localhost\""),
        (CertDefect::Expired, "certificate expired"),
        (CertDefect::NotYetValid, "certificate not valid yet"),
        (CertDefect::CaAsServer, "CaUsedAsEndEntity"),
    ];
    for (defect, expected) in words {
        let said = rehearsed(&test_ca, &test_ca.with_defect(defect), "localhost", 0);
        let said = said.expect_err("each has a defect");
        assert!(said.contains(expected), "{defect:?}: {said}");
    }
    let forgiven = [
        (CertDefect::WrongName, "other.example", 0),
        (CertDefect::Expired, "localhost", -2 * DAY),
        (CertDefect::NotYetValid, "localhost", 2 * DAY),
    ];
    for (defect, name, later) in forgiven {
        let said = rehearsed(&test_ca, &test_ca.with_defect(defect), name, later);
        assert_eq!(said, Ok(()), "{defect:?}");
    }
}

#[test]
fn a_rehearsal_knows_names_dates_and_clients() {
    let test_ca = TestCa::new();
    let good = test_ca.server();
    for name in ["localhost", "127.0.0.1", "::1"] {
        assert_eq!(rehearsed(&test_ca, &good, name, 0), Ok(()));
    }
    for later in [-31 * DAY, 31 * DAY] {
        rehearsed(&test_ca, &good, "localhost", later).expect_err("a certificate has its time");
    }
    let nothing = Identity::read(Path::new("/nowhere"), "server");
    rehearsed(&test_ca, &nothing, "localhost", 0).expect_err("nothing is no certificate");

    let with = |client: &Identity| {
        let ca = test_ca.ca();
        InMemoryHandshake { ca, server: &good, name: "localhost", client: Some(client), later: 0 }
            .run()
    };
    assert_eq!(with(&test_ca.client_identity("alice")), Ok(()));
    with(&TestCa::new().client_identity("alice")).expect_err("another CA");
    with(&good).expect_err("a server's certificate is no client's");
}

#[test]
#[cfg(unix)]
fn ctrl_c_for_the_test_process_removes_its_private_keys() {
    let test = "test_ca::ctrl_c_for_the_test_process_removes_its_private_keys";
    if env::var_os(WAITS).is_some() {
        let test_ca = TestCa::new();
        let words = ["sh", "-c", "exec sleep 1000"].map(str::to_owned);
        let mut client = Subject::command("42", test, &words).run([]);
        eprintln!("{}", test_ca.folder());
        client.expect_line("never");
    }
    let mut tests = Command::new(env::current_exe().expect("we are running"));
    tests.args(["--exact", test, "--nocapture"]).env(WAITS, "1").env("LAB_DEADLINE_SCALE", "50");
    let tests = tests.stdout(Stdio::null()).stderr(Stdio::piped()).spawn();
    let mut tests = tests.expect("we are running, so we can be run");
    let mut folder = String::new();
    let mut lines = BufReader::new(tests.stderr.take().expect("it is piped"));
    lines.read_line(&mut folder).expect("it prints the folder");
    let key = Path::new(folder.trim_end()).join("ca.key");
    let was_there = key.exists();
    interrupt(tests.id());
    tests.wait().expect("it is our child");
    assert!(was_there && !key.exists(), "{} is left", key.display());
}
