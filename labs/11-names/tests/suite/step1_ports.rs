//! Step ports: one port after the other, and the machines that may be scanned.

use super::scans::{RULE, expect_scan, list, port_of, scan};
use std::net::UdpSocket;
use testkit::{BlackHole, ClosedPort, Subject, subject, test_time_arg};

const SORT_OUTCOMES: (&str, &str) = (
    "sort-the-outcomes",
    "In `state`, a connection is OPEN, and a refusal or a reset is CLOSED. Look at `error.kind()`.",
);

const GUARD: (&str, &str) = (
    "refuse-other-machines",
    "In `guard`, each address must be loopback or in an allowed network. Check all addresses, after names were resolved.",
);

/// `None`, and the test is noted as skipped, if this machine has only one loopback address.
fn need_second_address(lab: &Subject) -> Option<()> {
    let here = UdpSocket::bind("127.0.0.2:0").is_ok();
    if !here {
        lab.skip("this machine has no address 127.0.0.2");
    }
    here.then_some(())
}

#[test]
fn open_and_closed_ports_are_told_apart() {
    let lab = subject!("11");
    let server = lab.scripted_server("server");
    let closed = ClosedPort::new();
    let open = port_of(&server.address());
    // In order, so that this test needs no list that is sorted.
    let mut ports = [closed.port(), open];
    ports.sort_unstable();
    let mut process = scan(&lab, &list(&ports), ["--parallel", "1"]);
    process.says(SORT_OUTCOMES.0, SORT_OUTCOMES.1);
    let lines = [(open, "OPEN  (unknown)"), (closed.port(), "CLOSED")];
    expect_scan(&mut process, "127.0.0.1", &lines);
    process.expect_exit(0);
}

#[test]
fn a_port_without_an_answer_is_filtered() {
    let lab = subject!("11");
    let Some(hole) = BlackHole::new() else {
        return lab.skip("this machine has no address that never answers");
    };
    let ports = list(&[hole.port()]);
    let time = test_time_arg(0.05);
    let mut process = scan(&lab, &ports, ["--parallel", "1", "--timeout", &time]);
    process.says(
        "silence-is-no-refusal",
        "In `state`, an expired timeout is FILTERED. Only a refusal proves that no server listens.",
    );
    expect_scan(&mut process, "127.0.0.1", &[(hole.port(), "FILTERED")]);
    process.expect_exit(0);
}

#[test]
fn ports_are_sorted_and_each_comes_once() {
    let lab = subject!("11");
    let closed = [ClosedPort::new(), ClosedPort::new(), ClosedPort::new()];
    let mut ports = closed.each_ref().map(ClosedPort::port);
    ports.sort_unstable();
    let [low, middle, high] = ports;
    let text = format!("{high},{low}-{low},{middle},{low},{high}-{high}");
    let mut process = scan(&lab, &text, ["--parallel", "1"]);
    process.says(
        "sort-the-ports",
        "In `ports::parse`, collect the ports in a `BTreeSet`. It sorts them, and has each once.",
    );
    expect_scan(&mut process, "127.0.0.1", &ports.map(|port| (port, "CLOSED")));
    process.expect_exit(0);
}

#[test]
fn a_range_has_both_ends_up_to_65535() {
    let mut process = scan(&subject!("11"), "65533-65535", ["--parallel", "1"]);
    process.says(
        "an-inclusive-range",
        "In `ports::parse`, use `first..=last`. A range up to `last + 1` does not fit into a u16.",
    );
    process.expect_line("Scanning 127.0.0.1 for open ports (65533-65535)...").expect_line(RULE);
    for port in [65533, 65534, 65535] {
        let line = process.line();
        process.check(
            line.starts_with(&format!("Port {port} - ")),
            &format!("The line about port {port} is `{line}`."),
            "an-inclusive-range",
            "In `ports::parse`, use `first..=last`. A range up to `last + 1` does not fit into a u16.",
        );
    }
    process.expect_line(RULE).line();
    process.expect_exit(0);
}

