//! Step lookup: asking servers, and believing only what answers the question.

use super::dns::{
    A, AAAA, CNAME, FORMERR, NOTIMP, NXDOMAIN, PTR, REFUSED, SERVFAIL, address, header, id_of,
    name, pointer, query, question, record, response, server, shown,
};
use super::scans::LONG;
use std::collections::BTreeSet;
use std::net::{Ipv6Addr, SocketAddr};
use std::thread;
use std::time::{Duration, Instant};
use testkit::{
    ClosedUdpPort, Deadline, Process, Subject, UdpPeer, subject, test_time, test_time_arg,
};

const ASK: (&str, &str) = (
    "send-the-query",
    "In `ask_udp`, send the query of `encode::query`. In `ask_once`, make a new id for it.",
);

const IGNORE: (&str, &str) = (
    "ignore-what-is-no-answer",
    "In `answer_in`, compare the id, QR, and the whole question. In `ask_udp`, ignore anything else, and wait on.",
);

const NEXT_TRY: (&str, &str) = (
    "ask-the-next-server",
    "In `ask`, only \"no error\" and \"no such name\" are answers. After anything else, ask the next server.",
);

const ALIASES: (&str, &str) = (
    "follow-the-aliases",
    "In `follow`, begin at the name in question, and go on with the CNAME record of the name at the end.",
);

/// Looks up A records of a.test, with a server of ours. No try ends before the test.
fn look_up(lab: &Subject, server: &UdpPeer, args: &[&str]) -> Process {
    let address = server.address();
    let words = ["lookup", "a.test", "--type", "A", "--timeout", LONG, "--server", &address];
    lab.run([&words[..], args].concat())
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

/// Answers a lookup of two types: one record of the first, and an error instead of the second.
#[test]
fn an_error_for_one_type_hides_no_record_of_another() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let words = ["lookup", "a.test", "--tries", "1", "--timeout", LONG, "--server"];
    for has_record in [true, false] {
        let mut process = lab.run([&words[..], &[&server.address()]].concat());
        let first = server.says(ASK.0, ASK.1).receive();
        let records = [record(&pointer(12), A, &[192, 0, 2, 1])];
        server.send(&response(&first, 0, if has_record { &records } else { &[] }));
        let second = server.receive();
        server.send(&response(&second, SERVFAIL, &[]));
        process.says(NEXT_TRY.0, NEXT_TRY.1);
        if has_record {
            process.expect_line("a.test. 60 A 192.0.2.1").expect_exit(0);
        } else {
            process.expect_error(&["says SERVFAIL"]);
        }
    }
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

/// How many tries the test below looks at.
const TRIES: usize = 16;

#[test]
fn ids_and_ports_are_random() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let mut process = look_up(&lab, &server, &["--tries", &TRIES.to_string()]);
    let (mut ids, mut ports) = (Vec::new(), BTreeSet::new());
    for _ in 0..TRIES {
        let asked = server.says(NEXT_TRY.0, NEXT_TRY.1).receive();
        ids.push(id_of(&asked));
        ports.insert(server.last_sender().port());
        server.send(&response(&asked, SERVFAIL, &[]));
    }
    process.expect_error(&["says SERVFAIL"]);
    let distinct: BTreeSet<u16> = ids.iter().copied().collect();
    let steps: BTreeSet<u16> = ids.windows(2).map(|pair| pair[1].wrapping_sub(pair[0])).collect();
    server.check(
        distinct.len() > TRIES / 2 && steps.len() > TRIES / 2,
        &format!("The ids of {TRIES} queries are {ids:04x?}. A forger can calculate the next one."),
        "random-ids",
        "In `random_id`, take the random numbers of the system (`getrandom::fill`), again for each query.",
    );
    server.check(
        ports.len() > TRIES / 2,
        &format!("{TRIES} queries came from {} ports. A forger needs the port, too.", ports.len()),
        "a-new-socket-for-each-try",
        "In `ask_udp`, bind a new socket to port 0 for each query. Then the kernel chooses a random port.",
    );
}

