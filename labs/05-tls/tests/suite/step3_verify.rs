//! Step verify: whom the client believes, and why not.

use testkit::{Process, Subject, subject};
use testkit_tls::{Cabinet, Flaw, Identity, Tls};

/// Runs `send --connect ADDRESS --ca ... hello ARGS`.
fn send(lab: &Subject, address: &str, cabinet: &Cabinet, args: &[&str]) -> Process {
    let ca = cabinet.file("ca.pem");
    let words = ["send", "--connect", address, "--ca", &ca, "hello"];
    lab.run(words.into_iter().chain(args.iter().copied()))
}

/// A server that shows a certificate with this flaw is refused, by an alert and in these words.
fn is_refused(lab: &Subject, cabinet: &Cabinet, flaw: Flaw, words: &str) {
    let think =
        "rustls::Error::InvalidCertificate says what is wrong: `explain` puts it into words";
    is_no_server(lab, cabinet, &cabinet.flawed(flaw), words, think);
}

fn is_no_server(lab: &Subject, cabinet: &Cabinet, server: &Identity, words: &str, think: &str) {
    let mut host = lab.host("host");
    let mut client = send(lab, &host.address(), cabinet, &[]);
    let mut peer = host.accept();
    peer.says("never talk to a server whose certificate is wrong: rustls checks it, if you let it")
        .start_refused_tls(&Tls::server(server, None));
    client.says(think).expect_error(&[words]);
}

#[test]
fn it_prints_what_came_back() {
    let lab = subject!("05");
    let cabinet = Cabinet::new();
    let mut host = lab.host("host");
    let mut client = send(&lab, &host.address(), &cabinet, &["again", "--name", "other.example"]);
    let mut peer = host.accept();
    peer.says("the server must be whom the user asked for (--name), not whom the address names")
        .start_tls(&Tls::server(&cabinet.flawed(Flaw::WrongName), None))
        .expect(b"hello\n");
    // A record for each byte: an answer may come in any number of them.
    peer.send_byte_by_byte(b"Echo: hello\n").expect(b"again\n").send(b"Echo: again\r\n");
    client
        .says("an answer is a line, however many reads it takes")
        .expect_line("Received: Echo: hello")
        .expect_line("Received: Echo: again");
}

#[test]
fn the_longest_text_is_answered() {
    let (lab, cabinet) = (subject!("05"), Cabinet::new());
    let mut host = lab.host("host");
    let text = "x".repeat(1024);
    let mut client = send(&lab, &host.address(), &cabinet, &[&text]);
    let mut peer = host.accept();
    peer.start_tls(&Tls::server(&cabinet.server(), None))
        .expect(b"hello\n")
        .send(b"Echo: hello\n")
        .expect(format!("{text}\n").as_bytes())
        .send(format!("Echo: {text}\n").as_bytes());
    client
        .says("a server takes lines of 1,024 bytes, and its answer has `Echo: ` in front of that")
        .expect_line("Received: Echo: hello")
        .expect_line(&format!("Received: Echo: {text}"));
}

#[test]
fn a_text_of_several_lines_is_not_sent() {
    let (lab, cabinet) = (subject!("05"), Cabinet::new());
    let mut host = lab.host("host");
    let mut client = send(&lab, &host.address(), &cabinet, &["one\ntwo"]);
    let mut peer = host.accept();
    peer.start_tls(&Tls::server(&cabinet.server(), None)).expect(b"hello\n").send(b"Echo: hello\n");
    client
        .says("two lines have two answers, and you would be one behind from then on")
        .expect_error(&["a text is one line"]);
}

#[test]
fn an_unknown_issuer_is_refused() {
    let (lab, cabinet) = (subject!("05"), Cabinet::new());
    let words = "certificate was not issued by this CA";
    is_refused(&lab, &cabinet, Flaw::UnknownIssuer, words);
    let think = "this CA has the same name and another key (somebody ran `certs` again): that is another CA";
    is_no_server(&lab, &cabinet, &Cabinet::new().server(), words, think);
}

#[test]
fn a_certificate_for_others_or_for_nobody_is_refused() {
    let (lab, cabinet) = (subject!("05"), Cabinet::new());
    is_refused(&lab, &cabinet, Flaw::WrongName, "certificate is not for localhost");
    is_refused(&lab, &cabinet, Flaw::NoSan, "names nobody (it has no subjectAltName)");
}

#[test]
fn a_certificate_has_its_time() {
    let (lab, cabinet) = (subject!("05"), Cabinet::new());
    is_refused(&lab, &cabinet, Flaw::Expired, "certificate has expired");
    is_refused(&lab, &cabinet, Flaw::NotYetValid, "certificate is not valid yet");
}

#[test]
fn a_ca_that_serves_is_refused() {
    let (lab, cabinet) = (subject!("05"), Cabinet::new());
    is_refused(&lab, &cabinet, Flaw::CaAsServer, "uses a CA's certificate as its own");
}

#[test]
fn a_server_without_tls_is_an_error() {
    let lab = subject!("05");
    let cabinet = Cabinet::new();
    let mut host = lab.host("host");
    let mut client = send(&lab, &host.address(), &cabinet, &[]);
    // Held to the end: closed with the client's bytes unread, it would reset the connection.
    let mut peer = host.accept();
    peer.send(b"220 ready when you are\r\n");
    client
        .says("what rustls finds wrong and is no certificate: SendError::NotTls")
        .expect_error(&["the server does not speak our TLS"]);
}
