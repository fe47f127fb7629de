//! Step echo: each datagram is answered by one.

use std::net::UdpSocket;
use testkit::{loopback_carries, subject};

/// Most bytes that a datagram over IPv4 carries.
const LARGEST: usize = 65_507;

const TOO_LARGE: &[u8] = b"ERROR too large";

#[test]
fn a_datagram_comes_back() {
    let server = subject!("03").serve([]);
    server
        .udp_peer("peer")
        .says(
            "receive-datagram-send-was",
            "receive a datagram, and send what was in it back to whoever sent it",
        )
        .send(b"hello")
        .expect(b"hello")
        .send(b"and again\n")
        .expect(b"and again\n");
}

#[test]
fn it_listens_on_ipv6_too() {
    let lab = subject!("03");
    if UdpSocket::bind("[::1]:0").is_err() {
        return lab.skip("this machine has no ::1");
    }
    let think = "bind to the address as it is given: IPv4 or IPv6";
    lab.says("bind-address-given-ipv4", think)
        .serve_as("serve", "[::1]:0", [])
        .udp_peer("peer")
        .says("bind-address-given-ipv4", think)
        .send(b"hello")
        .expect(b"hello");
}

#[test]
fn a_taken_address_is_a_one_line_error() {
    let lab = subject!("03");
    let first = lab.serve([]);
    let address = first.address().to_string();
    lab.try_serve_as("serve", &address, [])
        .says("bind-2-refuses-port", "bind(2) refuses a port that is taken; with SO_REUSEADDR two servers would share it, and each get a part of the datagrams")
        .expect_error(&["cannot listen on", &address, "address already in use"]);
}

#[test]
fn an_empty_datagram_is_one_too() {
    let server = subject!("03").serve([]);
    server
        .udp_peer("peer")
        .says(
            "tcp-0-bytes-end",
            "with TCP, 0 bytes are the end. UDP has no end: this is a datagram that is empty",
        )
        .send(b"")
        .expect(b"")
        .send(b"still there?")
        .expect(b"still there?");
}

#[test]
fn bytes_that_are_no_text_come_back() {
    let bytes: Vec<u8> = (0..=255).collect();
    let server = subject!("03").serve([]);
    server
        .udp_peer("peer")
        .says(
            "bytes-need-text-0xff",
            "bytes need not be text: one 0xFF must neither end the server nor come back as another",
        )
        .send(b"\xff")
        .expect(b"\xff")
        .send(&bytes)
        .expect(&bytes);
}

#[test]
fn any_size_comes_back_whole() {
    let lab = subject!("03");
    if !loopback_carries(LARGEST) {
        return lab.skip("this system sends no datagrams of 65,507 bytes");
    }
    let server = lab.serve([]);
    let mut peer = server.udp_peer("peer");
    peer.says("recv-cuts-fit-buffer", "recv_from cuts off what does not fit into the buffer, and says nothing: make it large enough for every datagram");
    for size in [1, 511, 1023, 1024, 1025, 1472, 1473, 8193, LARGEST] {
        let datagram: Vec<u8> = (0..size).map(|index| b'a' + (index % 23) as u8).collect();
        peer.send(&datagram).expect(&datagram);
    }
    // What the long ones have left in the buffer is nobody's answer.
    peer.says(
        "first-bytes-buffer-new",
        "only the first bytes of the buffer are new, as many as recv_from says",
    )
    .send(b"short")
    .expect(b"short");
}

#[test]
fn each_datagram_gets_an_answer_of_its_own() {
    let mut server = subject!("03").serve([]);
    let mut peer = server.udp_peer("peer");
    peer.says(
        "send-datagram-datagram-answer",
        "one send is one datagram, and one datagram is one answer: nothing is collected",
    );
    let frozen = server.pause();
    // They lie in the server's queue together; nobody glues them to each other there.
    peer.send(b"one").send(b"").send(b"three\n");
    if frozen {
        server.resume();
    }
    peer.expect(b"one").expect(b"").expect(b"three\n");
    peer.expect_silence();
}

#[test]
fn each_peer_gets_its_own_answers() {
    let mut server = subject!("03").serve([]);
    let (mut first, mut second) = (server.udp_peer("first"), server.udp_peer("second"));
    let think = "one socket hears everybody: answer the sender of this very datagram";
    first.says("socket-hears-answer-sender", think);
    second.says("socket-hears-answer-sender", think);
    let frozen = server.pause();
    first.send(b"from the first");
    second.send(b"from the second");
    if frozen {
        server.resume();
    }
    second.expect(b"from the second");
    first.expect(b"from the first").expect_silence();
    second.expect_silence();
}

