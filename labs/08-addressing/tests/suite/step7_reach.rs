//! Step reach: sources, and the addresses of this machine.

use super::{add_ipv6, port_of};
use std::net::{Ipv6Addr, SocketAddr};
use testkit::{
    BlackHole, ClosedPort, Process, ScriptedServer, Subject, filter, subject, test_time,
    test_time_arg,
};

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
    let setup = format!("{routes} && {} && {}", add_ipv6("fd00::2"), add_ipv6("fe80::1"));
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
        .says(
            "keep-the-scope-of-the-destination",
            "In `source_for`, connect to `destination` itself. An address of one link has a scope, which `ip()` does not return.",
        )
        .ask("fe80::1%lo", "fe80::1%lo from fe80::1")
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
    let sent = counter(&mut process, "Ip: ", "OutRequests");
    process.check(
        sent == 0,
        &format!("The program sent {sent} packets."),
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
    let (mut host, closed) = server_and_closed(&lab);
    let port = port_of(&host).to_string();
    let mut reach = lab.run_tool(["reach", &port]);
    let (id, think) = (
        "connect-to-each-address",
        "In `probe`, set the port of the interface's address, connect to it by TCP, and name the outcome.",
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
        closed.is_none() || state_of(" ::1/128 ").is_none_or(|state| state == "refused"),
        &format!("No server listens at [::1]:{port}, and reach printed {printed:?}."),
        id,
        think,
    );
    host.says(id, think)
        .accept()
        .says(
            "connect-and-send-nothing",
            "In `probe`, connect, and drop the connection. Its bytes would be a request to an unknown server.",
        )
        .expect_gone();
}

/// A server at 127.0.0.1, and a port of [::1] with the same number that refuses. No other program can
/// listen there. `None` on a machine without this address.
fn server_and_closed(lab: &Subject) -> (ScriptedServer, Option<ClosedPort>) {
    let pair = |_| {
        let host = lab.scripted_server("host");
        let closed = ClosedPort::at(SocketAddr::from((Ipv6Addr::LOCALHOST, port_of(&host))))?;
        Some((host, Some(closed)))
    };
    (0..5).find_map(pair).unwrap_or_else(|| (lab.scripted_server("host"), None))
}

#[test]
fn a_connection_is_closed_before_the_next_one() {
    let lab = subject!("08");
    // The program waits at [::1], which comes behind 127.0.0.1. A port may be taken there.
    let pair = |_| {
        let host = lab.scripted_server("host");
        let hole = BlackHole::at(SocketAddr::from((Ipv6Addr::LOCALHOST, port_of(&host))))?;
        Some((host, hole))
    };
    let Some((mut host, hole)) = (0..5).find_map(pair) else {
        return lab.skip("this machine has no address of IPv6 that never answers");
    };
    let _reach = lab.run_tool(["reach", &hole.port().to_string(), "--timeout", "60"]);
    let (id, think) = (
        "close-each-connection",
        "In `probe`, drop the connection before you return. An open one costs the server a descriptor.",
    );
    host.says(id, think).accept().says(id, think).expect_end();
}

#[test]
fn addresses_are_sorted_by_number() {
    // A label is the name of an IPv4 address (ip-address(8)).
    let ipv4 = "ip address add 10.0.0.9/24 dev lo label lo:a \
                && ip address add 9.0.0.1/32 dev lo label lo:z \
                && ip address add 200.0.0.1/17 dev lo label lo:c \
                && ip address add 200.0.0.1/16 dev lo label lo:b";
    let ipv6 = ["fd00::2", "fd00::10", "fe80::1"].map(add_ipv6).join(" && ");
    let Some(lab) = subject!("08").with_network(&format!("{ipv4} && {ipv6}")) else { return };
    let mut reach = lab.run_tool(["reach", "9"]);
    reach.says(
        "sort-numbers",
        "In `sort`, IPv4 comes first, numbers are compared, and then names. As texts, 10.0.0.9 is before 9.0.0.1, and fd00::10 before fd00::2.",
    );
    for address in ["lo:z 9.0.0.1/32", "lo:a 10.0.0.9/24", "lo 127.0.0.1/8"] {
        reach.expect_line(&format!("{address} refused"));
    }
    for address in ["lo:b 200.0.0.1/16", "lo:c 200.0.0.1/17"] {
        reach.expect_line(&format!("{address} refused"));
    }
    for address in ["::1/128", "fd00::2/64", "fd00::10/64"] {
        reach.expect_line(&format!("lo {address} refused"));
    }
    reach
        .says(
            "keep-the-scope-of-the-interface",
            "In `probe`, copy `interface.address` and set its port. An address of one link has a scope, which `ip()` does not return.",
        )
        .expect_line("lo fe80::1/64 refused")
        .expect_exit(0);
}

#[test]
fn an_error_of_the_network_has_its_name() {
    let route =
        "ip route del local 10.0.0.9 dev lo table local && ip route add unreachable 10.0.0.9";
    let setup = format!("ip address add 10.0.0.9/32 dev lo && {route}");
    let Some(lab) = subject!("08").with_network(&setup) else { return };
    lab.run_tool(["reach", "9"])
        .says(
            "name-other-errors",
            "In `probe`, only `ConnectionRefused` is a refusal. `common::net::reason` has the words for other errors.",
        )
        .expect_line("lo 10.0.0.9/32 no route to host");
}

#[test]
fn an_address_that_does_not_answer_is_named() {
    let lab = subject!("08");
    if BlackHole::new().is_none() {
        return lab.skip("this machine has no address that never answers");
    }
    lab.undisturbed(|factor| names_a_silent_address(&lab, 0.2 * factor));
}

/// `None` if this machine was too busy to tell.
fn names_a_silent_address(lab: &Subject, seconds: f64) -> Option<()> {
    let hole = BlackHole::new().expect("there was one before");
    let (port, limit) = (hole.port().to_string(), test_time(seconds * 2.0));
    let mut reach = lab.run_tool(["reach", &port, "--timeout", &test_time_arg(seconds)]);
    let start = reach.wait_until_started();
    let (id, think) = (
        "wait-for-the-timeout",
        "In `probe`, call `connect_timeout`, with `timeout`. A machine that does not answer is not a machine that refuses.",
    );
    reach.says(id, think);
    let is_late = reach.run_time(start, limit * 3).reaches(limit)?;
    reach.check(!is_late, "The program waited for twice its --timeout.", id, think);
    let exit = reach.expect_exit(0);
    let printed = String::from_utf8_lossy(&exit.stdout).into_owned();
    let line = printed.lines().find(|line| line.contains(" 127.0.0.1/8 "));
    lab.check(
        line.is_some_and(|line| line.ends_with(" timed out")),
        &format!("127.0.0.1:{port} never answers, and reach printed {printed:?}."),
        id,
        think,
    );
    Some(())
}