#[test]
fn what_is_no_list_of_ports_is_a_wrong_argument() {
    let lab = subject!("11");
    for ports in ["80-22", "0", "0-5", "65536", "+22", "22,", "1-", "-5", "22 ", "1-2-3"] {
        let words = ["scan", "127.0.0.1", "--parallel", "1", &format!("--ports={ports}")];
        lab.run(words)
            .says(
                "refuse-wrong-ports",
                "In `parse_port`, accept digits only, and numbers from 1 to 65535. In `ports::parse`, refuse a range that descends.",
            )
            .expect_exit(2);
    }
}

#[test]
fn a_port_that_cannot_be_reached_ends_no_scan() {
    let lab = subject!("11");
    // The address has no zone, so that connect(2) does not even send a packet.
    let ip = "fe80::1";
    let mut process = lab.run([
        "scan",
        ip,
        "--ports",
        "1,2",
        "--verbose",
        "--parallel",
        "1",
        "--allow",
        "fe80::1/128",
    ]);
    process.says(
        "no-other-error-ends-the-scan",
        "In `state`, return a shortage only. A connection that fails for another reason is `Filtered`.",
    );
    expect_scan(&mut process, ip, &[(1, "FILTERED"), (2, "FILTERED")]);
    process.expect_exit(0);
}

#[test]
fn a_reset_is_a_refusal() {
    let Some(lab) = subject!("11").with_fault("connect:error=ECONNRESET") else { return };
    let mut process = scan(&lab, "1", ["--parallel", "1"]);
    process.says(SORT_OUTCOMES.0, SORT_OUTCOMES.1);
    expect_scan(&mut process, "127.0.0.1", &[(1, "CLOSED")]);
    process.expect_exit(0);
}

#[test]
fn a_connection_to_itself_is_no_server() {
    // The kernel has one port for connections, and that is the one that is tried.
    let setup = "echo 40000 40001 > /proc/sys/net/ipv4/ip_local_port_range";
    let Some(lab) = subject!("11").with_network(setup) else { return };
    let mut process = scan(&lab, "40000", ["--parallel", "1"]);
    process.says(
        "notice-yourself",
        "In `has_met_itself`, compare `peer_addr` with `local_addr`. The kernel may choose the port that you try as your own.",
    );
    expect_scan(&mut process, "127.0.0.1", &[(40000, "CLOSED")]);
    process.expect_exit(0);
}

#[test]
fn a_network_has_hosts_between_its_ends() {
    let lab = subject!("11");
    if need_second_address(&lab).is_none() {
        return;
    }
    let closed = ClosedPort::new();
    let table = [
        ("127.0.0.3/30", vec!["127.0.0.1", "127.0.0.2"]),
        ("127.0.0.2/31", vec!["127.0.0.2", "127.0.0.3"]),
        ("127.0.0.2/32", vec!["127.0.0.2"]),
    ];
    for (network, hosts) in table {
        let port = closed.port().to_string();
        let mut process =
            lab.run(["scan", network, "--parallel", "1", "--verbose", "--ports", &port]);
        process.says(
            "hosts-of-a-network",
            "In `hosts`, leave the first and the last address out, except in networks of one or two addresses (RFC 3021).",
        );
        for host in hosts {
            expect_scan(&mut process, host, &[(closed.port(), "CLOSED")]);
        }
        process.expect_exit(0);
    }
}

#[test]
fn a_network_of_ipv6_has_hosts_only() {
    // Addresses without a zone, so that connect(2) does not even send a packet.
    let words = ["scan", "fe80::/126", "--allow", "fe80::/126", "--ports", "1", "--verbose"];
    let mut process = subject!("11").run([&words[..], &["--parallel", "1"]].concat());
    process.says(
        "only-ipv4-has-ends",
        "In `hosts`, only an IPv4 network has two addresses that are no hosts. IPv6 has no broadcast address.",
    );
    for ip in ["fe80::", "fe80::1", "fe80::2", "fe80::3"] {
        expect_scan(&mut process, ip, &[(1, "FILTERED")]);
    }
    process.expect_exit(0);
}

