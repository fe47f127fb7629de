//! Datagrams of strangers: what is no answer is ignored, and a forger cannot guess one.

use super::super::dns::{
    A, AAAA, CNAME, FORMERR, NOTIMP, NXDOMAIN, SERVFAIL, address, header, id_of, name, pointer,
    question, record, response, server,
};
use super::{ASK, NEXT_TRY, look_up, receive_query};
use std::collections::BTreeSet;
use std::thread;
use std::time::{Duration, Instant};
use testkit::{Deadline, Process, UdpPeer, subject, test_time, test_time_arg};

const IGNORE: (&str, &str) = (
    "ignore-what-is-no-answer",
    "In `answer_in`, compare the id, QR, and the whole question. In `ask_udp`, ignore anything else, and wait on.",
);

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
    let (mut server, mut process, asked) = receive_query(&lab);
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
        server.send(message).expect_silence();
        server.check_datagram(
            !process.has_ended(),
            "The client took a datagram that is no answer to its query.",
            "no answer",
        );
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
    let (mut server, mut process, asked) = receive_query(&lab);
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
    let (mut server, mut process, asked) = receive_query(&lab);
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
        // Its wait begins later, maybe long before this thread goes on.
        let start = process.wait_until_started();
        server.says(ASK.0, ASK.1).receive();
        let pause = test_time(timeout / 8.0);
        let longest_gap = send_until_it_ends(&mut server, &process, start, pause);
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

/// Sends a stray datagram after each `pause`, and returns the longest time between two of them, or
/// between the first one and `start`.
fn send_until_it_ends(
    server: &mut UdpPeer,
    process: &Process,
    start: Instant,
    pause: Duration,
) -> Duration {
    let mut longest_gap = Duration::ZERO;
    let mut last = start;
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
