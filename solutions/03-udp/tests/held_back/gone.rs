//! Peers that are gone, servers that are set on each other, and output that nobody reads.

use common::subject;
use std::net::UdpSocket;

#[test]
fn peers_that_are_gone_are_no_others_trouble() {
    let mut server = subject!("03").serve([]);
    let mut next = server.datagrams("next");
    let frozen = server.freeze();
    for _ in 0..100 {
        let mut gone = server.datagrams("gone");
        gone.send(b"bye");
        gone.leave();
    }
    next.says("an answer that found nobody comes back as an ICMP error: log it, and go on")
        .send(b"hello");
    if frozen {
        server.thaw();
    }
    next.expect(b"hello").send(b"still there?").expect(b"still there?");
}

#[test]
fn two_servers_are_not_set_on_each_other() {
    let lab = subject!("03");
    let mut first = lab.serve([]);
    let port = first.address().port();
    let Ok(forger) = UdpSocket::bind(("127.0.0.2", port)) else {
        return lab.skip("this machine has only one loopback address");
    };
    if !first.freeze() {
        return lab.skip("this system has no SIGSTOP");
    }
    // What looks as if the second server had asked: the forger leaves it its address.
    forger.send_to(b"hello", first.address()).expect("loopback takes it");
    drop(forger);
    let second = lab.serve_as("serve", &format!("127.0.0.2:{port}"), []);
    first.thaw();
    lab.check(
        first.wait_until_idle() && second.wait_until_idle(),
        "One datagram, and two servers talk to each other for ever.",
        "whoever asks from a server's port is a server",
    );
    let used = |server: &common::testkit::Server| server.resources().map(|used| used.cpu);
    let before = (used(&first), used(&second));
    first.datagrams("client").send(b"hello").expect(b"hello");
    second.datagrams("client").send(b"hello").expect(b"hello");
    lab.check(
        before.0.is_none_or(|time| time.as_millis() < 500),
        "The servers are silent now, but they have talked for long.",
        "whoever asks from a server's port is a server",
    );
}

#[test]
fn a_server_whose_output_nobody_reads_goes_on() {
    let server = subject!("03").with_closed_pipes().serve([]);
    let twin = ([127, 0, 0, 2], server.address().port()).into();
    for _ in 0..3 {
        if let Some(mut twin) = server.datagrams_from("another server", twin) {
            twin.send(b"this is logged");
        }
        server
            .datagrams("client")
            .says("println! and eprintln! panic when nobody reads: use common::log!")
            .send(b"still there?")
            .expect(b"still there?");
    }
}
