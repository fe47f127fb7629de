//! Step serve: one server for both families, and the clients that it allows.

mod datagrams;
mod lines;

use super::add_ipv6;
use socket2::{Domain, Socket, Type};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;
use testkit::{Peer, Server, Subject, subject};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const SECOND: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 2));
const NINTH: IpAddr = IpAddr::V4(Ipv4Addr::new(127, 0, 0, 9));

const GREET: (&str, &str) = (
    "greet-with-both-ends",
    "In `serve_client`, send the greeting first, and flush it if you buffer: the client's address (getpeername), ours (getsockname), family and kind.",
);

const RETURN: (&str, &str) = (
    "return-at-the-end",
    "In `serve_client`, return at `Line::End`. Then the stream is dropped, and its thread ends.",
);

const UNMAP: (&str, &str) = (
    "unmap-both-ends",
    "In `greeting`, call `unmapped` for both addresses. A socket for both families sees IPv4 clients as ::ffff:A.B.C.D.",
);

/// Whether this machine has the address `ip`.
fn has_address(ip: IpAddr) -> bool {
    UdpSocket::bind((ip, 0)).is_ok()
}

/// `None`, and the test is noted as skipped, if this machine has no such address.
fn need(lab: &Subject, ip: IpAddr) -> Option<()> {
    let here = has_address(ip);
    if !here {
        lab.skip(&format!("this machine has no address {ip}"));
    }
    here.then_some(())
}

/// Expects the greeting of `peer`, which connected to `local`.
fn expect_greeting(peer: &mut Peer, local: SocketAddr, kind: &str, (id, think): (&str, &str)) {
    let ours = peer.local_addr();
    let line = format!("you {ours} at {local} {kind}\n");
    peer.says(id, think).expect(line.as_bytes());
}

#[test]
fn a_client_learns_both_addresses() {
    let server = subject!("08").serve([]);
    let mut peer = server.connect("peer");
    let line = peer.says(GREET.0, GREET.1).line();
    server.check(
        line != "ERROR not allowed",
        "A server without --allow refused a client.",
        "no-network-allows-all",
        "In `is_allowed`, return true if the list is empty.",
    );
    let expected = format!("you {} at {} ipv4 loopback", peer.local_addr(), server.address());
    let sentence = format!("The greeting is `{line}`, and `{expected}` was expected.");
    server.check(line == expected, &sentence, GREET.0, GREET.1);
    peer.says(RETURN.0, RETURN.1).half_close().expect_end();
}

#[test]
fn the_address_that_was_asked_is_ours() {
    let lab = subject!("08");
    if need(&lab, SECOND).is_none() {
        return;
    }
    let server = lab.serve_as("serve", "0.0.0.0:0", []);
    let mut peer = server.connect_at("peer", SECOND);
    let asked = SocketAddr::new(SECOND, server.address().port());
    expect_greeting(
        &mut peer,
        asked,
        "ipv4 loopback",
        (
            "ask-the-connection",
            "In `serve_client`, `local_addr` of the connection is the address that this client asked. That of the listener is 0.0.0.0.",
        ),
    );
}

#[test]
fn an_address_that_is_not_bound_is_not_served() {
    let lab = subject!("08");
    if need(&lab, SECOND).is_none() {
        return;
    }
    let server = lab.serve([]);
    let other = TcpStream::connect((SECOND, server.address().port()));
    lab.check(
        other.is_err(),
        "A server at 127.0.0.1 accepted a client that connected to 127.0.0.2.",
        "bind-the-given-address",
        "In `bind`, bind the given address. 127.0.0.1 is one address, and 0.0.0.0 is all of this machine's.",
    );
}

#[test]
fn one_socket_serves_both_families() {
    let lab = subject!("08");
    if need(&lab, Ipv6Addr::LOCALHOST.into()).is_none() {
        return;
    }
    let server = lab.serve_as("serve", "[::]:0", []);
    let at = |ip| SocketAddr::new(ip, server.address().port());
    let ipv6 = IpAddr::from(Ipv6Addr::LOCALHOST);
    expect_greeting(&mut server.connect_at("ipv6", ipv6), at(ipv6), "ipv6 loopback", GREET);
    let mut peer = server.connect_at("ipv4", LOOPBACK);
    expect_greeting(&mut peer, at(LOOPBACK), "ipv4 loopback", UNMAP);
}

