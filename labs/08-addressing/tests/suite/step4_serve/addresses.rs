//! The addresses and families of step serve.

use super::super::add_ipv6;
use super::{
    GREET, LOOPBACK, SECOND, UNMAP, expect_greeting, greeted, need, several_servers, with_advice,
};
use socket2::{Domain, Socket, Type};
use std::io;
use std::net::{IpAddr, Ipv6Addr, SocketAddr, TcpStream, UdpSocket};
use std::time::Duration;
use testkit::subject;

/// How long another program may take to answer.
const LIMIT: Duration = Duration::from_secs(5);

#[test]
fn the_address_that_was_asked_is_ours() {
    let lab = with_advice(subject!("08"));
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
    let lab = with_advice(subject!("08"));
    if need(&lab, SECOND).is_none() {
        return;
    }
    let accepts = || {
        let server = lab.serve([]);
        let other = SocketAddr::new(SECOND, server.address().port());
        TcpStream::connect_timeout(&other, LIMIT).is_ok()
    };
    lab.check(
        !several_servers(accepts),
        "A server at 127.0.0.1 accepted a client that connected to 127.0.0.2.",
        "bind-the-given-address",
        "In `bind`, bind the given address. 127.0.0.1 is one address, and 0.0.0.0 is all of this machine's.",
    );
}

#[test]
fn one_socket_serves_both_families() {
    let lab = with_advice(subject!("08"));
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
    let Some(lab) = with_advice(subject!("08")).with_network(&setup) else { return };
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
        &format!("A client at fe80::1 on interface 1 got `{line}`, and not `you [fe80::1%1]:…`."),
        "keep-the-scope",
        "In `unmapped`, return an address that is not mapped as it is. `SocketAddr::new` loses its scope.",
    );
}

#[test]
fn with_only_v6_no_ipv4_client_is_served() {
    let lab = with_advice(subject!("08"));
    if need(&lab, Ipv6Addr::LOCALHOST.into()).is_none() {
        return;
    }
    let serve = || lab.serve_as("serve", "[::]:0", ["--only-v6"]);
    let ipv6 = IpAddr::from(Ipv6Addr::LOCALHOST);
    let accepts = || {
        let server = serve();
        let port = server.address().port();
        let asked = SocketAddr::new(ipv6, port);
        expect_greeting(&mut server.connect_at("ipv6", ipv6), asked, "ipv6 loopback", GREET);
        TcpStream::connect_timeout(&SocketAddr::new(LOOPBACK, port), LIMIT).is_ok()
    };
    lab.check(
        !several_servers(accepts),
        "A server with --only-v6 accepted an IPv4 client.",
        "turn-v6only-on",
        "In `bind`, call `set_only_v6(true)` for `Families::OnlyIpv6`.",
    );
    let answers = || {
        let server = serve();
        ask_by_udp(SocketAddr::new(LOOPBACK, server.address().port())).is_ok()
    };
    lab.check(
        !several_servers(answers),
        "A server with --only-v6 answered a datagram that came by IPv4.",
        "turn-v6only-on-for-udp",
        "In `bind`, call `set_only_v6` for both kinds of sockets.",
    );
}

/// Asks `address` by a datagram, and returns the length of the answer.
fn ask_by_udp(address: SocketAddr) -> io::Result<usize> {
    let socket = UdpSocket::bind((LOOPBACK, 0))?;
    socket.set_read_timeout(Some(LIMIT))?;
    socket.connect(address)?;
    socket.send(b"hello")?;
    socket.recv(&mut [0; 100])
}

#[test]
fn several_addresses_are_served_at_the_same_time() {
    let lab = with_advice(subject!("08"));
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
    let mut line = String::new();
    let read = TcpStream::connect_timeout(&address, LIMIT).and_then(|stream| {
        stream.set_read_timeout(Some(LIMIT))?;
        BufReader::new(stream).read_line(&mut line)
    });
    read.map_or_else(|error| error.to_string(), |_| line)
}

#[test]
fn a_taken_address_is_a_one_line_error() {
    let lab = with_advice(subject!("08"));
    let first = lab.serve([]);
    let address = first.address().to_string();
    lab.try_serve_as("serve", &address, [])
        .says("return-the-error-of-bind", "In `bind`, return the error of bind(2) to the caller.")
        .expect_error(&["cannot listen on", &address, "address already in use"]);
}

#[test]
fn only_one_server_has_the_udp_port() {
    let lab = with_advice(subject!("08"));
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
    let lab = with_advice(subject!("08"));
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
    let Some(lab) = with_advice(subject!("08")).with_network(setup) else { return };
    lab.try_serve_as("serve", "127.0.0.1:80", [])
        .says("return-the-error-of-bind", "In `bind`, return the error of bind(2) to the caller.")
        .expect_error(&["cannot listen on 127.0.0.1:80", "ports below 1024"]);
}