#[test]
fn the_prefix_comes_first_in_the_same_datagram() {
    let server = subject!("03").serve(["--prefix", "Grüße: "]);
    let mut peer = server.udp_peer("peer");
    peer.says(
        "prefix-datagram-bytes-answer",
        "prefix and datagram are bytes, and one answer: put them together, and send once",
    )
    .send(b"hello\xff")
    .expect("Grüße: hello".as_bytes().iter().chain(b"\xff").copied().collect::<Vec<_>>().as_slice())
    .send(b"")
    .expect("Grüße: ".as_bytes());
    peer.expect_silence();
}

#[test]
fn what_would_not_fit_gets_an_error() {
    let lab = subject!("03");
    if !loopback_carries(LARGEST) {
        return lab.skip("this system sends no datagrams of 65,507 bytes");
    }
    let prefix = "Echo: ";
    let server = lab.serve(["--prefix", prefix]);
    let mut peer = server.udp_peer("peer");
    peer.says(
        "answer-65-507-bytes",
        "an answer of more than 65,507 bytes cannot be sent: count before you send",
    );
    let fits = vec![b'x'; LARGEST - prefix.len()];
    peer.send(&fits).expect(&[prefix.as_bytes(), &fits].concat());
    peer.send(&[fits.as_slice(), b"x"].concat()).expect(TOO_LARGE);
    peer.send(&[b'x'; LARGEST]).expect(TOO_LARGE);
    peer.send(b"still there?").expect(b"Echo: still there?");
}

#[test]
fn what_only_ipv6_can_carry_gets_an_error() {
    let lab = subject!("03");
    if UdpSocket::bind("[::1]:0").is_err() || !loopback_carries(LARGEST) {
        return lab.skip("this machine has no ::1, or sends no large datagrams");
    }
    let server = lab.serve_as("serve", "[::1]:0", []);
    server
        .udp_peer("peer")
        .says(
            "ipv6-leaves-20-bytes",
            "IPv6 leaves 20 bytes more for the payload: make room for them, and count",
        )
        .send(&[b'x'; LARGEST])
        .expect(&[b'x'; LARGEST])
        .send(&[b'x'; LARGEST + 1])
        .expect(TOO_LARGE)
        .send(&[b'x'; LARGEST + 20])
        .expect(TOO_LARGE);
}

#[test]
fn the_answer_comes_from_the_address_that_was_asked() {
    let lab = subject!("03");
    if UdpSocket::bind("127.0.0.2:0").is_err() || !common::udp::KNOWS_WHERE {
        return lab.skip("this machine has only one loopback address, or hides which was asked");
    }
    let server = lab.serve_as("serve", "0.0.0.0:0", []);
    let think = "bound to 0.0.0.0 you have many addresses: send_from the one where you were asked";
    server.udp_peer("first").says("bound-0-0-0", think).send(b"hello").expect(b"hello");
    server
        .udp_peer("second")
        .with_target("127.0.0.2")
        .says("bound-0-0-0", think)
        .send(b"hello")
        .expect(b"hello");
}

#[test]
fn who_asks_from_the_servers_own_port_gets_no_answer() {
    let lab = subject!("03");
    let mut server = lab.serve([]);
    // The same port at another address: another server, or somebody who wants us to think so.
    let twin = ([127, 0, 0, 2], server.address().port()).into();
    let Some(mut twin) = server.udp_peer_from("another server", twin) else {
        return lab.skip("this machine has only one loopback address");
    };
    let think = "two servers that answer each other never stop: whoever asks from your own port is one. Log it, and answer nothing";
    let address = twin.address();
    twin.says("servers-answer-never-stop", think).send(b"hello");
    twin.expect_silence();
    server
        .says(
            "runs-server-wants-know",
            "whoever runs the server wants to know that, and who it was",
        )
        .expect_log(&address);
    // Its port alone tells; the address may be anybody's.
    server
        .udp_peer("client")
        .says("server-port-suspicious", "only a server's port is suspicious")
        .send(b"hello")
        .expect(b"hello");
}

#[test]
fn a_server_that_waits_sleeps() {
    let server = subject!("03").serve([]);
    server.udp_peer("peer").send(b"hello").expect(b"hello");
    server.check(
        server.wait_until_idle(),
        "The server never sleeps: it burns CPU time while nobody asks.",
        "recv-waits-kernel-cost",
        "recv_from waits in the kernel, at no cost; do not ask in a loop",
    );
}

#[test]
fn ctrl_c_stops_it_at_once() {
    let mut server = subject!("03").serve([]);
    server.udp_peer("peer").send(b"hello").expect(b"hello");
    if !server.interrupt() {
        return server.skip("this system has no signals");
    }
    server
        .says(
            "empty-datagram-wakes-receive",
            "an empty datagram wakes you: when receive returns, ask shutdown.is_requested() first",
        )
        .expect_stopped_at_once();
}
