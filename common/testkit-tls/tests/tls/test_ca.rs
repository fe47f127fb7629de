//! What the test_ca's certificates are worth.

use std::path::Path;
use testkit_tls::{CertDefect, Identity, InMemoryHandshake, TestCa};

const DAY: i64 = 24 * 60 * 60;

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