#[test]
fn what_is_no_answer_is_ignored() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let mut process = look_up(&lab, &server, &[]);
    let asked = server.says(ASK.0, ASK.1).receive();
    let (id, right) = (id_of(&asked), address(&asked, 7));
    let of = |id: u16, flags: u16, question: Vec<u8>| {
        let records = record(&pointer(12), A, &[192, 0, 2, 66]);
        [header(id, flags, [1, 1, 0, 0]), question, records].concat()
    };
    let other_class = [name("a.test"), vec![0, 1, 0, 3]].concat();
    let wrong = [
        Vec::new(),
        vec![0; 5],
        of(id.wrapping_add(1), 0x8180, question("a.test", A)),
        of(id, 0x0180, question("a.test", A)),
        of(id, 0x8180, question("b.test", A)),
        of(id, 0x8180, question("a.test", AAAA)),
        of(id, 0x8180, other_class),
        [header(id, 0x8180, [0, 1, 0, 0]), record(&name("a.test"), A, &[192, 0, 2, 66])].concat(),
        header(id, 0x8180, [0; 4]),
        header(id, 0x8180 | NXDOMAIN, [0; 4]),
        header(id, 0x0180 | FORMERR, [0; 4]),
        header(id.wrapping_add(1), 0x8180 | FORMERR, [0; 4]),
        [header(id, 0x8180, [2, 0, 0, 0]), question("a.test", A), question("a.test", A)].concat(),
        right[..right.len() - 1].to_vec(),
        [&right[..], &[0]].concat(),
    ];
    server.says(IGNORE.0, IGNORE.1);
    process.says(IGNORE.0, IGNORE.1);
    for message in &wrong {
        server.send(message);
    }
    server.send(&right);
    process.expect_line("a.test. 60 A 192.0.2.7").expect_exit(0);
}

#[test]
fn an_error_needs_no_question() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    for (rcode, name) in [(FORMERR, "FORMERR"), (SERVFAIL, "SERVFAIL"), (NOTIMP, "NOTIMP")] {
        let mut process = look_up(&lab, &server, &["--tries", "1"]);
        let asked = server.says(ASK.0, ASK.1).receive();
        server.send(&header(id_of(&asked), 0x8180 | rcode, [0; 4]));
        process
            .says(
                "errors-without-a-question",
                "In `answer_in`, take an error without a question. A server that cannot read a query has no question to return.",
            )
            .expect_error(&[&format!("says {name}")]);
    }
}

#[test]
fn an_answer_of_another_sender_is_ignored() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let mut process = look_up(&lab, &server, &[]);
    let asked = server.says(ASK.0, ASK.1).receive();
    let mut forger = lab.unrelated_sender("forger", server.last_sender());
    forger.send(&address(&asked, 66));
    server.send(&address(&asked, 7));
    process
        .says(
            "connect-the-socket",
            "In `ask_udp`, connect the socket to the server. Then the kernel drops datagrams from other addresses.",
        )
        .expect_line("a.test. 60 A 192.0.2.7")
        .expect_exit(0);
}

#[test]
fn letters_case_does_not_matter() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let mut process = look_up(&lab, &server, &[]);
    let asked = server.says(ASK.0, ASK.1).receive();
    let records = [
        record(&name("A.TesT"), CNAME, &name("B.test")),
        record(&name("b.TEST"), A, &[192, 0, 2, 7]),
    ];
    let head = header(id_of(&asked), 0x8180, [1, 2, 0, 0]);
    server.send(&[head, question("a.TEST", A), records.concat()].concat());
    process
        .says(
            "compare-names-without-case",
            "In `is_same`, compare labels by `eq_ignore_ascii_case`. Use it for questions, aliases and owners.",
        )
        .expect_line("A.TesT. 60 CNAME B.test.")
        .expect_line("b.TEST. 60 A 192.0.2.7")
        .expect_exit(0);
}

