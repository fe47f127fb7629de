//! Step reach: sources, and the addresses of this machine.

use super::add_ipv6;
use super::filters::filter;
use std::net::TcpListener;
use testkit::{BlackHole, Process, subject, test_time_arg};

const ASK: (&str, &str) = (
    "ask-the-routing-table",
    "In `source_for`, connect a UDP socket to the destination, and ask `local_addr`. The kernel chooses the source by its routing table.",
);

#[test]
fn the_source_for_loopback_is_loopback() {
    filter(&subject!("08"), ["source"])
        .says(ASK.0, ASK.1)
        .ask("127.0.0.1", "127.0.0.1 from 127.0.0.1")
        .refuses("127.0.0", "3 octets, not 4")
        .end();
}

#[test]
fn the_route_decides_about_the_source() {
    let routes = "ip address add 198.18.8.1/24 dev lo \
                  && ip route add 203.0.113.0/24 dev lo src 198.18.8.1";
    let setup = format!("{routes} && {}", add_ipv6("fd00::2"));
    let Some(lab) = subject!("08").with_network(&setup) else { return };
    filter(&lab, ["source"])
        .says(ASK.0, ASK.1)
        .ask("127.0.0.5", "127.0.0.5 from 127.0.0.1")
        .ask("198.18.8.1", "198.18.8.1 from 198.18.8.1")
        .ask("203.0.113.9", "203.0.113.9 from 198.18.8.1")
        .says(
            "a-socket-of-its-family",
            "In `source_for`, bind the wildcard address of the destination's family.",
        )
        .ask("::1", "::1 from ::1")
        .ask("fd00::2", "fd00::2 from fd00::2")
        .end();
}

#[test]
fn without_a_route_there_is_no_source() {
    let Some(lab) = subject!("08").with_network("true") else { return };
    filter(&lab, ["source"])
        .says(
            "return-the-error-of-connect",
            "In `source_for`, return the error of connect(2). `SourceError::from` sorts it.",
        )
        .refuses("192.0.2.1", "unreachable")
        .refuses("255.255.255.255", "unreachable")
        .refuses("127.255.255.255", "broadcast")
        .ask("127.0.0.1", "127.0.0.1 from 127.0.0.1")
        .end();
}

#[test]
fn asking_sends_nothing() {
    // The counters of a new network begin at 0.
    let setup = r#""$0" "$@" && cat /proc/net/snmp && exit"#;
    let Some(lab) = subject!("08").with_network(setup) else { return };
    let mut process = lab.run_tool(["source", "127.0.0.1", "127.0.0.2"]);
    process.says(ASK.0, ASK.1);
    process.expect_line("127.0.0.1 from 127.0.0.1").expect_line("127.0.0.2 from 127.0.0.1");
    let sent = counter(&mut process, "Udp: ", "OutDatagrams");
    process.check(
        sent == 0,
        &format!("The program sent {sent} datagrams."),
        "send-nothing",
        "In `source_for`, call connect and no send. connect(2) on a UDP socket only stores the peer.",
    );
    process.expect_exit(0);
}

/// A counter of /proc/net/snmp, which has a line of names and a line of numbers for each protocol.
fn counter(process: &mut Process, protocol: &str, name: &str) -> u64 {
    let mut names = String::new();
    while !names.starts_with(protocol) {
        names = process.line();
    }
    let numbers = process.line();
    let mut both = names.split(' ').zip(numbers.split(' '));
    let found =
        both.find(|(column, _)| *column == name).and_then(|(_, number)| number.parse().ok());
    found.expect("the kernel has this counter")
}

#[test]
fn one_bound_address_is_open_and_the_others_refuse() {
    let lab = subject!("08");
    if !cfg!(unix) {
        return lab.skip("this lab lists the addresses of Unix machines only");
    }
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    let port = listener.local_addr().expect("it is bound").port().to_string();
    let mut reach = lab.run_tool(["reach", &port]);
    let (id, think) = (
        "connect-to-each-address",
        "In `probe`, connect to the address of the interface, and name the outcome.",
    );
    reach.says(id, think);
    let exit = reach.expect_exit(0);
    let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
    let state_of = |address: &str| {
        let line = printed.lines().find(|line| line.contains(address));
        line.and_then(|line| line.rsplit(' ').next())
    };
    lab.check(
        state_of(" 127.0.0.1/8 ") == Some("open"),
        &format!("A server listens at 127.0.0.1:{port}, and reach printed {printed:?}."),
        id,
        think,
    );
    lab.check(
        state_of(" ::1/128 ").is_none_or(|state| state == "refused"),
        &format!("No server listens at [::1]:{port}, and reach printed {printed:?}."),
        id,
        think,
    );
}

#[test]
fn addresses_are_sorted_by_number() {
    let ipv4 = "ip address add 10.0.0.9/24 dev lo && ip address add 9.0.0.1/32 dev lo \
                && ip address add 200.0.0.1/16 dev lo";
    let setup = format!("{ipv4} && {}", add_ipv6("fd00::2"));
    let Some(lab) = subject!("08").with_network(&setup) else { return };
    let mut reach = lab.run_tool(["reach", "9"]);
    reach.says(
        "sort-numbers",
        "In `sort`, IPv4 comes first, and numbers are compared. As texts, 10.0.0.9 is before 9.0.0.1.",
    );
    for address in
        ["9.0.0.1/32", "10.0.0.9/24", "127.0.0.1/8", "200.0.0.1/16", "::1/128", "fd00::2/64"]
    {
        reach.expect_line(&format!("lo {address} refused"));
    }
    reach.expect_exit(0);
}

#[test]
fn an_address_that_does_not_answer_is_named() {
    let lab = subject!("08");
    let Some(hole) = BlackHole::new() else {
        return lab.skip("this machine has no address that never answers");
    };
    let port = hole.port().to_string();
    let mut reach = lab.run_tool(["reach", &port, "--timeout", &test_time_arg(0.2)]);
    let (id, think) = (
        "wait-for-the-timeout",
        "In `probe`, call `connect_timeout`. A machine that does not answer is not a machine that refuses.",
    );
    reach.says(id, think);
    let exit = reach.expect_exit(0);
    let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
    let line = printed.lines().find(|line| line.contains(" 127.0.0.1/8 "));
    lab.check(
        line.is_some_and(|line| line.ends_with(" timed out")),
        &format!("127.0.0.1:{port} never answers, and reach printed {printed:?}."),
        id,
        think,
    );
}
