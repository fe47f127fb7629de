//! OpenSSL on either side, and its checks of our certificates.

use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use testkit::{Deadline, Process, Subject, TempDir, poll_until, subject};

/// How many ports are tried for s_server.
const TRIES: usize = 5;

fn openssl_is_there() -> bool {
    let asked = Command::new("openssl").arg("version").stdin(Stdio::null()).output();
    asked.is_ok_and(|output| output.status.success())
}

/// Runs `lab05 certs`. Returns the folder, and the path of each file.
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
        let (id, think) = match version {
            "-tls1_2" => (
                "serve-openssl-with-tls-1-2",
                "In `server_config`, allow TLS 1.2, too (`ServerConfig::builder()`). This s_client was started with -tls1_2.",
            ),
            _ => (
                "serve-openssl-with-tls-1-3",
                "In `server_config`, allow TLS 1.3 (`ServerConfig::builder()`). This s_client was started with -tls1_3.",
            ),
        };
        client.says(id, think).write_stdin(b"hello\n").expect_line("Echo: hello");
        client.write_stdin(b"\xff\x01\n").expect_output(b"Echo: \xff\x01\n");
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
    let files = ["-cert", &cert, "-key", &key, "-CAfile", &ca];
    let (_server, address) = s_server(&lab, &files);
    let words = ["send", "--connect", &address, "--ca", &ca];
    let (our_cert, our_key) = (file("client.pem"), file("client.key"));
    lab.run(words.into_iter().chain(["--cert", &our_cert, "--key", &our_key, "hello"]))
        .expect_line("Received: olleh")
        .expect_exit(0);
    lab.run(words.into_iter().chain(["hello"])).expect_error(&["refused our certificate"]);
}

/// An s_server that requires a certificate, and its address. It cannot take over an open socket, so
/// another process may get its port first. Then it ends, and the next port is tried.
fn s_server(lab: &Subject, files: &[&str]) -> (Process, String) {
    let started = (0..TRIES).find_map(|_| try_s_server(lab, files));
    lab.check(
        started.is_some(),
        "s_server does not listen.",
        "read-what-s-server-prints",
        "Read the output of s_server in the ladder.",
    );
    started.expect("it was checked")
}

fn try_s_server(lab: &Subject, files: &[&str]) -> Option<(Process, String)> {
    let address = free_address();
    let words = ["s_server", "-accept", &address, "-Verify", "1", "-verify_return_error", "-rev"];
    let server = lab.another(["openssl"]).run(words.into_iter().chain(files.iter().copied()));
    // Each version prints another text when it listens, so this connects. s_server goes on after a
    // client that leaves immediately.
    server.wait_until_started();
    let answers = || server.has_ended() || TcpStream::connect(&address).is_ok();
    let listens = poll_until(Deadline::usual(), answers) && server.wait_until_idle();
    listens.then_some((server, address))
}

/// A port that no process has now.
fn free_address() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    listener.local_addr().expect("a bound socket has an address").to_string()
}
