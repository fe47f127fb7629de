//! Step serve: one server for both families, and the clients that it allows.

mod addresses;
mod allowed;
mod datagrams;
mod lines;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
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

const KIND: (&str, &str) = (
    "the-kind-of-the-unmapped-client",
    "In `greeting`, family and kind are those of the client's address after `unmapped`. A mapped client is an IPv4 client.",
);

const ALLOW_ALL: (&str, &str) =
    ("no-network-allows-all", "In `is_allowed`, return true if the list is empty.");

/// The advice of a test for a server that cannot listen.
fn with_advice(lab: Subject) -> Subject {
    lab.says(
        "options-of-the-family",
        "In `bind`, set all options before bind(2), and IPV6_V6ONLY for an IPv6 address only. A socket of IPv4 has no such option.",
    );
    lab
}

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

/// How many servers in turn must do something wrong at an address that they did not bind.
const SERVERS: usize = 3;

/// Whether `is_wrong` holds for several servers in turn, each of which it starts. Another program may
/// have the port of one server at an address that this server does not have.
fn several_servers(is_wrong: impl Fn() -> bool) -> bool {
    (0..SERVERS).all(|_| is_wrong())
}

/// Expects the greeting of `peer`, which connected to `local` of a server without --allow.
fn expect_greeting(peer: &mut Peer, local: SocketAddr, kind: &str, advice: (&str, &str)) {
    expect_greeting_or(peer, local, kind, advice, ALLOW_ALL);
}

/// The same at a server with --allow, which must allow this client.
fn expect_allowed(peer: &mut Peer, local: SocketAddr, kind: &str, advice: (&str, &str)) {
    expect_greeting_or(peer, local, kind, advice, advice);
}

fn expect_greeting_or(
    peer: &mut Peer,
    local: SocketAddr,
    kind: &str,
    advice: (&str, &str),
    if_refused: (&str, &str),
) {
    let expected = format!("you {} at {local} {kind}", peer.local_addr());
    let line = peer.says(advice.0, advice.1).line();
    let (id, think) = match &line[..] {
        "ERROR not allowed" => if_refused,
        line if line.contains("[::ffff:") => UNMAP,
        line if line.contains(" ipv6 mapped ") => KIND,
        _ => advice,
    };
    let sentence = format!("The greeting is `{line}`, and `{expected}` was expected.");
    peer.says(id, think).check(line == expected, &sentence, &format!("wanted {expected}"));
}

#[test]
fn a_client_learns_both_addresses() {
    let server = with_advice(subject!("08")).serve([]);
    let mut peer = server.connect("peer");
    let line = peer.says(GREET.0, GREET.1).line();
    server.check(
        line != "ERROR not allowed",
        "A server without --allow refused a client.",
        ALLOW_ALL.0,
        ALLOW_ALL.1,
    );
    let expected = format!("you {} at {} ipv4 loopback", peer.local_addr(), server.address());
    let sentence = format!("The greeting is `{line}`, and `{expected}` was expected.");
    server.check(line == expected, &sentence, GREET.0, GREET.1);
    peer.says(RETURN.0, RETURN.1).half_close().expect_end();
}

/// A client that was greeted.
fn greeted(server: &Server) -> Peer {
    let mut peer = server.connect("peer");
    peer.says(GREET.0, GREET.1).line();
    peer.says(RETURN.0, RETURN.1);
    peer
}

#[test]
fn ctrl_c_stops_all_loops() {
    let lab = with_advice(subject!("08"));
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
    let lab = with_advice(subject!("08"));
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
