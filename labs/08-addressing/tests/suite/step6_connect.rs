//! Step connect: several addresses, and one connection.

mod delays;
mod pairs;

use super::{add_ipv6, port_of};
use pairs::{closed_and_server, two_closed, two_servers};
use std::net::{IpAddr, Ipv4Addr, UdpSocket};
use std::time::Instant;
use testkit::{
    ClosedPort, Deadline, Process, Subject, poll_until, show_all, subject, test_time, test_time_arg,
};

/// A timeout and a delay that no test waits for, in seconds.
const LONG: &str = "60";

const CONNECT: &str =
    "In `connect_one`, make a socket, connect it, and return it as a `TcpStream`.";

const TRY_ALL: (&str, &str) = (
    "try-each-address",
    "If stderr names no failed address, check that `in_turn` returns all addresses. Otherwise check `connect_one`, which must connect a socket.",
);

const REPORT: (&str, &str) = (
    "report-each-failure",
    "In `connect_first`, call `report` once for each address that failed, and return `None` after the last. `in_turn` returns all of them.",
);

const SECOND: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
const THIRD: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 3));

/// `two.test` is 127.0.0.2 and 127.0.0.3, in this order.
fn with_two(lab: Subject) -> Option<Subject> {
    lab.with_names(&[("two.test", "127.0.0.2"), ("two.test", "127.0.0.3")])
}

fn connect<'a>(lab: &Subject, words: impl IntoIterator<Item = &'a str>) -> Process {
    lab.run(["connect"].into_iter().chain(words))
}

#[test]
fn it_connects_and_prints_both_ends() {
    let lab = subject!("08");
    let mut host = lab.scripted_server("host");
    let mut client = connect(&lab, [&host.address()[..], "hello", "again"]);
    client.says("connect-to-the-address", CONNECT);
    let mut peer = host.says(TRY_ALL.0, TRY_ALL.1).accept();
    let ends = format!("connected to {} from {}", host.address(), peer.peer_addr());
    peer.expect(b"hello\nagain\n").expect_end();
    // Its read begins before the answer is there.
    client.wait_until_idle();
    peer.send(b"one\ntwo\n").half_close();
    client
        .expect_line(&ends)
        .expect_line("Received: one")
        .expect_line("Received: two")
        .expect_exit(0);
}

#[test]
fn one_refusal_is_one_address() {
    let lab = subject!("08");
    let closed = ClosedPort::new();
    let address = closed.address();
    connect(&lab, [address])
        .says(REPORT.0, REPORT.1)
        .expect_log(&format!("{address}: connection refused"))
        .expect_error(&[&format!("cannot connect to {address}: 1 address failed")]);
}

#[test]
fn only_the_wanted_family_is_tried() {
    let names = [("n.test", "::1"), ("n.test", "127.0.0.1")];
    let Some(lab) = subject!("08").with_names(&names) else { return };
    let closed = ClosedPort::new();
    let (address, target) = (closed.address(), format!("n.test:{}", closed.port()));
    connect(&lab, [&target[..], "--ipv4"])
        .says(REPORT.0, REPORT.1)
        .expect_log(&format!("{address}: connection refused"))
        .expect_error(&["1 address failed"]);
    connect(&lab, [address, "--ipv6"]).expect_error(&["no address of this family"]);
}

#[test]
fn a_silent_server_is_an_error() {
    let lab = subject!("08");
    lab.undisturbed(|factor| answers_once(&lab, 0.1 * factor));
}

