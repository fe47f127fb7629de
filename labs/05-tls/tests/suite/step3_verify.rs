//! Step verify: which servers the client trusts, and why it refuses the others.

mod alerts;

use testkit::{Peer, Process, Subject, subject};
use testkit_tls::{CertDefect, Identity, TestCa, Tls};

/// Runs `send --connect ADDRESS --ca ... hello ARGS`.
fn send(lab: &Subject, address: &str, test_ca: &TestCa, args: &[&str]) -> Process {
    let ca = test_ca.file("ca.pem");
    let words = ["send", "--connect", address, "--ca", &ca, "hello"];
    lab.run(words.into_iter().chain(args.iter().copied()))
}

/// Whether this ClientHello offers TLS 1.3 in its extension supported_versions (RFC 8446, section
/// 4.2.1).
fn offers_tls_1_3(hello: &[u8]) -> bool {
    let is_version = |part: &[u8]| part == [3, 4];
    let offers =
        |part: &[u8]| part.starts_with(&[0, 43, 0]) && part[5..].windows(2).any(is_version);
    hello.windows(9).any(offers)
}

const EACH_ERROR: (&str, &str) = (
    "explain-each-certificate-error",
    "In `explain`, match each `CertificateError` inside `rustls::Error::InvalidCertificate`. rustls also uses the variants that end in `Context`.",
);

const NO_NAME: (&str, &str) = (
    "no-name-is-an-empty-list",
    "In `explain`, return `NoName` for `NotValidForNameContext` if its list `presented` is empty. Otherwise the name is wrong.",
);

const INNER_ERROR: (&str, &str) = (
    "find-the-error-of-rustls",
    "In `connect`, give each error of `complete_io` to `explain`. In `explain`, find the `rustls::Error` inside it (`get_ref`, `downcast_ref`).",
);

const CONNECT: (&str, &str) = (
    "complete-the-clients-handshake",
    "In `connect`, call `complete_io` with the connection and the stream. It does the handshake, before the first text.",
);

const SEND_A_LINE: (&str, &str) = (
    "send-a-line",
    "In `ask`, write the text and \\n to the TLS stream, and flush it. The `TcpStream` inside it sends plain text.",
);

/// The client refuses a server with this defect by an alert, and reports `words`.
fn is_refused(
    lab: &Subject,
    test_ca: &TestCa,
    defect: CertDefect,
    words: &str,
    (id, think): (&str, &str),
) {
    let mut client = refuses(lab, test_ca, &test_ca.with_defect(defect));
    client.says(id, think);
    let error = client.expect_end().stderr;
    // The words of rustls itself.
    if error.contains("invalid peer certificate") && !error.contains("certificate is bad") {
        client.says(INNER_ERROR.0, INNER_ERROR.1);
    }
    client.expect_error(&[words]);
}

/// The client, after it has refused `server` by an alert.
fn refuses(lab: &Subject, test_ca: &TestCa, server: &Identity) -> Process {
    let mut host = lab.scripted_server("host");
    let client = send(lab, &host.address(), test_ca, &[]);
    let mut peer = host.accept();
    peer.says(
        "leave-verification-on",
        "In `client_config`, use `with_root_certificates(trusted)`, and in `connect` the name. rustls then refuses this server before you send a text.",
    )
    .start_refused_tls(&Tls::server(server, None));
    client
}

/// The lab's client, and its connection, over which it has just sent `hello`.
fn greeted(lab: &Subject, test_ca: &TestCa, args: &[&str]) -> (Process, Peer) {
    let mut host = lab.scripted_server("host");
    let client = send(lab, &host.address(), test_ca, args);
    let mut peer = host.accept();
    peer.says(CONNECT.0, CONNECT.1).start_tls(&Tls::server(&test_ca.server(), None));
    peer.says(SEND_A_LINE.0, SEND_A_LINE.1).expect(b"hello\n");
    (client, peer)
}

#[test]
fn it_prints_what_came_back() {
    let lab = subject!("05");
    let test_ca = TestCa::new();
    let mut host = lab.scripted_server("host");
    let args = ["again", "last", "--name", "other.example"];
    let mut client = send(&lab, &host.address(), &test_ca, &args);
    let mut peer = host.accept();
    peer.says(
        "verify-the-name-that-was-asked-for",
        "In `connect`, make the `ServerName` of `name` (--name), not of the address. The certificate must be for that name.",
    )
    .start_tls(&Tls::server(&test_ca.with_defect(CertDefect::WrongName), None));
    peer.says(SEND_A_LINE.0, SEND_A_LINE.1).expect(b"hello\n");
    // Each byte is a record. An answer may arrive in any number of them.
    peer.send_byte_by_byte(b"Echo: hello\n").expect(b"again\n").send(b"Echo: again\r\n");
    peer.expect(b"last\n").send(b"Echo: last  \n");
    client
        .says("read-a-whole-line", "In `ask`, return the whole line that `line::read_within` reads, with `Echo: `. An answer may take several reads.")
        .expect_line("Received: Echo: hello")
        .expect_line("Received: Echo: again");
    client
        .says(
            "keep-spaces-of-an-answer",
            "In `ask`, remove only the line ending. Spaces at the end belong to the answer.",
        )
        .expect_line("Received: Echo: last  ");
}

