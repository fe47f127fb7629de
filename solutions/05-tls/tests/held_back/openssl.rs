//! OpenSSL on either side, and its opinion of our certificates.

use common::subject;
use common::testkit::{Deadline, Subject, TempDir, poll_until};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

fn openssl_is_there() -> bool {
    let asked = Command::new("openssl").arg("version").stdin(Stdio::null()).output();
    asked.is_ok_and(|output| output.status.success())
}

/// What `lab05 certs` makes, and where each of the files is.
fn certs(lab: &Subject) -> (TempDir, impl Fn(&str) -> String) {
    let folder = lab.folder();
    let path = folder.path().to_path_buf();
    lab.run(["certs", "--out", &path.to_string_lossy()]).expect_exit(0);
    (folder, move |name: &str| path.join(name).to_string_lossy().into_owned())
}

#[test]
fn openssl_finds_nothing_wrong_with_the_certificates() {
    let lab = subject!("05");
    if !openssl_is_there() {
        return lab.skip("this machine has no openssl");
    }
    let (_folder, file) = certs(&lab);
    for (name, purpose) in [("server.pem", "sslserver"), ("client.pem", "sslclient")] {
        let (ca, path) = (file("ca.pem"), file(name));
        lab.another(["openssl"])
            .run(["verify", "-x509_strict", "-purpose", purpose, "-CAfile", &ca, &path])
            .expect_exit(0);
    }
}

#[test]
fn s_client_is_served_with_a_certificate_of_its_own() {
    let lab = subject!("05");
    if !openssl_is_there() {
        return lab.skip("this machine has no openssl");
    }
    let (folder, file) = certs(&lab);
    let server = lab.serve(["--certs", &folder.path().to_string_lossy(), "--require-client-cert"]);
    let (address, ca) = (server.address().to_string(), file("ca.pem"));
    let (cert, key) = (file("client.pem"), file("client.key"));
    for version in ["-tls1_2", "-tls1_3"] {
        let mut client = lab.another(["openssl"]).run([
            "s_client",
            "-quiet",
            version,
            "-connect",
            &address,
            "-CAfile",
            &ca,
            "-cert",
            &cert,
            "-key",
            &key,
            "-verify_return_error",
            "-verify_hostname",
            "localhost",
        ]);
        client.types(b"hello\n").expect_line("Echo: hello");
        client.types(b"\xff\x01\n").expect_output(b"Echo: \xff\x01\n");
    }
}

#[test]
fn s_server_is_understood_and_sees_our_certificate() {
    let lab = subject!("05");
    if !openssl_is_there() {
        return lab.skip("this machine has no openssl");
    }
    let (_folder, file) = certs(&lab);
    let (ca, [cert, key]) = (file("ca.pem"), ["server.pem", "server.key"].map(&file));
    let address = free_address();
    let server = lab.another(["openssl"]).run([
        "s_server",
        "-accept",
        &address,
        "-cert",
        &cert,
        "-key",
        &key,
        "-CAfile",
        &ca,
        "-Verify",
        "1",
        "-verify_return_error",
        "-rev",
    ]);
    // Different versions say different things once they listen: connecting tells. s_server does
    // not mind a client that leaves again.
    let listens = poll_until(Deadline::usual(), || TcpStream::connect(&address).is_ok());
    lab.check(listens, "s_server does not listen.", &server.stderr());
    let words = ["send", "--connect", &address, "--ca", &ca];
    let (our_cert, our_key) = (file("client.pem"), file("client.key"));
    lab.run(words.into_iter().chain(["--cert", &our_cert, "--key", &our_key, "hello"]))
        .expect_line("Received: olleh")
        .expect_exit(0);
    lab.run(words.into_iter().chain(["hello"])).expect_error(&["refused our certificate"]);
}

/// A port that nobody has now. s_server takes no socket that is open already.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    listener.local_addr().expect("a bound socket has an address").to_string()
}