/// `None` if the client may have timed out before the answer was here.
fn answers_once(lab: &Subject, seconds: f64) -> Option<()> {
    let mut host = lab.scripted_server("host");
    let (timeout, begun) = (test_time_arg(seconds), Instant::now());
    let mut client = connect(lab, [&host.address()[..], "--timeout", &timeout]);
    poll_until(Deadline::usual(), || client.has_ended() || !host.has_no_client_waiting());
    let is_late = || begun.elapsed() >= test_time(seconds);
    if client.has_ended() && host.has_no_client_waiting() && is_late() {
        return None;
    }
    let mut peer = host.says(TRY_ALL.0, TRY_ALL.1).accept();
    peer.expect_end();
    client.wait_until_idle();
    peer.send(b"one\n");
    if is_late() {
        return None;
    }
    let ends = format!("connected to {} from {}", host.address(), peer.peer_addr());
    client.says("connect-to-the-address", CONNECT).expect_line(&ends).expect_line("Received: one");
    client.expect_error(&["no further line from", &host.address(), "timed out"]);
    Some(())
}

#[test]
fn the_next_address_is_tried_when_one_refuses() {
    let Some(lab) = with_two(subject!("08")) else { return };
    let (closed, mut host) = closed_and_server(&lab);
    let target = format!("two.test:{}", closed.port());
    let mut client = connect(&lab, [&target[..], "--timeout", LONG, "--delay", LONG, "hello"]);
    let (id, think) = (
        "go-on-after-a-failure",
        "In `connect_first`, start the next try as soon as one has failed. A name may have addresses at which no server listens.",
    );
    client.says(id, think);
    let mut peer = host.says(id, think).accept();
    peer.says(id, think).expect(b"hello\n").expect_end().half_close();
    client.expect_log(&format!("{}: connection refused", closed.address())).expect_exit(0);
}

#[test]
fn every_failed_address_is_counted() {
    let Some(lab) = with_two(subject!("08")) else { return };
    let (first, second) = two_closed();
    let target = format!("two.test:{}", first.port());
    // A busy machine may need longer than the usual delay for the first address.
    let mut client = connect(&lab, [&target[..], "--delay", LONG, "--timeout", LONG]);
    client.says(REPORT.0, REPORT.1);
    let exit = client.expect_error(&[&format!("cannot connect to {target}: 2 addresses failed")]);
    let lines: Vec<&str> = exit.stderr.lines().filter(|line| line.starts_with("127.")).collect();
    let refused = |closed: &ClosedPort| format!("{}: connection refused", closed.address());
    let expected = [refused(&first), refused(&second)];
    lab.check(
        lines == expected,
        &format!(
            "The failed addresses on stderr are {}, and {} were expected.",
            show_all(&lines),
            show_all(&expected)
        ),
        REPORT.0,
        REPORT.1,
    );
}

#[test]
fn a_host_that_is_not_needed_stays_alone() {
    let Some(lab) = with_two(subject!("08")) else { return };
    let (mut first, second) = two_servers(&lab);
    let target = format!("two.test:{}", port_of(&first));
    let mut client = connect(&lab, [&target[..], "--delay", LONG, "hello"]);
    let (id, think) = (
        "give-a-head-start",
        "In `connect_first`, start one try, and the next only after the delay or a failure. Trying all at once visits every server.",
    );
    client.says(id, think);
    let mut peer = first.says(id, think).accept();
    peer.says(id, think).expect(b"hello\n").expect_end();
    // By now, every try that has begun has ended.
    client.wait_until_idle();
    peer.half_close();
    client.expect_exit(0);
    lab.check(second.has_no_client_waiting(), "Both addresses got a connection.", id, think);
}

#[test]
fn families_take_turns() {
    // IPv6 comes first by RFC 6724, and the first address of this family is ::1.
    let sorted = ["::1", "fd00::2", "127.0.0.2"];
    let Some(lab) = with_ips(subject!("08"), &add_ipv6("fd00::2"), sorted) else { return };
    tries_in_order(
        &lab,
        ["[::1]", "127.0.0.2", "[fd00::2]"],
        (
            "take-turns",
            "In `in_turn`, take an address of each family in turn. A broken family then costs one delay, not one for each address.",
        ),
    );
}

