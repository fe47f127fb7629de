//! At which of its addresses a UDP socket was asked.

use common::udp::{KNOWS_WHERE, Socket};
use std::fs;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// A socket at `bound`, which waits for a datagram for five seconds at most. `None`: not every machine
/// has IPv6.
fn bind(bound: &str) -> Option<UdpSocket> {
    let socket = UdpSocket::bind(bound).ok()?;
    socket.set_read_timeout(Some(Duration::from_secs(5))).expect("not zero");
    Some(socket)
}

/// Whether a socket at `bound` gets datagrams for `target`. An IPv6 socket gets none for an IPv4 address
/// where the system says so (ipv6(7)).
fn reaches(bound: &str, target: &str) -> bool {
    let is_for_both = bound.starts_with('[') && !target.contains(':');
    let only = fs::read_to_string("/proc/sys/net/ipv6/bindv6only").unwrap_or_default();
    !is_for_both || only.trim() != "1"
}

/// Asks a socket bound to `bound` at `target`; returns where the answer came from.
fn source_of_answer(bound: &str, target: &str) -> Option<IpAddr> {
    let socket = Socket::new(bind(bound)?).expect("IP_PKTINFO is there");
    let target = SocketAddr::new(target.parse().ok()?, socket.local_addr().port());
    let any = if target.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let client = bind(any).expect("a free port");
    client.send_to(b"hello", target).ok()?;

    let mut buffer = [0; 16];
    let asked = socket.receive(&mut buffer).expect("it was sent");
    assert_eq!((asked.len, asked.peer.port()), (5, port_of(&client)));
    socket.send_from(&buffer[..asked.len], asked.asked, asked.peer).expect("it can be sent");
    let (len, source) = client.recv_from(&mut buffer).expect("it was answered");
    assert_eq!(&buffer[..len], b"hello");
    Some(source.ip())
}

fn port_of(socket: &UdpSocket) -> u16 {
    socket.local_addr().expect("it is bound").port()
}

#[test]
fn an_answer_comes_from_the_address_that_was_asked() {
    for (bound, asked) in [
        ("127.0.0.1:0", "127.0.0.1"),
        ("0.0.0.0:0", "127.0.0.1"),
        ("0.0.0.0:0", "127.0.0.2"),
        ("[::]:0", "::1"),
        ("[::]:0", "127.0.0.2"),
    ] {
        // Not every machine has IPv6, and only Linux has all of 127.0.0.0/8.
        if !reaches(bound, asked) || (!KNOWS_WHERE && !bound.starts_with("127")) {
            continue;
        }
        if let Some(source) = source_of_answer(bound, asked) {
            assert_eq!(source, asked.parse::<IpAddr>().expect("an address"), "{bound}");
        }
    }
}

#[test]
fn an_empty_datagram_is_one_too() {
    for bound in ["127.0.0.1:0", "0.0.0.0:0"] {
        let socket = bind(bound).expect("a free port");
        let target = SocketAddr::from((Ipv4Addr::LOCALHOST, port_of(&socket)));
        let socket = Socket::new(socket).expect("IP_PKTINFO is there");
        let client = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        client.send_to(b"", target).expect("loopback takes it");
        let received = socket.receive(&mut [0; 16]).expect("it was sent");
        assert_eq!((received.len, received.peer.port()), (0, port_of(&client)));
    }
}

#[test]
fn header_fields_come_with_each_datagram_when_asked_for() {
    for (bound, target) in
        [("127.0.0.1:0", "127.0.0.1"), ("[::]:0", "127.0.0.1"), ("[::1]:0", "::1")]
    {
        let Some(socket) = bind(bound).filter(|_| reaches(bound, target)) else { continue };
        let target = SocketAddr::new(target.parse().expect("an address"), port_of(&socket));
        let socket = Socket::new(socket).and_then(Socket::with_header_fields);
        let socket = socket.expect("the kernel tells them");
        let client = UdpSocket::bind(if target.is_ipv4() { "127.0.0.1:0" } else { "[::1]:0" });
        let client = client.expect("a free port");
        if target.is_ipv4() {
            client.set_ttl(17).expect("a socket has a time to live");
        }
        client.send_to(b"hello", target).expect("loopback takes it");
        let received = socket.receive(&mut [0; 16]).expect("it was sent");
        assert_eq!((received.len, received.peer.port()), (5, port_of(&client)));
        if cfg!(target_os = "linux") {
            let ttl = if target.is_ipv4() { 17 } else { 64 };
            assert_eq!((received.ttl, received.tos), (Some(ttl), Some(0)), "{bound}");
        }
    }
}
