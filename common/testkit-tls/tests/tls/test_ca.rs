//! What the cabinet's certificates are worth.

use std::path::Path;
use testkit_tls::{Cabinet, Flaw, Identity, Rehearsal};

const DAY: i64 = 24 * 60 * 60;

/// What a client that dials `name` and trusts the cabinet says of `server`.
fn rehearsed(cabinet: &Cabinet, server: &Identity, name: &str, later: i64) -> Result<(), String> {
    Rehearsal { ca: cabinet.ca(), server, name, client: None, later }.run()
}

#[test]
fn each_flaw_is_just_one() {
    let cabinet = Cabinet::new();
    let words = [
        (Flaw::UnknownIssuer, "UnknownIssuer"),
        (Flaw::WrongName, "not valid for name \"localhost\""),
        (Flaw::NoSan, "not valid for name \"localhost\""),
        (Flaw::Expired, "certificate expired"),
        (Flaw::NotYetValid, "certificate not valid yet"),
        (Flaw::CaAsServer, "CaUsedAsEndEntity"),
    ];
    for (flaw, expected) in words {
        let said = rehearsed(&cabinet, &cabinet.flawed(flaw), "localhost", 0);
        let said = said.expect_err("each has a flaw");
        assert!(said.contains(expected), "{flaw:?}: {said}");
    }
    let forgiven = [
        (Flaw::WrongName, "other.example", 0),
        (Flaw::Expired, "localhost", -2 * DAY),
        (Flaw::NotYetValid, "localhost", 2 * DAY),
    ];
    for (flaw, name, later) in forgiven {
        let said = rehearsed(&cabinet, &cabinet.flawed(flaw), name, later);
        assert_eq!(said, Ok(()), "{flaw:?}");
    }
}

#[test]
fn a_rehearsal_knows_names_dates_and_clients() {
    let cabinet = Cabinet::new();
    let good = cabinet.server();
    for name in ["localhost", "127.0.0.1", "::1"] {
        assert_eq!(rehearsed(&cabinet, &good, name, 0), Ok(()));
    }
    for later in [-31 * DAY, 31 * DAY] {
        rehearsed(&cabinet, &good, "localhost", later).expect_err("a certificate has its time");
    }
    let nothing = Identity::read(Path::new("/nowhere"), "server");
    rehearsed(&cabinet, &nothing, "localhost", 0).expect_err("nothing is no certificate");

    let with = |client: &Identity| {
        let ca = cabinet.ca();
        Rehearsal { ca, server: &good, name: "localhost", client: Some(client), later: 0 }.run()
    };
    assert_eq!(with(&cabinet.person("alice")), Ok(()));
    with(&Cabinet::new().person("alice")).expect_err("another CA");
    with(&good).expect_err("a server's certificate is no client's");
}
