//! Step serve: a server for one zone.

mod streams;
mod zone;

use super::dns::{A, header, id_of, query, question, shown};
use std::fs;
use std::net::UdpSocket;
use testkit::{Server, Subject, TempDir, UdpPeer, subject};

/// The flags of an authoritative answer to a query with RD, and those of errors.
const ANSWER: u16 = 0x8500;
const FORMAT_ERROR: u16 = 0x8101;
const REFUSED: u16 = 0x8105;

const ZONE: &str = r#"a.test. 3600 SOA ns.a.test. admin.a.test. 1 2 3 4 300
a.test. 60 MX 10 mail.a.test.
www.a.test. 60 A 192.0.2.1
www.a.test. 60 A 192.0.2.2
alias.a.test. 60 CNAME other.a.test.
other.a.test. 60 CNAME www.a.test.
out.a.test. 60 CNAME www.b.test.
gone.a.test. 60 CNAME nosuch.a.test.
round.a.test. 60 CNAME trip.a.test.
trip.a.test. 60 CNAME round.a.test.
deep.empty.a.test. 60 TXT "deep \"down\""
"#;

const QUERIES_ONLY: (&str, &str) = (
    "answer-queries-only",
    "In `reply`, a message without a whole header or with QR gets no answer. Two servers would answer each other for ever.",
);

/// A server for `zone`, which is in a folder of the test.
fn serve(lab: &Subject, zone: &str, args: &[&str]) -> (Server, TempDir) {
    serve_at(lab, "127.0.0.1:0", zone, args)
}

/// The same at an address of the test's choice.
fn serve_at(lab: &Subject, address: &str, zone: &str, args: &[&str]) -> (Server, TempDir) {
    let folder = lab.folder();
    let path = folder.path().join("zone");
    fs::write(&path, zone).expect("the test's folder can be written");
    let path = path.to_string_lossy().into_owned();
    let server = lab.serve_as("serve", address, [&["--zone", &path], args].concat());
    (server, folder)
}

fn udp_peer(server: &Server) -> UdpPeer {
    server.udp_peer("client").shown_as(shown)
}

/// A response with the question and these answers, and then records of authority.
fn answer(flags: u16, question: Vec<u8>, answers: &[Vec<u8>], authority: &[Vec<u8>]) -> Vec<u8> {
    let counts = [1, answers.len() as u16, authority.len() as u16, 0];
    [header(7, flags, counts), question, answers.concat(), authority.concat()].concat()
}

#[test]
fn an_answer_comes_from_the_address_that_was_asked() {
    let lab = subject!("11");
    if UdpSocket::bind("127.0.0.2:0").is_err() || !common::udp::KNOWS_WHERE {
        return lab
            .skip("this system has no 127.0.0.2, or does not say where a datagram was sent to");
    }
    let (server, _folder) = serve_at(&lab, "0.0.0.0:0", ZONE, &[]);
    let mut peer = udp_peer(&server).with_target("127.0.0.2");
    peer.says(
        "answer-from-the-asked-address",
        "In `serve_datagrams`, answer by `send_from(.., received.asked, ..)`. A client ignores an answer from another address.",
    )
    .send(&query(7, "b.test", A))
    .expect(&answer(REFUSED, question("b.test", A), &[], &[]));
}

#[test]
fn an_error_about_one_datagram_does_not_end_the_loop() {
    // The first call of each fails: recvmsg(2) before any datagram, and sendmsg(2) at an answer.
    let fault = "recvmsg,sendmsg:error=ECONNREFUSED:when=1";
    let Some(lab) = subject!("11").with_fault(fault) else { return };
    let (mut server, _folder) = serve_at(&lab, "0.0.0.0:0", ZONE, &[]);
    let mut peer = udp_peer(&server);
    let (id, think) = (
        "go-on-after-a-datagram",
        "In `serve_datagrams`, go on after an error that concerns one datagram, in `receive` and in `send_from`. Log the latter.",
    );
    peer.says(id, think).send(&query(7, "b.test", A)).wait_until_read();
    server.says(id, think).expect_log("connection refused");
    peer.send(&query(7, "b.test", A)).expect(&answer(REFUSED, question("b.test", A), &[], &[]));
}

