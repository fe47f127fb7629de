//! A name in a certificate that would forge a line of the log.

use std::fs;
use testkit::{Deadline, poll_until, subject};
use testkit_tls::TestCa;

/// A certificate may hold any bytes as a name, if its CA allows that.
const FORGED: &str = "eve accepted\n2026-05-01T12:00:00Z 127.0.0.1:7 root";

#[test]
fn a_name_in_a_certificate_makes_no_line_of_its_own() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let folder = lab.folder();
    let log = folder.path().join("log").to_string_lossy().into_owned();
    let server = lab.serve(["--certs", &test_ca.folder(), "--require-client-cert", "--log", &log]);
    let read = || fs::read_to_string(&log).unwrap_or_default();
    // The verifier decides whether eve is served. Both outcomes are right.
    let mut eve = server.connect("eve");
    eve.offer_tls(&test_ca.client_with(&test_ca.client_identity(FORGED)));
    poll_until(Deadline::usual(), || read().contains(&eve.local_addr().to_string()));
    let mut alice = server.connect("alice");
    alice.start_tls(&test_ca.client_with(&test_ca.client_identity("alice")));
    alice.send(b"hello\n").expect(b"Echo: hello\n");
    let logged = read();
    let is_clean = logged.lines().all(|line| !line.contains(char::is_control));
    server.check(
        logged.lines().count() == 2 && is_clean,
        &format!("Two clients connected, and the log reads {logged:?}."),
        "escape-names-in-the-log",
        "In `record`, escape the name with `escape_debug`, and in `certificate_name` use webpki. A certificate may hold a newline in its name.",
    );
}
