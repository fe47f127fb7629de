//! Several tries, at several servers, and what becomes of an error.

use super::super::dns::{A, REFUSED, SERVFAIL, address, pointer, record, response, server};
use super::super::scans::LONG;
use super::{ASK, NEXT_TRY, look_up};
use testkit::{ClosedUdpPort, subject, test_time, test_time_arg};

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
fn each_try_waits_twice_as_long() {
    let lab = subject!("11");
    let has_waited = lab.undisturbed(|factor| {
        let mut server = server(&lab, "server");
        // Equal waits are a sixth of doubled ones with five tries. The kernel may make each wait
        // longer by two ticks (8 ms), so shorter waits would look as if they were doubled.
        let timeout = 0.03 * factor;
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
fn the_error_is_that_of_the_last_server() {
    let lab = subject!("11");
    let (mut first, mut second) = (server(&lab, "first"), server(&lab, "second"));
    let address_of = second.address();
    let mut process = look_up(&lab, &first, &["--tries", "2", "--server", &address_of]);
    for (peer, rcode) in [(&mut first, SERVFAIL), (&mut second, REFUSED)] {
        let asked = peer.says(NEXT_TRY.0, NEXT_TRY.1).receive();
        peer.send(&response(&asked, rcode, &[]));
    }
    let (id, think) = (
        "the-error-of-the-last-server",
        "In `ask`, keep the last server with another rcode, and the last server that was asked, for the error.",
    );
    process.says(id, think).expect_error(&[&format!("{address_of} says REFUSED")]);
    let closed = [ClosedUdpPort::new(), ClosedUdpPort::new()];
    let servers = ["--server", closed[0].address(), "--server", closed[1].address()];
    let words = ["lookup", "a.test", "--type", "A", "--tries", "2", "--timeout", LONG];
    lab.run([&words[..], &servers].concat())
        .says(id, think)
        .expect_error(&[&format!("no answer for a.test. from {} (2 tries)", closed[1].address())]);
}

#[test]
fn without_a_descriptor_no_server_is_blamed() {
    let Some(lab) = subject!("11").with_fault("socket:error=EMFILE") else { return };
    lab.run(["lookup", "a.test", "--type", "A", "--server", "127.0.0.1:53", "--timeout", LONG])
        .says(
            "a-shortage-is-no-silence",
            "In `ask`, return `LookupError::Local` when `is_shortage` holds. The server was not asked.",
        )
        .expect_error(&["cannot ask: ", "open files"]);
}
