//! The clients that --allow allows in step serve.

use super::{LOOPBACK, NINTH, expect_allowed, need, with_advice};
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use testkit::{Peer, subject};

/// Expects that `peer` is refused before it is greeted.
fn expect_refused(peer: &mut Peer, advice: (&str, &str)) {
    let line = peer.says(advice.0, advice.1).line();
    let is_greeted = line.starts_with("you ");
    let (id, think) = match is_greeted && peer.half_close().rest() == b"ERROR not allowed\n" {
        true => (
            "check-before-you-greet",
            "In `serve_client`, call `is_allowed` before you send the greeting.",
        ),
        false => advice,
    };
    let sentence = format!("A client in no allowed network got `{line}`.");
    peer.says(id, think).check(line == "ERROR not allowed", &sentence, "wanted ERROR not allowed");
    peer.expect_end();
}

#[test]
fn an_ipv4_client_is_in_ipv4_networks_also_at_a_socket_for_both() {
    let lab = with_advice(subject!("08"));
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
    expect_allowed(&mut peer, at, "ipv4 loopback", allow);
    peer.says(
        "compare-mapped-clients",
        "In `answer`, call `networks::contains`, which takes a mapped address for its IPv4 address.",
    )
    .send(b"in 127.0.0.0/8\n")
    .expect(b"yes\n")
    .send(b"in ::/0\n")
    .expect(b"no\n");
    let mut other = server.connect_at("ipv6", Ipv6Addr::LOCALHOST.into());
    let refuse =
        ("refuse-other-clients", "In `is_allowed`, a client in none of the networks is refused.");
    expect_refused(&mut other, refuse);
}

#[test]
fn an_ipv6_client_is_in_ipv6_networks() {
    let lab = with_advice(subject!("08"));
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
    expect_allowed(&mut server.connect_at("ipv6", ipv6), at, "ipv6 loopback", allow);
    let mut other = server.connect_at("ipv4", LOOPBACK);
    expect_refused(&mut other, allow);
}

#[test]
fn a_client_in_no_allowed_network_is_refused() {
    let lab = with_advice(subject!("08"));
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
    peer.expect(b"ERROR not allowed\n").expect_end().expect_no_reset();
    let Some(mut allowed) = server.connect_from("allowed", NINTH, LOOPBACK) else {
        return lab.skip("this machine has no address 127.0.0.9");
    };
    let think = ("any-network-allows", "In `is_allowed`, one of the networks is enough.");
    expect_allowed(&mut allowed, server.address(), "ipv4 loopback", think);
}