/// Connects from inside of the server's network, and prints the first line, or why there is none.
/// Its arguments are the port, and for each client the address of the server and its own.
const PYTHON_CLIENTS: &str = r#"
import socket, sys

port, *hosts = sys.argv[1:]
find = lambda host, port: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
for server, own in zip(hosts[::2], hosts[1::2]):
    family, *_, address = find(server, port)
    with socket.socket(family) as client:
        try:
            client.settimeout(5)
            client.bind(find(own, 0)[4])
            client.connect(address)
            print(client.makefile().readline().strip() or "nothing")
        except OSError as error:
            print(error)
"#;

#[test]
fn both_families_are_served_whatever_the_system_does_by_default() {
    let link_local = add_ipv6("fe80::1");
    let setup = format!(
        "echo 1 > /proc/sys/net/ipv6/bindv6only && ip address add 10.0.0.9/24 dev lo && {link_local}"
    );
    let Some(lab) = subject!("08").with_network(&setup) else { return };
    let server = lab.serve_as("serve", "[::]:0", []);
    let (pid, port) = (server.pid().to_string(), server.address().port().to_string());
    let join = ["nsenter", "-t", &pid, "-U", "-n", "--preserve-credentials"];
    let Some(python) = lab.python(PYTHON_CLIENTS) else { return };
    let ipv4 = ["127.0.0.1", "10.0.0.9"];
    let ipv6 = ["fe80::1%lo", "fe80::1%lo"];
    let mut clients =
        python.with_prefix(&join).run_tool([&port[..], ipv4[0], ipv4[1], ipv6[0], ipv6[1]]);
    let line = clients.line();
    lab.check(
        line.starts_with("you 10.0.0.9:"),
        &format!("The IPv4 client of a server at [::] got `{line}`. The default of IPV6_V6ONLY is 1 here."),
        "turn-v6only-off",
        "In `bind`, call `set_only_v6(false)` before `bind`. Its default differs between systems, and an administrator can change it.",
    );
    lab.check(
        line.ends_with(" ipv4 private"),
        &format!("A client at 10.0.0.9 asked 127.0.0.1, and got `{line}`."),
        "the-kind-of-the-client",
        "In `greeting`, family and kind are those of the client's address, not of ours.",
    );
    let line = clients.line();
    lab.check(
        line.starts_with("you [fe80::1%1]:"),
        &format!("A client at fe80::1 on interface 1 got `{line}`."),
        "keep-the-scope",
        "In `unmapped`, return an address that is not mapped as it is. `SocketAddr::new` loses its scope.",
    );
}

#[test]
fn with_only_v6_no_ipv4_client_is_served() {
    let lab = subject!("08");
    if need(&lab, Ipv6Addr::LOCALHOST.into()).is_none() {
        return;
    }
    let server = lab.serve_as("serve", "[::]:0", ["--only-v6"]);
    let at = |ip| SocketAddr::new(ip, server.address().port());
    let ipv6 = IpAddr::from(Ipv6Addr::LOCALHOST);
    expect_greeting(&mut server.connect_at("ipv6", ipv6), at(ipv6), "ipv6 loopback", GREET);
    let other = TcpStream::connect(at(LOOPBACK));
    lab.check(
        other.is_err(),
        "A server with --only-v6 accepted an IPv4 client.",
        "turn-v6only-on",
        "In `bind`, call `set_only_v6(true)` for `Families::OnlyIpv6`.",
    );
    let asked = UdpSocket::bind((LOOPBACK, 0)).and_then(|socket| {
        socket.set_read_timeout(Some(Duration::from_secs(5)))?;
        socket.connect(at(LOOPBACK))?;
        socket.send(b"hello")?;
        socket.recv(&mut [0; 100])
    });
    lab.check(
        asked.is_err(),
        "A server with --only-v6 answered a datagram that came by IPv4.",
        "turn-v6only-on-for-udp",
        "In `bind`, call `set_only_v6` for both kinds of sockets.",
    );
}