#[test]
fn a_stray_datagram_does_not_prolong_the_wait() {
    let lab = subject!("11");
    let has_ended = lab.undisturbed(|factor| {
        let mut server = server(&lab, "server");
        let (timeout, address) = (0.05 * factor, server.address());
        let time = test_time_arg(timeout);
        let words = ["lookup", "a.test", "--type", "A", "--tries", "1", "--server", &address];
        let mut process = lab.run([&words[..], &["--timeout", &time]].concat());
        server.says(ASK.0, ASK.1).receive();
        let longest_gap = send_until_it_ends(&mut server, &process, test_time(timeout / 8.0));
        // After such a gap, a wait that begins again would be over, too.
        if longest_gap >= test_time(timeout) {
            return None;
        }
        let has_ended = process.has_ended();
        if has_ended {
            process.expect_error(&["no answer for a.test. from", "(1 try)"]);
        }
        Some(has_ended)
    });
    let Some(has_ended) = has_ended else { return };
    lab.check(
        has_ended,
        "Datagrams that are no answer come again and again, and the lookup waits longer than its timeout.",
        "one-deadline-for-a-try",
        "In `ask_udp`, compute the deadline once, and set the read timeout before each receive to what is left.",
    );
}

/// Sends a stray datagram after each `pause`, and returns the longest time between two of them.
fn send_until_it_ends(server: &mut UdpPeer, process: &Process, pause: Duration) -> Duration {
    let mut longest_gap = Duration::ZERO;
    let mut last = Instant::now();
    let deadline = Deadline::usual();
    // Not `poll_until`, whose pauses grow.
    while deadline.left().is_some() && !process.has_ended() {
        thread::park_timeout(pause);
        server.send(b"stray");
        longest_gap = longest_gap.max(last.elapsed());
        last = Instant::now();
    }
    longest_gap
}

#[test]
fn each_try_waits_twice_as_long() {
    let lab = subject!("11");
    let has_waited = lab.undisturbed(|factor| {
        let mut server = server(&lab, "server");
        // Equal waits are a sixth of doubled ones with five tries, so a late program is not taken
        // for one that doubles.
        let timeout = 0.01 * factor;
        let (time, address) = (test_time_arg(timeout), server.address());
        let words = ["lookup", "a.test", "--type", "A", "--server", &address, "--tries", "5"];
        let mut process = lab.run([&words[..], &["--timeout", &time]].concat());
        let expected = test_time(timeout) * (1 + 2 + 4 + 8 + 16);
        let start = process.wait_until_started();
        let time = process.run_time(start, expected * 4);
        for _ in 0..5 {
            server.says(NEXT_TRY.0, NEXT_TRY.1).receive();
        }
        server.expect_silence();
        process.expect_error(&["no answer for a.test. from", &address, "(5 tries)"]);
        time.reaches(expected)
    });
    let Some(has_waited) = has_waited else { return };
    lab.check(
        has_waited,
        "Five tries together waited less than 31 times the timeout.",
        "twice-as-long",
        "In `ask`, try N waits the timeout times 2 to the power of N. A server that is busy needs fewer queries, not more.",
    );
}

#[test]
fn a_server_that_cannot_answer_is_not_the_last() {
    let lab = subject!("11");
    let (mut first, mut second) = (server(&lab, "first"), server(&lab, "second"));
    let mut process = look_up(&lab, &first, &["--server", &second.address()]);
    for peer in [&mut first, &mut second] {
        peer.says(NEXT_TRY.0, NEXT_TRY.1);
    }
    let asked = first.receive();
    first.send(&response(&asked, REFUSED, &[]));
    let asked = second.receive();
    second.send(&response(&asked, SERVFAIL, &[]));
    let asked = first.receive();
    first.send(&address(&asked, 7));
    process.says(NEXT_TRY.0, NEXT_TRY.1).expect_line("a.test. 60 A 192.0.2.7").expect_exit(0);
}

