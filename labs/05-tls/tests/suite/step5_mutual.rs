//! Step mutual: the client has a certificate, too.

use testkit::subject;
use testkit_tls::{TestCa, Tls};

#[test]
fn a_client_with_a_certificate_is_served() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder(), "--require-client-cert"]);
    let mut alice = server.connect("alice");
    alice
        .says(
            "ca-pem-tells-certificates",
            "ca.pem tells whose certificates count: whoever has one of them is let in",
        )
        .start_tls(&test_ca.client_with(&test_ca.client_identity("alice")));
    alice.send(b"hello\n").expect(b"Echo: hello\n").half_close().expect_end();
}

#[test]
fn a_client_without_one_is_refused_and_so_is_a_strangers() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder(), "--require-client-cert"]);
    let mut nobody = server.connect("nobody");
    let alert = nobody
        .says(
            "certificate-asked-required-keeps",
            "a certificate that is asked for but not required keeps nobody out",
        )
        .start_refused_tls(&test_ca.client());
    server.check(
        alert == "CertificateRequired",
        &format!("The server said {alert} where CertificateRequired was due."),
        "webpkiclientverifier-says-certificate",
        "WebPkiClientVerifier says it, when a certificate is required",
    );
    let stranger = TestCa::new().client_identity("alice");
    server
        .connect("stranger")
        .says(
            "make-certificate-alice-counts",
            "anybody can make a certificate for alice: it counts when our CA has signed it",
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
        "client-config-client-auth",
        "client_config: with_client_auth_cert, if there is an identity",
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
    // The connection stays until the client has ended: its alert comes after our handshake.
    let mut peer = host.accept();
    peer.offer_tls(&Tls::server(&test_ca.server(), Some(test_ca.ca())));
    client
        .says(
            "alert-server-thinks-rustls",
            "an alert is what the server thinks of us: rustls::Error::AlertReceived",
        )
        .expect_error(&["the server refused our certificate (CertificateRequired)"]);
}
