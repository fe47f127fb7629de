//! Step mutual: the client shows a certificate, too.

use testkit::subject;
use testkit_tls::{TestCa, Tls};

#[test]
fn a_client_with_a_certificate_is_served() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder(), "--require-client-cert"]);
    let mut alice = server.connect("alice");
    alice
        .says(
            "trust-the-ca-not-the-client",
            "In `client_verifier`, read the CA with `files::trusted(ca)`. The server accepts each certificate that this CA has issued.",
        )
        .start_tls(&test_ca.client_with(&test_ca.client_identity("alice")));
    alice.send(b"hello\n").expect(b"Echo: hello\n").half_close().expect_end();
}

#[test]
fn a_client_without_one_is_refused_and_so_is_a_strangers() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder(), "--require-client-cert"]);
    let mut without = server.connect("without");
    let alert = without
        .says(
            "require-the-certificate",
            "Check that `server_config` (step server) uses its `verifier`, and that `client_verifier` does not call `allow_unauthenticated`. Asking is not requiring.",
        )
        .start_refused_tls(&test_ca.client());
    server.check(
        alert == "CertificateRequired",
        &format!("The server sent the alert {alert}; expected: CertificateRequired."),
        "let-webpki-refuse",
        "Build the verifier with `WebPkiClientVerifier`. It sends this alert if a client shows no certificate.",
    );
    let stranger = TestCa::new().client_identity("alice");
    server
        .connect("stranger")
        .says(
            "check-who-signed",
            "In `client_verifier`, trust only the CA in the file `ca`. A stranger can make a certificate for alice, but our CA has not signed it.",
        )
        .start_refused_tls(&test_ca.client_with(&stranger));
}

#[test]
fn the_client_shows_its_certificate() {
    let lab = subject!("05");
    let test_ca = TestCa::new();
    let mut host = lab.scripted_server("host");
    let (address, ca) = (host.address(), test_ca.file("ca.pem"));
    let (cert, key) = (test_ca.file("client.pem"), test_ca.file("client.key"));
    let mut client = lab.run([
        "send",
        "--connect",
        &address,
        "--ca",
        &ca,
        "--cert",
        &cert,
        "--key",
        &key,
        "hello",
    ]);
    let mut peer = host.accept();
    peer.says(
        "show-the-identity",
        "In `client_config`, call `with_client_auth_cert(chain, key)` if there is an `identity`. Otherwise the client shows no certificate.",
    )
    .start_tls(&Tls::server(&test_ca.server(), Some(test_ca.ca())))
    .expect(b"hello\n")
    .send(b"Echo: hello\n")
    .half_close();
    client.expect_line("Received: Echo: hello").expect_exit(0);
}

#[test]
fn a_client_that_is_refused_says_so() {
    let lab = subject!("05");
    let test_ca = TestCa::new();
    let mut host = lab.scripted_server("host");
    let (address, ca) = (host.address(), test_ca.file("ca.pem"));
    let mut client = lab.run(["send", "--connect", &address, "--ca", &ca, "hello"]);
    // The connection stays until the client has ended. Its alert comes after our handshake.
    let mut peer = host.accept();
    peer.offer_tls(&Tls::server(&test_ca.server(), Some(test_ca.ca())));
    client
        .says(
            "an-alert-is-a-refusal",
            "In `explain`, return `SendError::CertificateRefused` for `rustls::Error::AlertReceived`. With TLS 1.3 the alert comes instead of the first answer.",
        )
        .expect_error(&["the server refused our certificate (CertificateRequired)"]);
}