#[test]
fn the_longer_family_is_tried_to_its_end() {
    let sorted = ["::1", "127.0.0.2", "127.0.0.3"];
    let Some(lab) = with_ips(subject!("08"), "true", sorted) else { return };
    tries_in_order(
        &lab,
        ["[::1]", "127.0.0.2", "127.0.0.3"],
        (
            "take-the-rest",
            "In `in_turn`, the rest of the longer family follows, whichever of the two it is.",
        ),
    );
}

#[test]
fn the_family_of_the_first_address_begins() {
    // By RFC 6724, an address without a route comes last.
    let sorted = ["127.0.0.2", "127.0.0.3", "2001:db8::1"];
    let Some(lab) = with_ips(subject!("08"), "true", sorted) else { return };
    tries_in_order(
        &lab,
        ["127.0.0.2", "[2001:db8::1]", "127.0.0.3"],
        (
            "begin-with-the-first-address",
            "In `in_turn`, begin with the family of the first address, which may be IPv4. The resolver has sorted by what it knows.",
        ),
    );
}

/// `n.test` is three addresses, at which no server listens, in a network in which `setup` was run. The
/// resolver returns them in the order of `sorted`.
fn with_ips(lab: Subject, setup: &str, sorted: [&str; 3]) -> Option<Subject> {
    let lab = lab.with_names(&sorted.map(|ip| ("n.test", ip)))?.with_network(setup)?;
    lab.finds_in_order("n.test", &sorted).then_some(lab)
}

/// Connects to `n.test`, and expects that its addresses are tried in the order of `tried`.
fn tries_in_order(lab: &Subject, tried: [&str; 3], (id, think): (&str, &str)) {
    let mut client = connect(lab, ["n.test:9", "--delay", LONG, "--timeout", LONG]);
    client.says(id, think);
    let exit = client.expect_exit(1);
    let reported = exit.stderr.lines().filter(|line| !line.starts_with("error: "));
    let lines: Vec<&str> =
        reported.map(|line| line.rsplit_once(": ").map_or(line, |(address, _)| address)).collect();
    let expected = tried.map(|ip| format!("{ip}:9"));
    let (found, due) = (show_all(&lines), show_all(&expected));
    let sentence = format!("The client reported {found} as failed, and {due} were expected.");
    lab.check(lines == expected, &sentence, id, think);
    client.expect_error(&["cannot connect to n.test:9: 3 addresses failed"]);
}

#[test]
fn a_connection_leaves_from_the_given_address() {
    let lab = subject!("08");
    let mut host = lab.scripted_server("host");
    let address = host.address();
    let mut client = connect(&lab, [&address[..], "--from", "127.0.0.9", "--timeout", LONG]);
    client.says(
        "bind-before-connect",
        "In `connect_one`, bind the socket to `from` and port 0 before you connect it.",
    );
    if UdpSocket::bind("127.0.0.9:0").is_err() {
        return lab.skip("this machine has no address 127.0.0.9");
    }
    host.says(
        "any-port-of-from",
        "In `connect_one`, bind to port 0. Then the kernel chooses a free one for each connection.",
    );
    let mut peer = host.accept();
    lab.check(
        peer.peer_addr().ip() == IpAddr::from([127, 0, 0, 9]),
        &format!("The connection came from {}, and --from is 127.0.0.9.", peer.peer_addr()),
        "bind-before-connect",
        "In `connect_one`, bind the socket to `from` and port 0 before you connect it.",
    );
    // The first connection is still there, and has its port.
    let mut second = connect(&lab, [&address[..], "--from", "127.0.0.9", "--timeout", LONG]);
    host.accept().half_close().expect_end();
    second.expect_exit(0);
    peer.half_close().expect_end();
    client.expect_exit(0);
    let closed = ClosedPort::new();
    connect(&lab, [closed.address(), "--from", "192.0.2.1"])
        .says("an-address-that-is-not-ours", "In `connect_one`, return the error of bind(2). The address of --from may belong to another machine.")
        .expect_log(&format!("{}: address not available", closed.address()))
        .expect_error(&["1 address failed"]);
}
