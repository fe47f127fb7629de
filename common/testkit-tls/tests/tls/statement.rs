//! What a certificate states, in words.

use testkit_tls::{CertDefect, Statement, TestCa};

fn stated(pem: &str) -> Statement {
    Statement::read(pem).expect("it is a certificate")
}

#[test]
fn names_issuer_dates_and_use_are_read() {
    let test_ca = TestCa::new();
    let server = stated(&test_ca.server().certificate);
    assert_eq!(server.names, ["localhost", "127.0.0.1", "::1"]);
    assert_eq!(server.issuer, "TestCa CA");
    assert_eq!((server.is_ca, &server.purposes[..]), (Some(false), &["serverAuth"][..]));
    assert!(server.not_before < server.not_after, "{server}");
    assert_eq!(server.not_before.len(), "2026-11-29 10:05:00".len());
    let text = server.to_string();
    assert!(text.starts_with("localhost, 127.0.0.1, ::1; CA:FALSE; serverAuth; valid from 20"));
    let client = stated(&test_ca.client_identity("alice").certificate);
    assert_eq!(
        (&client.names[..], &client.purposes[..]),
        (&["alice".into()][..], &["clientAuth"][..])
    );
    let ca = stated(test_ca.ca());
    assert_eq!(
        (ca.is_ca, &ca.key_usages[..]),
        (Some(true), &["digitalSignature", "keyCertSign"][..])
    );
    assert_eq!(
        (&server.key_usages[..], server.names_issuer_key),
        (&["digitalSignature"][..], true)
    );
}

#[test]
fn a_defect_is_seen() {
    let test_ca = TestCa::new();
    let with = |defect| stated(&test_ca.with_defect(defect).certificate).labels();
    assert_eq!(with(CertDefect::WrongName)[0], "certificate: other.example");
    assert_eq!(with(CertDefect::NoSan)[0], "certificate: no names");
    assert!(with(CertDefect::CaAsServer)[0].starts_with("CA certificate: "));
    assert!(with(CertDefect::UnknownIssuer)[1].starts_with("by Another CA, 20"));
}

#[test]
fn what_is_no_certificate_states_nothing() {
    assert_eq!(Statement::read(""), None);
    let pem = "-----BEGIN CERTIFICATE-----\nMII=\n-----END CERTIFICATE-----\n";
    assert_eq!(Statement::read(pem), None);
}