#[test]
fn several_addresses_are_served_at_the_same_time() {
    let lab = subject!("08");
    if need(&lab, Ipv6Addr::LOCALHOST.into()).is_none() {
        return;
    }
    let (id, think) = (
        "bind-the-given-family",
        "In `bind`, `Domain::for_address` gives the family of the socket. Each --listen has its own.",
    );
    let mut server = lab.says(id, think).serve(["--listen", "[::1]:0"]);
    server.says(id, think);
    let second: SocketAddr = server
        .line()
        .strip_prefix("listening on ")
        .and_then(|address| address.parse().ok())
        .unwrap_or_else(|| (LOOPBACK, 0).into());
    server.check(second.is_ipv6(), "The second line is not `listening on [::1]:PORT`.", id, think);
    expect_greeting(&mut server.connect("ipv4"), server.address(), "ipv4 loopback", GREET);
    let line = first_line(second);
    lab.check(
        line.ends_with(&format!(" at {second} ipv6 loopback\n")),
        &format!("The second address answered {line:?}."),
        GREET.0,
        GREET.1,
    );
}

fn first_line(address: SocketAddr) -> String {
    use std::io::{BufRead, BufReader};
    let limit = Duration::from_secs(5);
    let mut line = String::new();
    let read = TcpStream::connect_timeout(&address, limit).and_then(|stream| {
        stream.set_read_timeout(Some(limit))?;
        BufReader::new(stream).read_line(&mut line)
    });
    read.map_or_else(|error| error.to_string(), |_| line)
}

#[test]
fn a_taken_address_is_a_one_line_error() {
    let lab = subject!("08");
    let first = lab.serve([]);
    let address = first.address().to_string();
    lab.try_serve_as("serve", &address, [])
        .says("return-the-error-of-bind", "In `bind`, return the error of bind(2) to the caller.")
        .expect_error(&["cannot listen on", &address, "address already in use"]);
}

#[test]
fn only_one_server_has_the_udp_port() {
    let lab = subject!("08");
    if !cfg!(target_os = "linux") {
        return lab.skip("other systems have other rules for SO_REUSEADDR");
    }
    let server = lab.serve([]);
    let shared = Socket::new(Domain::IPV4, Type::DGRAM, None).and_then(|socket| {
        socket.set_reuse_address(true)?;
        socket.bind(&server.address().into())
    });
    lab.check(
        shared.is_err(),
        "A second UDP socket was bound to the server's port, and takes its datagrams.",
        "no-reuse-for-udp",
        "In `bind`, call `set_reuse_address` for TCP only. UDP sockets that have both set it share the port, and one receives all.",
    );
}

#[test]
fn it_can_be_started_again_at_once_on_the_same_port() {
    let lab = subject!("08");
    let mut first = lab.serve([]);
    let address = first.address().to_string();
    let mut peer = greeted(&first);
    // A killed server closes first, so the connection at its port is in TIME_WAIT.
    first.kill();
    peer.expect_gone();
    drop(peer);
    lab.try_serve_as("serve", &address, [])
        .says(
            "reuse-address-before-bind",
            "In `bind`, call `set_reuse_address(true)` for TCP before `bind`, which fails otherwise while a closed connection of this port is in TIME_WAIT.",
        )
        .expect_line(&format!("listening on {address}"));
}

#[test]
fn a_port_below_1024_is_for_privileged_users() {
    // In a second user namespace, the first network's owner has no privilege.
    let setup = r#"exec unshare -U "$0" "$@""#;
    let Some(lab) = subject!("08").with_network(setup) else { return };
    lab.try_serve_as("serve", "127.0.0.1:80", [])
        .says("return-the-error-of-bind", "In `bind`, return the error of bind(2) to the caller.")
        .expect_error(&["cannot listen on 127.0.0.1:80", "ports below 1024"]);
}

/// A client that was greeted.
fn greeted(server: &Server) -> Peer {
    let mut peer = server.connect("peer");
    peer.says(GREET.0, GREET.1).line();
    peer.says(RETURN.0, RETURN.1);
    peer
}