#[test]
fn what_is_no_query_gets_an_error() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    let asked = question("www.a.test", A);
    peer.says(
        "check-opcode-then-questions",
        "In `reply`, another opcode is NOTIMP. A message that cannot be read, or has not one question, is FORMERR. Neither response has a question.",
    )
    .send(&[header(7, 0x2100, [1, 0, 0, 0]), asked.clone()].concat())
    .expect(&header(7, 0xa104, [0; 4]));
    for message in [
        header(7, 0x0100, [0; 4]),
        [header(7, 0x0100, [2, 0, 0, 0]), asked.clone(), asked.clone()].concat(),
        [header(7, 0x0100, [1, 0, 0, 0]), asked[..9].to_vec()].concat(),
        [header(7, 0x0100, [1, 0, 0, 0]), asked.clone(), vec![0]].concat(),
    ] {
        peer.send(&message).expect(&header(7, FORMAT_ERROR, [0; 4]));
    }
    // The flags AA, TC, RA and an rcode in a query are not repeated.
    peer.says(
        "only-opcode-and-rd-stay",
        "Build the flags of a response by `response_flags`. Only the opcode and RD are those of the query.",
    )
    .send(&[header(7, 0x06ff, [1, 0, 0, 0]), question("b.test", A)].concat())
    .expect(&answer(0x8005, question("b.test", A), &[], &[]));
}

#[test]
fn a_response_gets_no_answer() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    peer.says(QUERIES_ONLY.0, QUERIES_ONLY.1);
    peer.send(&[header(7, 0x8180, [1, 0, 0, 0]), question("www.a.test", A)].concat());
    peer.send(b"").send(&query(7, "www.a.test", A)[..11]);
    peer.expect_silence();
    let asked = query(9, "www.a.test", A);
    let received = peer.send(&asked).receive();
    peer.check(
        id_of(&received) == 9,
        "After three datagrams without an answer, a query got none.",
        QUERIES_ONLY.0,
        QUERIES_ONLY.1,
    );
}

/// What no message can hold is refused before it could wrap a count or a length.
#[test]
fn a_zone_with_a_wrong_line_is_refused() {
    let lab = subject!("11");
    let folder = lab.folder();
    let path = folder.path().join("zone");
    let many = (0..5462).map(|number| format!("a.test. 60 TXT \"{number}\"\n"));
    let table = [
        ("a.test. +60 A 192.0.2.1".to_owned(), "not a number: +60"),
        ("a.test. 60 MX +1 b.test.".to_owned(), "not a number: +1"),
        ("a.test. 60 TYPE+65 \\# 0".to_owned(), "unknown type"),
        ("a.test. 60 TYPE65 \\# +1 00".to_owned(), "not a number: +1"),
        (format!("a.test. 60 TYPE65 \\# 65536 {}", "00".repeat(65_536)), "more than 65535 bytes"),
        (many.collect(), "more than 5461 records a.test. TXT"),
    ];
    for (lines, reason) in table {
        fs::write(&path, format!("{ZONE}{lines}")).expect("the test's folder can be written");
        let words = ["serve", "--listen", "127.0.0.1:0", "--zone", &path.to_string_lossy()];
        lab.run(words).says("given", "The zone is read by given code.").expect_error(&[reason]);
    }
}

#[test]
fn ctrl_c_stops_both_loops() {
    let (mut server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    peer.send(&query(7, "b.test", A)).expect(&answer(REFUSED, question("b.test", A), &[], &[]));
    server.says(
        "return-when-asked-to",
        "In `serve_datagrams`, return when `shutdown` is requested. The datagram that wakes you is no query.",
    );
    if server.interrupt() {
        server.expect_stopped_at_once();
    }
}
