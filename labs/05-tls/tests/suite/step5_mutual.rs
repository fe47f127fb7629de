//! Step mutual: the client shows a certificate, too.

use testkit::{Process, Subject, subject};
use testkit_tls::{Identity, TestCa, Tls};

const TRUST_THE_CA: (&str, &str) = (
    "trust-the-ca-not-the-client",
    "In `client_verifier`, read the CA with `files::trusted(ca)`. The server accepts each certificate that this CA has issued.",
);

/// Runs `send ... hello` with the certificate `CERT.pem` and the key `KEY.key`.
fn send_as(lab: &Subject, address: &str, test_ca: &TestCa, cert: &str, key: &str) -> Process {
    let [ca, cert, key] = ["ca.pem".to_owned(), format!("{cert}.pem"), format!("{key}.key")]
        .map(|name| test_ca.file(&name));
    let files = ["--ca", &ca, "--cert", &cert, "--key", &key];
    lab.run(["send", "--connect", address].into_iter().chain(files).chain(["hello"]))
}

#[test]
fn only_a_client_with_a_certificate_of_the_ca_is_served() {
    let test_ca = TestCa::new();
    let lab = subject!("05");
    lab.says(TRUST_THE_CA.0, TRUST_THE_CA.1);
    let server = lab.serve(["--certs", &test_ca.folder(), "--require-client-cert"]);
    let mut alice = server.connect("alice");
    alice
        .says(TRUST_THE_CA.0, TRUST_THE_CA.1)
        .start_tls(&test_ca.client_with(&test_ca.client_identity("alice")));
    alice.send(b"hello\n").expect(b"Echo: hello\n").half_close().expect_end();
    let mut without = server.connect("without");
    let alert = without
        .says(
            "require-the-certificate",
            "In `client_verifier`, do not call `allow_unauthenticated`, because asking is not requiring. Also check that `server_config` (step server) uses its `verifier`.",
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
    let mut client = send_as(&lab, &host.address(), &test_ca, "client", "client");
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

#[test]
fn the_client_shows_its_whole_chain() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    test_ca.write("chain", &test_ca.client_of_intermediate("alice"));
    let mut host = lab.scripted_server("host");
    let _client = send_as(&lab, &host.address(), &test_ca, "chain", "chain");
    host.accept()
        .says(
            "show-the-whole-chain",
            "In `client_config`, give the whole `chain` to `with_client_auth_cert`. An intermediate CA has signed the first certificate, and the server knows only the root.",
        )
        .start_tls(&Tls::server(&test_ca.server(), Some(test_ca.ca())))
        .expect(b"hello\n");
}

#[test]
fn a_key_of_another_certificate_is_an_error() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let host = lab.scripted_server("host");
    send_as(&lab, &host.address(), &test_ca, "client", "server")
        .says(
            "a-wrong-key-is-an-error",
            "In `client_config`, return `SendError::WrongKey` for the error of `with_client_auth_cert`. The user has given the key of another certificate.",
        )
        .expect_error(&["the key does not belong to our certificate"]);
}

#[test]
fn a_ca_file_that_is_of_no_use_is_an_error() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    test_ca.write("ca", &Identity::default());
    let args = ["--certs", &test_ca.folder(), "--require-client-cert"];
    lab.try_serve_as("serve", "127.0.0.1:0", args)
        .says(
            "return-the-error-of-the-ca",
            "In `client_verifier`, return the error of `files::trusted`. It names the file. This ca.pem holds no certificate.",
        )
        .expect_error(&["ca.pem is of no use"]);
}