#[test]
fn a_server_of_tls_1_2_is_understood() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let mut host = lab.scripted_server("host");
    let mut client = send(&lab, &host.address(), &test_ca, &[]);
    let mut peer = host.accept();
    peer.says(
        "offer-tls-1-2-too",
        "In `client_config`, call `ClientConfig::builder()`. It allows TLS 1.3 and 1.2, and this server speaks 1.2 only.",
    )
    .start_tls(&Tls::tls_1_2_server(&test_ca.server()));
    peer.says(SEND_A_LINE.0, SEND_A_LINE.1).expect(b"hello\n").send(b"Echo: hello\n");
    client.expect_line("Received: Echo: hello");
}

#[test]
fn a_server_may_be_known_by_its_ip_address() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let mut host = lab.scripted_server("host");
    let _client = send(&lab, &host.address(), &test_ca, &["--name", "::1"]);
    let mut peer = host.accept();
    peer.says(
        "a-name-may-be-an-ip-address",
        "In `connect`, make the name by `ServerName::try_from`, not by `DnsName`. This certificate is for an IP address, too.",
    )
    .start_tls(&Tls::server(&test_ca.server(), None));
    peer.says(SEND_A_LINE.0, SEND_A_LINE.1).expect(b"hello\n");
}

#[test]
fn an_answer_may_hold_any_bytes() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, mut peer) = greeted(&lab, &test_ca, &["again"]);
    peer.send(b"Echo: \xffhello\n");
    client
        .says(
            "an-answer-is-bytes",
            "In `ask`, return the bytes of the answer as they are. Do not make a `String` of them, because a line may hold any bytes.",
        )
        .expect_line("Received: Echo: \u{fffd}hello");
    peer.expect(b"again\n").send(b"Echo: \x1b[2Jhello\n");
    client
        .says(
            "print-no-escape-code",
            "Check `printable` in `given/run.rs`. It replaces control characters, because an escape code could clear the screen or forge a line.",
        )
        .expect_line("Received: Echo: \u{fffd}[2Jhello");
}

#[test]
fn an_answer_has_at_most_1030_bytes() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let text = "x".repeat(1024);
    let (mut client, mut peer) = greeted(&lab, &test_ca, &[&text, "last"]);
    peer.send(b"Echo: hello\n")
        .expect(format!("{text}\n").as_bytes())
        .send(format!("Echo: {text}\n").as_bytes());
    client
        .says(
            "allow-the-longest-answer",
            "In `ask`, accept `MAX_ANSWER` bytes, and not only `MAX_LINE`. The longest line has 1,024 bytes, and its answer begins with `Echo: `.",
        )
        .expect_line("Received: Echo: hello")
        .expect_line(&format!("Received: Echo: {text}"));
    peer.expect(b"last\n").send(&[b'x'; 1031]);
    client
        .says(
            "limit-the-answer",
            "In `ask`, return `SendError::NotTls` after more than `MAX_ANSWER` bytes without a newline. An endless answer fills the memory.",
        )
        .expect_error(&["the server does not speak our TLS"]);
}

#[test]
fn a_text_of_several_lines_is_not_sent() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (id, think) = (
        "refuse-several-lines",
        "In `ask`, return `SendError::SeveralLines` for a text with \\n, also at its end. The server reads two lines, and each later answer belongs to an earlier text.",
    );
    let (mut client, mut peer) = greeted(&lab, &test_ca, &["one\ntwo"]);
    let before = peer.segments();
    peer.send(b"Echo: hello\n");
    client.says(id, think).expect_error(&["a text is one line"]);
    // What it sent has arrived when its FIN has.
    lab.check(
        peer.expect_fin().segments() == before,
        "The client sent a text of several lines, and then refused to send it.",
        "refuse-before-you-send",
        "In `ask`, look for \\n in the text before the first write, and return `SendError::SeveralLines`. Such a text is not sent.",
    );
    let mut host = lab.scripted_server("host");
    let (address, ca) = (host.address(), test_ca.file("ca.pem"));
    // There is nothing to send, but a handshake.
    let mut client = lab.run(["send", "--connect", &address, "--ca", &ca, "one\n"]);
    host.accept().says(CONNECT.0, CONNECT.1).start_tls(&Tls::server(&test_ca.server(), None));
    client.says(id, think).expect_error(&["a text is one line"]);
}

#[test]
fn an_unknown_issuer_is_refused() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let words = "was not issued by this CA";
    is_refused(&lab, &test_ca, CertDefect::UnknownIssuer, words, EACH_ERROR);
    refuses(&lab, &test_ca, &TestCa::new().server()).says(
        "bad-signature-is-an-unknown-issuer",
        "In `explain`, return `UnknownIssuer` for `BadSignature`, too. This CA has the same name and another key, as after a second `lab05 certs`.",
    )
    .expect_error(&[words]);
}