#[test]
fn a_network_has_a_limit() {
    for network in ["127.0.0.0/8", "::/0"] {
        subject!("11")
            .run(["scan", network, "--parallel", "1", "--ports", "1"])
            .says(
                "limit-a-network",
                "In `hosts`, count the addresses before you keep them: `take` one more than the limit.",
            )
            .expect_error(&[network, "has more than 65536 addresses"]);
    }
}

#[test]
fn each_address_of_a_name_is_scanned_once() {
    let addresses = ["127.0.0.2", "127.0.0.3", "127.0.0.2"];
    let names = addresses.map(|address| ("two.test", address));
    let Some(lab) = subject!("11").with_names(&names) else { return };
    let closed = ClosedPort::new();
    let port = closed.port().to_string();
    let mut process =
        lab.run(["scan", "two.test", "--parallel", "1", "--verbose", "--ports", &port]);
    let (id, think) = (
        "all-addresses-of-a-name",
        "In `targets`, keep all addresses that `to_socket_addrs` gives, each once, in their order.",
    );
    process.says(id, think);
    for host in ["127.0.0.2", "127.0.0.3"] {
        expect_scan(&mut process, host, &[(closed.port(), "CLOSED")]);
    }
    let printed = process.expect_exit(0).stdout;
    let scans = String::from_utf8_lossy(&printed).matches("Scanning").count();
    process.check(
        scans == 2,
        &format!("A name stands for two addresses, and {scans} scans were made."),
        id,
        think,
    );
}

#[test]
fn a_name_without_an_address_is_an_error() {
    let names = [("other.test", "127.0.0.1")];
    let Some(lab) = subject!("11").with_names(&names) else { return };
    // A network without a server for names, so that the resolver cannot ask another machine.
    let Some(lab) = lab.with_network("true") else { return };
    lab.run(["scan", "nosuch.test", "--parallel", "1", "--ports", "1"])
        .says(
            "return-the-error-of-the-resolver",
            "In `targets`, return `TargetError::NotFound` with the error of `to_socket_addrs`.",
        )
        .expect_error(&["cannot find nosuch.test: "]);
}

/// An address for documentation (RFC 5737), which belongs to loopback in the test's network.
const OUTSIDE: &str = "ip address add 192.0.2.7/24 dev lo";

#[test]
fn other_machines_are_not_scanned() {
    let names = [("far.test", "127.0.0.1"), ("far.test", "192.0.2.7")];
    let Some(lab) = subject!("11").with_names(&names) else { return };
    let Some(lab) = lab.with_network(OUTSIDE) else { return };
    for target in ["192.0.2.7", "::ffff:192.0.2.7", "192.0.2.7/32", "far.test"] {
        lab.run(["scan", target, "--parallel", "1", "--ports", "1"])
            .says(GUARD.0, GUARD.1)
            .expect_error(&["192.0.2.7 is not this machine", "--allow 192.0.2.7/32"]);
    }
}

#[test]
fn an_allowed_network_is_scanned() {
    let Some(lab) = subject!("11").with_network(OUTSIDE) else { return };
    for target in ["192.0.2.7", "::ffff:192.0.2.7"] {
        let words = ["scan", target, "--parallel", "1", "--verbose", "--ports", "9"];
        let mut process = lab.run([&words[..], &["--allow", "192.0.2.0/24"]].concat());
        process.says(
            "scan-what-is-allowed",
            "In `guard`, one network that contains the address is enough. In `targets`, make addresses canonical.",
        );
        expect_scan(&mut process, "192.0.2.7", &[(9, "CLOSED")]);
        process.expect_exit(0);
    }
    let mut ours = scan(&lab, "9", ["--parallel", "1", "--allow", "192.0.2.0/24"]);
    ours.says(GUARD.0, GUARD.1);
    expect_scan(&mut ours, "127.0.0.1", &[(9, "CLOSED")]);
    ours.expect_exit(0);
}
