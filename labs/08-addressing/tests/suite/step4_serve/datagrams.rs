//! The datagrams of step serve.

use super::{LOOPBACK, NINTH, SECOND, need, with_advice};
use std::net::{Ipv6Addr, SocketAddr};
use testkit::{Deadline, loopback_carries, poll_until, show, subject};

/// The longest payload of a datagram of IPv4: 65,535 bytes without two headers.
const LONGEST: usize = 65_507;

#[test]
fn a_datagram_is_described() {
    let lab = with_advice(subject!("08"));
    let server = lab.serve([]);
    let mut peer = server.udp_peer("peer").with_header_fields(42, 0xb8);
    let both = format!("you {} at {}", peer.local_addr(), server.address());
    let [fields, plain] = match cfg!(target_os = "linux") {
        true => ["ttl 42 tos 0xb8", "ttl 42 tos 0x00"],
        false => ["ttl - tos -"; 2],
    };
    peer.says(
        "describe-the-datagram",
        "In `describe`, print both addresses, then TTL, TOS and length of the datagram. TOS is hexadecimal with two digits.",
    )
    .send(b"hello")
    .expect(format!("{both} {fields} length 5").as_bytes())
    .send(b"")
    .expect(format!("{both} {fields} length 0").as_bytes());
    let mut peer = peer.with_header_fields(42, 0);
    // Elsewhere than on Linux, a datagram on loopback may have to be shorter.
    let len = if loopback_carries(LONGEST) { LONGEST } else { 2000 };
    peer.says(
        "room-for-the-longest-datagram",
        "In `serve_datagrams`, receive into a buffer of 65,536 bytes. The rest of a longer datagram is lost.",
    )
    .send(&vec![0xff; len])
    .expect(format!("{both} {plain} length {len}").as_bytes());
}

#[test]
fn a_datagram_of_ipv6_is_described() {
    let lab = with_advice(subject!("08"));
    if need(&lab, Ipv6Addr::LOCALHOST.into()).is_none() {
        return;
    }
    let server = lab.serve_as("serve", "[::1]:0", []);
    let ours = SocketAddr::from((Ipv6Addr::LOCALHOST, 0));
    let mut peer = server.udp_peer_from("peer", ours).expect("::1 has free ports");
    let both = format!("you {} at {} ttl ", peer.local_addr(), server.address());
    let (id, think) = (
        "print-socket-addresses",
        "In `describe`, print each `SocketAddr` as it is. It has brackets around an IPv6 address, because the port follows a colon.",
    );
    let answer = peer.says(id, think).send(b"hello").receive();
    peer.check(
        answer.starts_with(both.as_bytes()) && answer.ends_with(b" length 5"),
        &format!("The answer is {}, and `{both}…` was expected.", show(&answer)),
        id,
        think,
    );
}

#[test]
fn an_error_about_one_datagram_does_not_end_the_loop() {
    // The first call of each fails: recvmsg(2) before any datagram, and sendmsg(2) at an answer.
    let fault = "recvmsg,sendmsg:error=ECONNREFUSED:when=1";
    let Some(lab) = with_advice(subject!("08")).with_fault(fault) else { return };
    let mut server = lab.serve_as("serve", "0.0.0.0:0", []);
    let peer = server.udp_peer_from("peer", SocketAddr::new(LOOPBACK, 0));
    let mut peer =
        peer.expect("loopback has free ports").with_target("127.0.0.1").with_header_fields(64, 0);
    let (id, think) = (
        "go-on-after-a-datagram",
        "In `serve_datagrams`, go on after an error of `receive` that concerns one datagram. Its kinds are in the steps.",
    );
    peer.says(id, think).send(b"lost").wait_until_read();
    let (id, think) = (
        "log-and-go-on",
        "In `serve_datagrams`, log an error of `send_from` by `common::log!`, in the words of `common::net::reason`, and go on.",
    );
    server.says(id, think).expect_log("connection refused");
    // The newline may be another write(2).
    let is_whole = || server.stderr().contains(": connection refused\n");
    let is_right = poll_until(Deadline::usual(), is_whole);
    let log = server.stderr();
    let sentence = format!("The log has other words than those of `common::net::reason`: {log:?}");
    server.check(is_right, &sentence, id, think);
    let port = server.address().port();
    let line = format!("you {} at 127.0.0.1:{port} ttl 64 tos 0x00 length 2", peer.local_addr());
    peer.says(id, think).send(b"hi").expect(line.as_bytes());
}

