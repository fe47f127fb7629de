//! Step lookup: asking servers, and believing only what answers the question.

mod aliases;
mod strangers;
mod tries;

use super::dns::{
    A, AAAA, NXDOMAIN, PTR, address, id_of, name, pointer, query, record, response, server, shown,
};
use super::scans::LONG;
use std::net::{Ipv6Addr, SocketAddr};
use testkit::{Process, Subject, UdpPeer, subject};

const ASK: (&str, &str) = (
    "send-the-query",
    "In `ask_udp`, send the query of `encode::query`. In `ask_once`, make a new id for it.",
);

const NEXT_TRY: (&str, &str) = (
    "ask-the-next-server",
    "In `ask`, only \"no error\" and \"no such name\" are answers. After anything else, ask the next server.",
);

/// Looks up A records of a.test, with a server of ours. No try ends before the test.
fn look_up(lab: &Subject, server: &UdpPeer, args: &[&str]) -> Process {
    let address = server.address();
    let words = ["lookup", "a.test", "--type", "A", "--timeout", LONG, "--server", &address];
    lab.run([&words[..], args].concat())
}

/// The same without further arguments. The server has received the query.
fn receive_query(lab: &Subject) -> (UdpPeer, Process, Vec<u8>) {
    let mut server = server(lab, "server");
    let process = look_up(lab, &server, &[]);
    let asked = server.says(ASK.0, ASK.1).receive();
    (server, process, asked)
}

#[test]
fn a_name_has_addresses_of_both_families() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    server.says(ASK.0, ASK.1);
    let mut process =
        lab.run(["lookup", "A.test", "--server", &server.address(), "--timeout", LONG]);
    let first = server.receive();
    server.check(
        first == query(id_of(&first), "A.test", A),
        "The first datagram is no query for the A records of A.test.",
        ASK.0,
        ASK.1,
    );
    let records =
        [record(&pointer(12), A, &[192, 0, 2, 1]), record(&pointer(12), A, &[192, 0, 2, 2])];
    server.send(&response(&first, 0, &records));
    let second = server.receive();
    server.check(
        second == query(id_of(&second), "A.test", AAAA),
        "The second datagram is no query for the AAAA records of A.test.",
        ASK.0,
        ASK.1,
    );
    let record = record(&pointer(12), AAAA, &[&[0; 15][..], &[1]].concat());
    server.send(&response(&second, 0, &[record]));
    process
        .says(ASK.0, ASK.1)
        .expect_line("A.test. 60 A 192.0.2.1")
        .expect_line("A.test. 60 A 192.0.2.2")
        .expect_line("A.test. 60 AAAA ::1")
        .expect_exit(0);
}

#[test]
fn a_server_may_have_an_ipv6_address() {
    let lab = subject!("11");
    let address_of = SocketAddr::from((Ipv6Addr::LOCALHOST, 0));
    let Some(server) = lab.udp_server_on(address_of, "server") else {
        return lab.skip("this machine has no IPv6");
    };
    let mut server = server.shown_as(shown);
    let mut process = look_up(&lab, &server, &["--tries", "1"]);
    let asked = server
        .says(
            "a-socket-of-the-servers-family",
            "In `ask_udp`, bind to 0.0.0.0 for an IPv4 server, and to `[::]` for an IPv6 server. A socket has one family.",
        )
        .receive();
    server.send(&address(&asked, 7));
    process.says(ASK.0, ASK.1).expect_line("a.test. 60 A 192.0.2.7").expect_exit(0);
}

#[test]
fn equal_data_of_two_types_are_two_records() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let kinds = ["--type", "TYPE65280", "--type", "TYPE65281"];
    let words = ["lookup", "a.test", "--timeout", LONG, "--server"];
    let mut process = lab.run([&words[..], &[&server.address()], &kinds].concat());
    for kind in [65280, 65281] {
        let asked = server.says(ASK.0, ASK.1).receive();
        server.send(&response(&asked, 0, &[record(&pointer(12), kind, &[7])]));
    }
    process
        .says(ASK.0, ASK.1)
        .expect_line("a.test. 60 TYPE65280 \\# 1 07")
        .expect_line("a.test. 60 TYPE65281 \\# 1 07")
        .expect_exit(0);
}

#[test]
fn an_address_has_a_name() {
    let lab = subject!("11");
    let table = [
        ("192.0.2.7", "7.2.0.192.in-addr.arpa".to_owned()),
        ("2001:db8::1f", format!("f.1.{}8.b.d.0.1.0.0.2.ip6.arpa", "0.".repeat(22))),
    ];
    let mut server = server(&lab, "server");
    for (ip, reverse) in table {
        let mut process = lab.run(["lookup", ip, "--server", &server.address(), "--timeout", LONG]);
        server.says(
            "reverse-the-address",
            "In `reverse_name`, the octets or hexadecimal digits are in reverse order, one in each label.",
        );
        let asked = server.receive();
        server.check(
            asked == query(id_of(&asked), &reverse, PTR),
            &format!("The query is not for the PTR records of {reverse}."),
            "reverse-the-address",
            "In `reverse_name`, the octets or hexadecimal digits are in reverse order, one in each label.",
        );
        server.send(&response(&asked, 0, &[record(&pointer(12), PTR, &name("host.test"))]));
        process.expect_line(&format!("{reverse}. 60 PTR host.test.")).expect_exit(0);
    }
}

#[test]
fn no_such_name_and_no_record_are_different_errors() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let advice = (
        "two-kinds-of-nothing",
        "In `resolve`, rcode 3 is `NoSuchName`. A name without a record of this type is `NoRecords`.",
    );
    let mut process = look_up(&lab, &server, &[]);
    let asked = server.says(advice.0, advice.1).receive();
    server.send(&response(&asked, NXDOMAIN, &[]));
    process.says(advice.0, advice.1).expect_error(&["no such name: a.test."]);
    let mut process =
        lab.run(["lookup", "a.test", "--server", &server.address(), "--timeout", LONG]);
    for _ in [A, AAAA] {
        let asked = server.receive();
        let other = record(&pointer(12), 65280, &[]);
        server.send(&response(&asked, 0, &[other]));
    }
    process.says(advice.0, advice.1).expect_error(&["a.test. has no A or AAAA"]);
    lab.run(["lookup", "a..b", "--server", &server.address()])
        .says("name-the-wrong-name", "In `name::parse`, refuse an empty label.")
        .expect_error(&["not a name: a..b: empty label"]);
}
