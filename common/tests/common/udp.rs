//! At which of its addresses a UDP socket was asked.

use common::udp::{KNOWS_WHERE, Socket};
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::time::Duration;

/// Asks a socket bound to `bound` at `target`; returns where the answer came from.
fn source_of_answer(bound: &str, target: &str) -> Option<IpAddr> {
    let socket = Socket::new(UdpSocket::bind(bound).ok()?).expect("IP_PKTINFO is there");
    let target = SocketAddr::new(target.parse().ok()?, socket.local_addr().port());
    let client = UdpSocket::bind(if target.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" })
        .expect("a free port");
    client.set_read_timeout(Some(Duration::from_secs(5))).expect("not zero");
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
        if !KNOWS_WHERE && !bound.starts_with("127") {
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
        let socket = UdpSocket::bind(bound).expect("a free port");
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
        // Not every machine has IPv6.
        let Ok(socket) = UdpSocket::bind(bound) else { continue };
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