#[test]
fn after_a_refused_datagram_the_next_server_is_asked_immediately() {
    let lab = subject!("11");
    let closed = ClosedUdpPort::new();
    let mut server = server(&lab, "server");
    let address_of = server.address();
    let words = ["lookup", "a.test", "--type", "A", "--timeout", LONG];
    let servers = ["--server", closed.address(), "--server", &address_of];
    let mut process = lab.run([&words[..], &servers].concat());
    let asked = server
        .says(
            "a-closed-port-answers-never",
            "In `ask_udp`, return the error of a receive that is no timeout. In `ask`, go on with the next try.",
        )
        .receive();
    server.send(&address(&asked, 7));
    process.expect_line("a.test. 60 A 192.0.2.7").expect_exit(0);
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

#[test]
fn aliases_are_followed_in_the_answer() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let mut process = look_up(&lab, &server, &[]);
    let asked = server.says(ASK.0, ASK.1).receive();
    server.send(&response(
        &asked,
        0,
        &[
            record(&name("stranger.test"), A, &[192, 0, 2, 66]),
            record(&name("c.test"), A, &[192, 0, 2, 7]),
            record(&name("b.test"), CNAME, &name("c.test")),
            record(&name("b.test"), A, &[192, 0, 2, 67]),
            record(&name("stranger.test"), CNAME, &name("b.test")),
            record(&pointer(12), CNAME, &name("b.test")),
        ],
    ));
    process
        .says(ALIASES.0, ALIASES.1)
        .expect_line("a.test. 60 CNAME b.test.")
        .expect_line("b.test. 60 CNAME c.test.")
        .says(
            "records-of-the-last-name",
            "In `resolve`, print the records of the name at the end of the aliases, and of no other name.",
        )
        .expect_line("c.test. 60 A 192.0.2.7")
        .expect_exit(0);
}

#[test]
fn an_alias_that_was_asked_for_is_not_followed() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let words = ["lookup", "a.test", "--type", "CNAME", "--timeout", LONG, "--server"];
    let mut process = lab.run([&words[..], &[&server.address()]].concat());
    let asked = server.says(ASK.0, ASK.1).receive();
    let there = record(&pointer(12), CNAME, &name("b.test"));
    let back = record(&name("b.test"), CNAME, &name("a.test"));
    server.send(&response(&asked, 0, &[there, back]));
    process
        .says(
            "an-alias-is-a-record",
            "In `resolve`, call `follow` for other types than CNAME only. For CNAME, the alias is the record in question.",
        )
        .expect_line("a.test. 60 CNAME b.test.")
        .expect_exit(0);
}

#[test]
fn an_alias_may_need_a_further_query() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let mut process = look_up(&lab, &server, &[]);
    let asked = server.says(ASK.0, ASK.1).receive();
    server.send(&response(&asked, 0, &[record(&pointer(12), CNAME, &name("b.test"))]));
    let advice = (
        "ask-for-the-last-name",
        "In `resolve`, ask again for the name at the end of the aliases, if the answer has no record of it.",
    );
    let asked = server.says(advice.0, advice.1).receive();
    server.check(
        asked == query(id_of(&asked), "b.test", A),
        "The answer was an alias of b.test, and the next query is not for b.test.",
        advice.0,
        advice.1,
    );
    server.send(&response(&asked, 0, &[record(&name("b.test"), A, &[192, 0, 2, 7])]));
    process
        .says(advice.0, advice.1)
        .expect_line("a.test. 60 CNAME b.test.")
        .expect_line("b.test. 60 A 192.0.2.7")
        .expect_exit(0);
}

#[test]
fn aliases_have_an_end() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let alias = |from: &str, to: &str| record(&name(from), CNAME, &name(to));
    let chain = |count: usize| -> Vec<Vec<u8>> {
        let label =
            |number: usize| if number == 0 { "a.test".to_owned() } else { format!("n{number}") };
        (0..count).map(|number| alias(&label(number), &label(number + 1))).collect()
    };
    let mut ask = |records: &[Vec<u8>]| {
        let process = look_up(&lab, &server, &[]);
        let asked = server.says(ASK.0, ASK.1).receive();
        server.send(&response(&asked, 0, records));
        process
    };
    let circle = (
        "aliases-in-a-circle",
        "In `follow`, an alias that leads to a name of the chain is a circle. It may be its own name.",
    );
    ask(&[alias("a.test", "b.test"), alias("b.test", "A.test")])
        .says(circle.0, circle.1)
        .expect_error(&["a.test.: its aliases go round in a circle"]);
    ask(&[alias("a.test", "a.test")])
        .says(circle.0, circle.1)
        .expect_error(&["a.test.: its aliases go round in a circle"]);
    ask(&chain(17))
        .says(
            "limit-the-aliases",
            "In `follow`, stop at `MAX_ALIASES`. A stranger wrote this list.",
        )
        .expect_error(&["a.test.: too many aliases"]);
}
