//! Step serve: a server for one zone.

use super::dns::{
    A, AAAA, CNAME, MX, SOA, TXT, framed, header, id_of, name, name_with_pointer, pointer, query,
    question, record, record_with, shown,
};
use std::fs;
use std::net::UdpSocket;
use testkit::{Server, Subject, TempDir, UdpPeer, subject, test_time, test_time_arg};

/// The flags of an authoritative answer to a query with RD, and its rcodes.
const ANSWER: u16 = 0x8500;
const NO_SUCH_NAME: u16 = 0x8503;
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

const ZONE_FIRST: (&str, &str) = (
    "records-or-the-soa",
    "In `zone::answer`, a name with records of this type has an answer. Without, the SOA says for how long.",
);

const ALIASES: (&str, &str) = (
    "aliases-inside-of-the-zone",
    "In `zone::answer`, add each alias, and go on with its target as long as that is in the zone, and new.",
);

const QUERIES_ONLY: (&str, &str) = (
    "answer-queries-only",
    "In `reply`, a message without a whole header or with QR gets no answer. Two servers would answer each other for ever.",
);

const EACH_QUERY: (&str, &str) = (
    "answer-each-query-of-a-stream",
    "In `serve_client`, read messages in a loop, and write the answer to each with its length in front.",
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

/// The SOA of the zone, with the time for which there is nothing.
fn soa(owner: &[u8]) -> Vec<u8> {
    let numbers = [1_u32, 2, 3, 4, 300].map(u32::to_be_bytes).concat();
    let data = [name("ns.a.test"), name("admin.a.test"), numbers].concat();
    record_with(owner, SOA, 1, 300, data.len() as u16, &data)
}

/// A response with the question and these answers, and then records of authority.
fn answer(flags: u16, question: Vec<u8>, answers: &[Vec<u8>], authority: &[Vec<u8>]) -> Vec<u8> {
    let counts = [1, answers.len() as u16, authority.len() as u16, 0];
    [header(7, flags, counts), question, answers.concat(), authority.concat()].concat()
}

#[test]
fn a_question_gets_its_records() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    let records =
        [record(&pointer(12), A, &[192, 0, 2, 1]), record(&pointer(12), A, &[192, 0, 2, 2])];
    peer.says(ZONE_FIRST.0, ZONE_FIRST.1).send(&query(7, "www.a.test", A)).expect(&answer(
        ANSWER,
        question("www.a.test", A),
        &records,
        &[],
    ));
    let mail = record(&pointer(12), MX, &[&[0, 10], &name("mail.a.test")[..]].concat());
    peer.send(&query(7, "a.test", MX)).expect(&answer(
        ANSWER,
        question("a.test", MX),
        &[mail],
        &[],
    ));
    let text = record(&pointer(12), TXT, b"\x0bdeep \"down\"");
    peer.send(&query(7, "deep.empty.a.test", TXT)).expect(&answer(
        ANSWER,
        question("deep.empty.a.test", TXT),
        &[text],
        &[],
    ));
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
fn a_question_comes_back_in_its_letters() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    let records =
        [record(&pointer(12), A, &[192, 0, 2, 1]), record(&pointer(12), A, &[192, 0, 2, 2])];
    peer.says(
        "the-letters-of-the-question",
        "In `reply`, the response has the question as it came. Clients use its letters as a second id.",
    )
    .send(&query(7, "wWw.A.tESt", A))
    .expect(&answer(ANSWER, question("wWw.A.tESt", A), &records, &[]));
}

#[test]
fn a_name_without_records_gets_the_soa() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    peer.says(ZONE_FIRST.0, ZONE_FIRST.1).send(&query(7, "www.a.test", AAAA)).expect(&answer(
        ANSWER,
        question("www.a.test", AAAA),
        &[],
        &[soa(&pointer(16))],
    ));
    peer.send(&query(7, "nosuch.a.test", A)).expect(&answer(
        NO_SUCH_NAME,
        question("nosuch.a.test", A),
        &[],
        &[soa(&pointer(19))],
    ));
    peer.says(
        "names-between-names",
        "In `zone::answer`, ask `has_name`. A name exists if a name below it has a record.",
    )
    .send(&query(7, "empty.a.test", A))
    .expect(&answer(ANSWER, question("empty.a.test", A), &[], &[soa(&pointer(18))]));
}

#[test]
fn aliases_are_followed_inside_of_the_zone() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    // Names in data have no pointers, and no name points to them.
    let other = name_with_pointer("other", 18);
    let www = name_with_pointer("www", 18);
    let first = record(&pointer(12), CNAME, &name("other.a.test"));
    let second = record(&other, CNAME, &name("www.a.test"));
    let third = record(&www, A, &[192, 0, 2, 1]);
    let at = (12 + question("alias.a.test", A).len() + first.len() + second.len()) as u16;
    let all = [first.clone(), second.clone(), third, record(&pointer(at), A, &[192, 0, 2, 2])];
    peer.says(ALIASES.0, ALIASES.1).send(&query(7, "alias.a.test", A)).expect(&answer(
        ANSWER,
        question("alias.a.test", A),
        &all,
        &[],
    ));
    peer.says(
        "the-alias-itself",
        "In `zone::answer`, look for records of the type first. Then a question about CNAME gets the alias alone.",
    )
    .send(&query(7, "alias.a.test", CNAME))
    .expect(&answer(ANSWER, question("alias.a.test", CNAME), &[first], &[]));
}