#[test]
fn a_certificate_for_others_or_for_nobody_is_refused() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let defects = [
        (CertDefect::WrongName, "certificate is not for localhost", EACH_ERROR),
        (CertDefect::NoSan, "has no names (no subjectAltName)", NO_NAME),
    ];
    for (defect, words, think) in defects {
        is_refused(&lab, &test_ca, defect, words, think);
    }
}

#[test]
fn a_certificate_has_its_time() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let defects = [
        (CertDefect::Expired, "certificate has expired"),
        (CertDefect::NotYetValid, "certificate is not valid yet"),
    ];
    for (defect, words) in defects {
        is_refused(&lab, &test_ca, defect, words, EACH_ERROR);
    }
}

#[test]
fn a_ca_that_serves_is_refused() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    refuses(&lab, &test_ca, &test_ca.with_defect(CertDefect::CaAsServer)).says(
        "look-into-other",
        "In `explain`, look into `CertificateError::Other`. It holds a `webpki::Error`, and `CaUsedAsEndEntity` is `SendError::CaUsedAsServer`.",
    )
    .expect_error(&["uses a CA's certificate as its own"]);
}

#[test]
fn another_error_of_a_certificate_has_its_own_words() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    // The second is a certificate for clients.
    let servers =
        [test_ca.with_defect(CertDefect::IssuedByServer), test_ca.client_identity("localhost")];
    for server in servers {
        refuses(&lab, &test_ca, &server).says(
            "other-errors-are-bad-certificates",
            "In `explain`, return `BadCertificate` for each other `CertificateError`. `Other` holds several errors, and only `CaUsedAsEndEntity` is about a CA.",
        )
        .expect_error(&["the server's certificate is bad"]);
    }
}

#[test]
fn what_can_be_no_name_is_an_error() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let host = lab.scripted_server("host");
    send(&lab, &host.address(), &test_ca, &["--name", "a b"])
        .says(
            "no-server-name-is-an-error",
            "In `connect`, return `SendError::WrongName` when `ServerName::try_from` fails. No certificate can be for such a name.",
        )
        .expect_error(&["certificate is not for a b"]);
}

#[test]
fn a_server_without_tls_is_an_error() {
    let lab = subject!("05");
    let test_ca = TestCa::new();
    let mut host = lab.scripted_server("host");
    let mut client = send(&lab, &host.address(), &test_ca, &[]);
    // Kept to the end. If it closed with the client's bytes unread, it would reset the connection.
    let mut peer = host.accept();
    peer.send(b"220 ready when you are\r\n");
    client
        .says(
            "other-tls-errors-are-not-tls",
            "In `explain`, return `SendError::NotTls` for each other `rustls::Error`. Not every error of rustls concerns a certificate.",
        )
        .expect_error(&["the server does not speak our TLS"]);
}

#[test]
fn the_client_offers_tls_1_3_and_an_end_in_the_handshake_is_a_cut() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let mut host = lab.scripted_server("host");
    let mut client = send(&lab, &host.address(), &test_ca, &[]);
    // Kept to the end. If it closed with the client's bytes unread, it would reset the connection.
    let mut peer = host.accept();
    let hello = peer.half_close().rest();
    lab.check(
        offers_tls_1_3(&hello),
        "The client does not offer TLS 1.3.",
        "offer-tls-1-3-too",
        "In `client_config`, call `ClientConfig::builder()`. It offers TLS 1.3 and 1.2.",
    );
    client
        .says(
            "explain-errors-of-the-handshake",
            "In `explain`, return `SendError::Cut` for `UnexpectedEof`. In `connect`, give it each error of `complete_io`. FIN in the handshake is such an error.",
        )
        .expect_error(&["the connection was cut before the server sent close_notify"]);
}

#[test]
fn an_end_instead_of_an_answer_is_a_cut() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, mut peer) = greeted(&lab, &test_ca, &[]);
    peer.truncate();
    client
        .says(
            "explain-errors-of-an-exchange",
            "In `ask`, give each error to `explain`, which returns `Cut` for `UnexpectedEof`. rustls returns that error at an end without close_notify.",
        )
        .expect_error(&["the connection was cut before the server sent close_notify"]);
}

#[test]
fn a_reset_is_told_from_a_cut() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, peer) = greeted(&lab, &test_ca, &[]);
    peer.reset();
    client
        .says(
            "a-reset-is-an-io-error",
            "In `explain`, return `SendError::Cut` for `UnexpectedEof` only. Each other error without a `rustls::Error` in it is `SendError::Io`.",
        )
        .expect_error(&["connection reset by peer"]);
}

#[test]
fn a_goodbye_instead_of_an_answer_is_an_error() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, mut peer) = greeted(&lab, &test_ca, &[]);
    peer.half_close();
    client
        .says("no-answer-is-closed-early", "In `ask`, return `SendError::ClosedEarly` for `Line::End`. The server sent close_notify instead of an answer.")
        .expect_error(&["the server closed the connection before it answered"]);
}