#[test]
fn an_ipv4_client_is_in_ipv4_networks_also_at_a_socket_for_both() {
    let lab = subject!("08");
    if need(&lab, Ipv6Addr::LOCALHOST.into()).is_none() {
        return;
    }
    let server = lab.serve_as("serve", "[::]:0", ["--allow", "127.0.0.0/8"]);
    let mut peer = server.connect_at("ipv4", LOOPBACK);
    let at = SocketAddr::new(LOOPBACK, server.address().port());
    let allow = (
        "allow-mapped-clients",
        "In `is_allowed`, call `networks::contains`, which takes a mapped address for its IPv4 address.",
    );
    expect_greeting(&mut peer, at, "ipv4 loopback", allow);
    peer.says(
        "compare-mapped-clients",
        "In `answer`, call `networks::contains`, which takes a mapped address for its IPv4 address.",
    )
    .send(b"in 127.0.0.0/8\n")
    .expect(b"yes\n")
    .send(b"in ::/0\n")
    .expect(b"no\n");
    let mut other = server.connect_at("ipv6", Ipv6Addr::LOCALHOST.into());
    other
        .says(
            "refuse-other-clients",
            "In `is_allowed`, a client in none of the networks is refused.",
        )
        .expect(b"ERROR not allowed\n")
        .expect_end();
}

#[test]
fn an_ipv6_client_is_in_ipv6_networks() {
    let lab = subject!("08");
    let ipv6 = IpAddr::from(Ipv6Addr::LOCALHOST);
    if need(&lab, ipv6).is_none() {
        return;
    }
    let server = lab.serve_as("serve", "[::]:0", ["--allow", "::1/128"]);
    let at = SocketAddr::new(ipv6, server.address().port());
    let allow = (
        "allow-ipv6-clients",
        "In `is_allowed`, call `networks::contains` for clients of both families.",
    );
    expect_greeting(&mut server.connect_at("ipv6", ipv6), at, "ipv6 loopback", allow);
    let mut other = server.connect_at("ipv4", LOOPBACK);
    other.says(allow.0, allow.1).expect(b"ERROR not allowed\n").expect_end();
}

#[test]
fn a_client_in_no_allowed_network_is_refused() {
    let lab = subject!("08");
    let networks = ["10.0.0.0/8", "192.168.0.0/16", "127.0.0.9/32"];
    let mut server = lab.serve(networks.iter().flat_map(|network| ["--allow", network]));
    // What the client sends lies unread in the receive queue when the server goes on.
    let paused = server.pause();
    let mut peer = server.connect("peer");
    peer.says(
        "refuse-and-linger",
        "In `serve_client`, send `ERROR not allowed` and call `close::lingering`. It reads what the client sent, so that no RST follows.",
    )
    .send(b"me\nme\nme\n");
    if paused {
        server.resume();
    }
    peer.expect(b"ERROR not allowed\n").expect_end();
    let Some(mut allowed) = server.connect_from("allowed", NINTH, LOOPBACK) else {
        return lab.skip("this machine has no address 127.0.0.9");
    };
    let think = ("any-network-allows", "In `is_allowed`, one of the networks is enough.");
    expect_greeting(&mut allowed, server.address(), "ipv4 loopback", think);
}

#[test]
fn ctrl_c_stops_all_loops() {
    let lab = subject!("08");
    let mut server = lab.serve([]);
    greeted(&server).half_close().expect_end();
    server.wait_until_idle();
    server.says(
        "look-at-the-flag",
        "In `serve_datagrams`, check `shutdown.is_requested()` after each `receive`, before you look at the datagram.",
    );
    if !server.interrupt() {
        return server.skip("this system has no signals");
    }
    server.expect_stopped_at_once();
}

#[test]
fn each_connection_is_given_back() {
    let lab = subject!("08");
    let server = lab.serve([]);
    greeted(&server).half_close().expect_end();
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return lab.skip("threads and descriptors cannot be counted here");
    };
    for _ in 0..5 {
        greeted(&server).half_close().expect_end();
    }
    server.expect_given_back(&before, "5 clients came and left", RETURN.0, RETURN.1);
}