#[test]
fn aliases_end_at_the_border_and_in_a_circle() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    let out = record(&pointer(12), CNAME, &name("www.b.test"));
    peer.says(ALIASES.0, ALIASES.1).send(&query(7, "out.a.test", A)).expect(&answer(
        ANSWER,
        question("out.a.test", A),
        &[out],
        &[],
    ));
    let gone = record(&pointer(12), CNAME, &name("nosuch.a.test"));
    peer.send(&query(7, "gone.a.test", A)).expect(&answer(
        NO_SUCH_NAME,
        question("gone.a.test", A),
        &[gone],
        &[soa(&pointer(17))],
    ));
    let round = record(&pointer(12), CNAME, &name("trip.a.test"));
    let trip = record(&name_with_pointer("trip", 18), CNAME, &name("round.a.test"));
    peer.send(&query(7, "round.a.test", A)).expect(&answer(
        ANSWER,
        question("round.a.test", A),
        &[round, trip],
        &[],
    ));
}

#[test]
fn a_name_outside_of_the_zone_is_refused() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    peer.says(
        "compare-whole-labels",
        "In `is_inside`, compare the last labels, as many as the zone has. The end of a text is not enough.",
    );
    for outside in ["b.test", "test", ".", "xa.test", "a.test.b"] {
        peer.send(&query(7, outside, A)).expect(&answer(REFUSED, question(outside, A), &[], &[]));
    }
    let chaos = [name("a.test"), vec![0, 16, 0, 3]].concat();
    peer.says("class-in-only", "In `reply`, refuse a question of another class than IN.")
        .send(&[header(7, 0x0100, [1, 0, 0, 0]), chaos.clone()].concat())
        .expect(&answer(REFUSED, chaos, &[], &[]));
}

#[test]
fn what_is_no_query_gets_an_error() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    let asked = question("www.a.test", A);
    peer.says(
        "check-opcode-then-questions",
        "In `reply`, another opcode is NOTIMP. A message that cannot be read, or has not one question, is FORMERR.",
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

/// A zone in which one name has `count` addresses.
fn large_zone(count: u8) -> String {
    let lines = (0..count).map(|last| format!("many.a.test. 60 A 192.0.2.{last}\n"));
    format!("{}{}", ZONE, lines.collect::<String>())
}

/// A name with so many addresses that the response has exactly 512 bytes.
const FITS: u8 = 30;

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
fn a_response_that_does_not_fit_is_truncated_over_udp() {
    let lab = subject!("11");
    let records = |count: u8| -> Vec<Vec<u8>> {
        (0..count).map(|last| record(&pointer(12), A, &[192, 0, 2, last])).collect()
    };
    let asked = question("many.a.test", A);
    let (server, _folder) = serve(&lab, &large_zone(FITS), &[]);
    let mut peer = udp_peer(&server);
    let whole = answer(ANSWER, asked.clone(), &records(FITS), &[]);
    peer.says("up-to-512-bytes", "In `encode`, a response of `limit` bytes fits.")
        .send(&query(7, "many.a.test", A))
        .expect(&whole);
    let (server, _folder) = serve(&lab, &large_zone(FITS + 1), &[]);
    let mut peer = udp_peer(&server);
    peer.says(
        "truncate-to-nothing",
        "In `encode`, a response that is too long has TC, its question, and no records, and counts that say so.",
    )
    .send(&query(7, "many.a.test", A))
    .expect(&answer(ANSWER | 0x0200, asked.clone(), &[], &[]));
    let mut peer = server.connect("client");
    peer.says(
        "everything-over-tcp",
        "In `serve_client`, the limit is `MAX_TCP`, so the answer is whole.",
    )
    .send(&framed(&query(7, "many.a.test", A)))
    .expect(&framed(&answer(ANSWER, asked, &records(FITS + 1), &[])));
}

#[test]
fn a_connection_carries_many_queries() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = server.connect("client");
    let outside = framed(&answer(REFUSED, question("b.test", A), &[], &[]));
    let asked = framed(&query(7, "b.test", A));
    peer.says(EACH_QUERY.0, EACH_QUERY.1)
        .send_in_pieces(&[&asked[..1], &asked[1..5], &asked[5..]])
        .expect(&outside);
    let unanswered = framed(&header(7, 0x8100, [0; 4]));
    peer.send(&[&asked[..], &unanswered, &asked].concat())
        .expect(&[&outside[..], &outside].concat())
        .half_close()
        .expect_end();
}

#[test]
fn a_slow_query_is_cut_off() {
    let lab = subject!("11");
    let is_cut_off = lab.undisturbed(|factor| {
        let timeout = 0.06 * factor;
        let time = test_time_arg(timeout);
        let (server, _folder) = serve(&lab, ZONE, &["--idle-timeout", &time]);
        let mut peer = server.connect("client");
        let query = framed(&query(7, "b.test", A));
        let dribble = peer.dribble(&query[..8], test_time(timeout / 3.0));
        dribble.was_cut_off(8, test_time(timeout))
    });
    let Some(is_cut_off) = is_cut_off else { return };
    lab.check(
        is_cut_off,
        "A client sent its query byte by byte, and the server waited longer than --idle-timeout.",
        "one-deadline-for-a-query",
        "In `serve_client`, make an `Until` with one deadline for each query, and read through it.",
    );
}

/// For the server it is a usual end, and no failure.
#[test]
fn an_idle_client_is_not_logged() {
    let lab = subject!("11");
    let (mut server, _folder) = serve(&lab, ZONE, &["--idle-timeout", &test_time_arg(0.02)]);
    let advice = (
        "an-idle-client-is-cut-off",
        "In `serve_client`, return the timeout of the read. The given code does not log it.",
    );
    server.connect("client").says(advice.0, advice.1).expect_end();
    if server.interrupt() {
        server.expect_stopped_at_once();
    }
    let log = server.stderr();
    server.check(
        !log.contains("timed out"),
        "A client sent nothing until --idle-timeout was over, and the server logged that as a failure.",
        advice.0,
        advice.1,
    );
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
