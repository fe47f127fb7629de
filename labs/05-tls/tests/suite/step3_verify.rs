//! Step verify: whom the client believes, and why not.

use testkit::{Process, Subject, subject};
use testkit_tls::{CertDefect, Identity, TestCa, Tls};

/// Runs `send --connect ADDRESS --ca ... hello ARGS`.
fn send(lab: &Subject, address: &str, test_ca: &TestCa, args: &[&str]) -> Process {
    let ca = test_ca.file("ca.pem");
    let words = ["send", "--connect", address, "--ca", &ca, "hello"];
    lab.run(words.into_iter().chain(args.iter().copied()))
}

/// A server that shows a certificate with this defect is refused, by an alert and in these words.
fn is_refused(lab: &Subject, test_ca: &TestCa, defect: CertDefect, words: &str) {
    let think =
        "rustls::Error::InvalidCertificate says what is wrong: `explain` puts it into words";
    is_no_server(
        lab,
        test_ca,
        &test_ca.with_defect(defect),
        words,
        "rustls-error-invalidcertificate",
        think,
    );
}

fn is_no_server(
    lab: &Subject,
    test_ca: &TestCa,
    server: &Identity,
    words: &str,
    id: &str,
    think: &str,
) {
    let mut host = lab.scripted_server("host");
    let mut client = send(lab, &host.address(), test_ca, &[]);
    let mut peer = host.accept();
    peer.says(
        "never-talk-server-certificate",
        "never talk to a server whose certificate is wrong: rustls checks it, if you let it",
    )
    .start_refused_tls(&Tls::server(server, None));
    client.says(id, think).expect_error(&[words]);
}

#[test]
fn it_prints_what_came_back() {
    let lab = subject!("05");
    let test_ca = TestCa::new();
    let mut host = lab.scripted_server("host");
    let mut client = send(&lab, &host.address(), &test_ca, &["again", "--name", "other.example"]);
    let mut peer = host.accept();
    peer.says(
        "server-user-asked-name",
        "the server must be whom the user asked for (--name), not whom the address names",
    )
    .start_tls(&Tls::server(&test_ca.with_defect(CertDefect::WrongName), None))
    .expect(b"hello\n");
    // A record for each byte: an answer may come in any number of them.
    peer.send_byte_by_byte(b"Echo: hello\n").expect(b"again\n").send(b"Echo: again\r\n");
    client
        .says("answer-line-however-reads", "an answer is a line, however many reads it takes")
        .expect_line("Received: Echo: hello")
        .expect_line("Received: Echo: again");
}

#[test]
fn the_longest_text_is_answered() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let mut host = lab.scripted_server("host");
    let text = "x".repeat(1024);
    let mut client = send(&lab, &host.address(), &test_ca, &[&text]);
    let mut peer = host.accept();
    peer.start_tls(&Tls::server(&test_ca.server(), None))
        .expect(b"hello\n")
        .send(b"Echo: hello\n")
        .expect(format!("{text}\n").as_bytes())
        .send(format!("Echo: {text}\n").as_bytes());
    client
        .says(
            "server-takes-lines-1",
            "a server takes lines of 1,024 bytes, and its answer has `Echo: ` in front of that",
        )
        .expect_line("Received: Echo: hello")
        .expect_line(&format!("Received: Echo: {text}"));
}

#[test]
fn a_text_of_several_lines_is_not_sent() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let mut host = lab.scripted_server("host");
    let mut client = send(&lab, &host.address(), &test_ca, &["one\ntwo"]);
    let mut peer = host.accept();
    peer.start_tls(&Tls::server(&test_ca.server(), None)).expect(b"hello\n").send(b"Echo: hello\n");
    client
        .says(
            "lines-answers-behind",
            "two lines have two answers, and you would be one behind from then on",
        )
        .expect_error(&["a text is one line"]);
}

#[test]
fn an_unknown_issuer_is_refused() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let words = "certificate was not issued by this CA";
    is_refused(&lab, &test_ca, CertDefect::UnknownIssuer, words);
    let think = "this CA has the same name and another key (somebody ran `certs` again): that is another CA";
    is_no_server(&lab, &test_ca, &TestCa::new().server(), words, "ca-name-another-key", think);
}

#[test]
fn a_certificate_for_others_or_for_nobody_is_refused() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    is_refused(&lab, &test_ca, CertDefect::WrongName, "certificate is not for localhost");
    is_refused(&lab, &test_ca, CertDefect::NoSan, "names nobody (it has no subjectAltName)");
}

#[test]
fn a_certificate_has_its_time() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    is_refused(&lab, &test_ca, CertDefect::Expired, "certificate has expired");
    is_refused(&lab, &test_ca, CertDefect::NotYetValid, "certificate is not valid yet");
}

#[test]
fn a_ca_that_serves_is_refused() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    is_refused(&lab, &test_ca, CertDefect::CaAsServer, "uses a CA's certificate as its own");
}

#[test]
fn a_server_without_tls_is_an_error() {
    let lab = subject!("05");
    let test_ca = TestCa::new();
    let mut host = lab.scripted_server("host");
    let mut client = send(&lab, &host.address(), &test_ca, &[]);
    // Held to the end: closed with the client's bytes unread, it would reset the connection.
    let mut peer = host.accept();
    peer.send(b"220 ready when you are\r\n");
    client
        .says(
            "rustls-finds-wrong-certificate",
            "what rustls finds wrong and is no certificate: SendError::NotTls",
        )
        .expect_error(&["the server does not speak our TLS"]);
}