#[test]
fn an_error_of_the_socket_ends_its_loop() {
    // Only the first call fails, so that a loop that goes on answers.
    let Some(lab) = with_advice(subject!("08")).with_fault("recvmsg:error=EBADF:when=1") else {
        return;
    };
    let server = lab.serve_as("serve", "0.0.0.0:0", []);
    server.wait_until_idle();
    let peer = server.udp_peer_from("peer", SocketAddr::new(LOOPBACK, 0));
    let mut peer = peer.expect("loopback has free ports").with_target("127.0.0.1");
    peer.send(b"hi");
    server.wait_until_idle();
    let answer = peer.look();
    peer.check(
        answer.is_none(),
        "The server answered a datagram after recvmsg(2) had failed with EBADF.",
        "return-other-errors",
        "In `serve_datagrams`, return any error of `receive` that does not concern one datagram. A loop would fail for ever.",
    );
}

#[test]
fn a_datagram_is_answered_from_the_address_that_was_asked() {
    let lab = with_advice(subject!("08"));
    if need(&lab, SECOND).is_none() || need(&lab, Ipv6Addr::LOCALHOST.into()).is_none() {
        return;
    }
    if !common::udp::KNOWS_WHERE {
        return lab.skip("this system does not say where a datagram was sent to");
    }
    for address in ["0.0.0.0:0", "[::]:0"] {
        let server = lab.serve_as("serve", address, []);
        let ours = SocketAddr::new(LOOPBACK, 0);
        let peer = server.udp_peer_from("peer", ours).expect("loopback has free ports");
        let mut peer = peer.with_target("127.0.0.2").with_header_fields(64, 0);
        let port = server.address().port();
        let line =
            format!("you {} at 127.0.0.2:{port} ttl 64 tos 0x00 length 2", peer.local_addr());
        peer.says(
            "answer-from-the-asked-address",
            "In `serve_datagrams`, send from `received.asked`. A connected client ignores answers from another address.",
        );
        let answer = String::from_utf8_lossy(&peer.send(b"hi").receive()).into_owned();
        let (id, think) = match answer.contains("::ffff:") {
            true => (
                "unmap-the-ends-of-a-datagram",
                "In `describe`, call `unmapped` for both addresses. A socket for both families sees IPv4 addresses as ::ffff:A.B.C.D.",
            ),
            false => (
                "print-the-asked-address",
                "In `describe`, our address is `received.asked`, with the port of the server.",
            ),
        };
        let sentence = format!("The answer is `{answer}`, and `{line}` was expected.");
        peer.check(answer == line, &sentence, id, think);
    }
}

#[test]
fn a_datagram_of_a_stranger_gets_no_answer() {
    let lab = with_advice(subject!("08"));
    let server = lab.serve(["--allow", "127.0.0.9/32"]);
    let Some(mut allowed) = server.udp_peer_from("allowed", SocketAddr::new(NINTH, 0)) else {
        return lab.skip("this machine has no address 127.0.0.9");
    };
    let mut stranger = server.udp_peer("stranger");
    stranger.says(
        "be-silent-to-strangers",
        "In `serve_datagrams`, send nothing to a sender that is not allowed. Its address may be forged.",
    );
    stranger.send(b"hello").wait_until_read();
    allowed.says("any-network-allows", "In `is_allowed`, one of the networks is enough.");
    let line = format!("you {} at {} ttl", allowed.local_addr(), server.address());
    let answer = allowed.send(b"hello").receive();
    allowed.check(
        answer.starts_with(line.as_bytes()),
        "The allowed sender got another answer than its address and ours.",
        "any-network-allows",
        "In `is_allowed`, one of the networks is enough.",
    );
    stranger.expect_silence();
}

#[test]
fn a_sender_with_the_servers_port_gets_no_answer() {
    let lab = with_advice(subject!("08"));
    let server = lab.serve([]);
    let same_port = SocketAddr::new(NINTH, server.address().port());
    let Some(mut other) = server.udp_peer_from("server", same_port) else {
        return lab.skip("this machine has no free address 127.0.0.9");
    };
    let mut peer = server.udp_peer("peer");
    let (id, think) = (
        "do-not-answer-servers",
        "In `serve_datagrams`, go on without an answer to a sender with your own port. Two servers could answer each other for ever.",
    );
    other.says(id, think);
    other.send(b"hello").wait_until_read();
    let answer = peer.send(b"hello").receive();
    peer.check(
        answer.starts_with(b"you "),
        "The server did not answer a client after that.",
        id,
        think,
    );
    other.expect_silence();
}
