//! Alerts, of which some are about our certificate.

use super::send;
use testkit::{Peer, Process, Subject, subject};
use testkit_tls::TestCa;

/// The alerts about a certificate, and their names in rustls (RFC 8446, section 6).
const ABOUT_CERTIFICATES: [(u8, &str); 8] = [
    (116, "CertificateRequired"),
    (48, "UnknownCA"),
    (45, "CertificateExpired"),
    (42, "BadCertificate"),
    (43, "UnsupportedCertificate"),
    (44, "CertificateRevoked"),
    (46, "CertificateUnknown"),
    (40, "HandshakeFailure"),
];

/// A client whose server answers with the fatal alert `number`, and the server's end.
fn alerted(lab: &Subject, test_ca: &TestCa, number: u8) -> (Process, Peer) {
    let mut host = lab.scripted_server("host");
    let client = send(lab, &host.address(), test_ca, &[]);
    let mut peer = host.accept();
    peer.send(&[21, 3, 3, 0, 2, 2, number]);
    (client, peer)
}

#[test]
fn each_alert_about_a_certificate_is_a_refusal() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    for (number, name) in ABOUT_CERTIFICATES {
        let (mut client, _peer) = alerted(&lab, &test_ca, number);
        client
            .says(
                "each-alert-about-a-certificate",
                "In `explain`, return `CertificateRefused` with the alert that arrived, for each alert of the contract. The alert tells the user what to change.",
            )
            .expect_error(&[&format!("the server refused our certificate ({name})")]);
    }
}

/// Alerts that are not about our certificate: protocol_version, decrypt_error, access_denied (RFC
/// 8446, section 6.2).
const ABOUT_OTHER_ERRORS: [u8; 3] = [70, 51, 49];

#[test]
fn another_alert_is_no_refused_certificate() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    for number in ABOUT_OTHER_ERRORS {
        let (mut client, _peer) = alerted(&lab, &test_ca, number);
        client
            .says(
                "only-alerts-about-certificates",
                "In `explain`, return `CertificateRefused` only for the alerts of the contract. Every other alert is `SendError::NotTls`.",
            )
            .expect_error(&["the server does not speak our TLS"]);
    }
}
