//! Step echo: the server answers each datagram with one datagram.

mod errors;

use socket2::{Domain, Socket, Type};
use std::net::{SocketAddr, UdpSocket};
use testkit::{Server, UdpPeer, loopback_carries, subject};

/// Most bytes that a datagram over IPv4 carries.
const LARGEST: usize = 65_507;

const TOO_LARGE: &[u8] = b"ERROR too large";

const ZERO_BYTES: (&str, &str) = (
    "zero-bytes-are-a-datagram",
    "In `serve`, answer a datagram of 0 bytes like any other. UDP has no end of a stream.",
);

const ONE_DATAGRAM_ONE_ANSWER: (&str, &str) = (
    "one-datagram-one-answer",
    "In `serve`, answer each datagram by itself. One receive returns one datagram, even if several wait in the queue.",
);

const BIND_THE_GIVEN_ADDRESS: (&str, &str) = (
    "bind-the-given-address",
    "In `bind`, pass the given address to `UdpSocket::bind`. It makes a socket of the address's family, IPv4 or IPv6.",
);

const THE_LARGEST_FITS: (&str, &str) = (
    "the-largest-datagram-fits",
    "In `serve`, receive into a buffer of BUFFER_LEN bytes. In `echo`, return TOO_LARGE only for more than MAX_DATAGRAM bytes.",
);

const RECEIVED_BYTES: &str = "In `serve`, pass `&buffer[..received.len]` to `answer`. After these bytes, the buffer holds zeros or bytes of earlier datagrams.";

#[test]
fn a_datagram_comes_back() {
    let server = subject!("03").serve([]);
    server
        .udp_peer("peer")
        .says(
            "echo-back-to-the-sender",
            "In `serve`, pass `&buffer[..received.len]` to `answer`, and send its bytes to `received.peer` through the same socket. Every byte comes back unchanged.",
        )
        .says_if_more("use-only-the-received-bytes", RECEIVED_BYTES)
        .send(b"hello")
        .expect(b"hello")
        .says(ONE_DATAGRAM_ONE_ANSWER.0, ONE_DATAGRAM_ONE_ANSWER.1)
        .says_if_silent(
            "one-datagram-is-not-the-last",
            "In `serve`, go back to `receive` after each answer. Only Ctrl-C or an error of the socket ends the loop.",
        )
        .says_if_more("use-only-the-received-bytes", RECEIVED_BYTES)
        .send(b"and")
        .expect(b"and")
        .says(
            "echo-every-byte",
            "In `echo`, return every byte of the datagram, also white space and a newline at its end. A datagram is no line.",
        )
        .send(b" again\n")
        .expect(b" again\n");
}

#[test]
fn it_listens_on_ipv6_too() {
    let lab = subject!("03");
    if UdpSocket::bind("[::1]:0").is_err() {
        return lab.skip("this machine has no ::1");
    }
    let (id, think) = BIND_THE_GIVEN_ADDRESS;
    let server = lab.says(id, think).serve_as("serve", "[::1]:0", []);
    check_ip(&server, "::1");
    let mut peer = server.udp_peer("peer");
    peer.says(id, think).send(b"hello").expect(b"hello");
    if loopback_carries(LARGEST) {
        exceed_ipv4(&mut peer);
    }
}

/// Sends datagrams that fit into an answer over IPv6, and not over IPv4.
fn exceed_ipv4(peer: &mut UdpPeer) {
    peer.says(
        "ipv6-carries-20-bytes-more",
        "In `serve`, receive into BUFFER_LEN bytes, and in `echo`, check the length. Over IPv6 a datagram can have 20 bytes more.",
    )
    .send(&[b'x'; LARGEST])
    .expect(&[b'x'; LARGEST])
    .send(&[b'x'; LARGEST + 1])
    .expect(TOO_LARGE)
    .send(&[b'x'; LARGEST + 20])
    .expect(TOO_LARGE);
}

/// Checks that `server`, which was told to listen on `ip`, says that it does.
fn check_ip(server: &Server, ip: &str) {
    let (id, think) = BIND_THE_GIVEN_ADDRESS;
    let address = server.address();
    server.check(
        address.ip().to_string() == ip,
        &format!("The server was told to listen on {ip}, and listens on {address}."),
        id,
        think,
    );
}

#[test]
fn a_taken_address_is_a_one_line_error() {
    let lab = subject!("03");
    // Two sockets share a port only if both have set SO_REUSEADDR.
    let first = Socket::new(Domain::IPV4, Type::DGRAM, None).expect("a socket");
    first.set_reuse_address(true).expect("every socket can share its port");
    first.bind(&SocketAddr::from(([127, 0, 0, 1], 0)).into()).expect("a free port");
    let first = UdpSocket::from(first);
    let address = first.local_addr().expect("bound").to_string();
    lab.try_serve_as("serve", &address, [])
        .says("no-reuse-address-for-udp", "In `bind`, do not set SO_REUSEADDR, and return the error of bind(2). With this option two servers would share the port and its datagrams.")
        .expect_error(&["cannot listen on", &address, "address already in use"]);
}

#[test]
fn empty_datagrams_and_bytes_that_are_no_text_come_back() {
    let bytes: Vec<u8> = (0..=255).collect();
    let server = subject!("03").serve([]);
    server
        .udp_peer("peer")
        .says(ZERO_BYTES.0, ZERO_BYTES.1)
        .send(b"")
        .expect(b"")
        .send(b"still there?")
        .expect(b"still there?")
        .says(
            "datagrams-are-bytes",
            "In `echo`, work with bytes and not with `str`. A datagram may hold bytes that are not UTF-8.",
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
    peer.says("receive-into-a-large-buffer", "In `serve`, receive into a buffer of BUFFER_LEN bytes. The kernel drops the rest of a longer datagram, without an error.");
    let datagram = |size| (0..size).map(|index| b'a' + (index % 23) as u8).collect::<Vec<u8>>();
    for size in [1, 511, 1023, 1024, 1025, 1472, 1473, 8193] {
        let sent = datagram(size);
        peer.send(&sent);
        if peer.receive() != sent {
            server.wait_until_idle();
            check_in_one_piece(&mut peer, size);
            // The same once more, for a failure that shows where they differ.
            peer.send(&sent).expect(&sent);
        }
    }
    peer.says(THE_LARGEST_FITS.0, THE_LARGEST_FITS.1)
        .send(&datagram(LARGEST))
        .expect(&datagram(LARGEST));
    // The buffer still holds bytes of the long datagrams.
    peer.says("use-only-the-received-bytes", RECEIVED_BYTES).send(b"short").expect(b"short");
}

/// Checks that nothing came after the first datagram of a wrong answer.
fn check_in_one_piece(peer: &mut UdpPeer, size: usize) {
    let pieces = 1 + std::iter::from_fn(|| peer.look()).count();
    peer.check(
        pieces == 1,
        &format!("The server answered one datagram of {size} bytes with {pieces} datagrams."),
        "send-the-answer-whole",
        "In `serve`, send each answer whole, by one call of `send_from`. Each call makes a datagram, and no receiver joins several.",
    );
}

#[test]
fn each_datagram_gets_an_answer_of_its_own() {
    let mut server = subject!("03").serve([]);
    let mut peer = server.udp_peer("peer");
    peer.says(ONE_DATAGRAM_ONE_ANSWER.0, ONE_DATAGRAM_ONE_ANSWER.1)
        .says_if_silent(ZERO_BYTES.0, ZERO_BYTES.1);
    let frozen = server.pause();
    // All three wait in the server's receive queue, each by itself.
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
    let think = "In `serve`, answer the `peer` of this datagram. One socket receives the datagrams of all clients.";
    first.says("answer-the-sender", think);
    second.says("answer-the-sender", think);
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
fn the_prefix_comes_first_in_a_datagram_that_must_fit() {
    let server = subject!("03").serve(["--prefix", "Grüße: "]);
    let mut peer = server.udp_peer("peer");
    peer.says(
        "prefix-in-the-same-datagram",
        "In `echo`, put the prefix first and then the datagram into one `Vec`. Each send makes one datagram.",
    )
    .send(b"hello")
    .expect("Grüße: hello".as_bytes())
    .says_if_silent(ZERO_BYTES.0, ZERO_BYTES.1)
    .send(b"")
    .expect("Grüße: ".as_bytes());
    peer.expect_silence();
    peer.says(
        "bytes-follow-the-prefix",
        "In `echo`, use `prefix.as_bytes()`, and make no text of the datagram. `from_utf8_lossy` replaces every byte that is not UTF-8.",
    )
    .send(b"hello\xff")
    .expect(&["Grüße: hello".as_bytes(), b"\xff"].concat());
    if loopback_carries(LARGEST) {
        exceed_a_datagram(&mut peer, "Grüße: ");
    }
}

/// Sends datagrams that fit, and others that do not fit together with `prefix`.
fn exceed_a_datagram(peer: &mut UdpPeer, prefix: &str) {
    let fits = vec![b'x'; LARGEST - prefix.len()];
    peer.says(THE_LARGEST_FITS.0, THE_LARGEST_FITS.1)
        .send(&fits)
        .expect(&[prefix.as_bytes(), &fits].concat());
    peer.says(
        "count-before-you-send",
        "In `echo`, return TOO_LARGE if prefix and datagram have more than MAX_DATAGRAM bytes. The kernel refuses to send them (EMSGSIZE).",
    );
    peer.send(&[fits.as_slice(), b"x"].concat()).expect(TOO_LARGE);
    peer.send(&[b'x'; LARGEST]).expect(TOO_LARGE);
    peer.send(b"still there?").expect(format!("{prefix}still there?").as_bytes());
}

#[test]
fn the_answer_comes_from_the_address_that_was_asked() {
    let lab = subject!("03");
    if UdpSocket::bind("127.0.0.2:0").is_err() || !common::udp::KNOWS_WHERE {
        return lab.skip("this machine has only one loopback address, or hides which was asked");
    }
    let server = lab.serve_as("serve", "0.0.0.0:0", []);
    let think = "In `serve`, use `send_from` with `received.asked`. A socket at 0.0.0.0 has several addresses, and `send_to` lets the kernel choose one.";
    server
        .udp_peer("first")
        .says("answer-from-the-asked-address", think)
        .send(b"hello")
        .expect(b"hello");
    server
        .udp_peer("second")
        .with_target("127.0.0.2")
        .says("answer-from-the-asked-address", think)
        .send(b"hello")
        .expect(b"hello");
}

#[test]
fn who_asks_from_the_servers_own_port_gets_no_answer() {
    let lab = subject!("03");
    let mut server = lab.serve([]);
    // A server at 0.0.0.0 would have that port at every address.
    check_ip(&server, "127.0.0.1");
    // The same port at another address belongs to another server, or the address is forged.
    let twin = ([127, 0, 0, 2], server.address().port()).into();
    let Some(mut twin) = server.udp_peer_from("another server", twin) else {
        return lab.skip("this machine has only one loopback address");
    };
    let think = "In `serve`, send no answer to a peer with your own port number. Two servers that answer each other never stop.";
    let address = twin.address();
    twin.says("never-answer-a-server", think).send(b"hello");
    twin.expect_silence();
    server
        .says(
            "log-the-refused-peer",
            "In `serve`, log the address of a peer that gets no answer (`common::log!`).",
        )
        .expect_log(&address);
    server.wait_until_idle();
    server.check(
        !server.has_ended(),
        "The server has ended after a datagram from its own port.",
        "go-on-after-a-refused-peer",
        "In `serve`, go on (`continue`) after a peer that gets no answer. A `return` there lets any peer stop the server.",
    );
    // Only the port counts, because a client may have the server's IP address.
    server
        .udp_peer("client")
        .says("answer-all-other-ports", "In `serve`, compare the port only. A client at the same IP address has another port, and gets its answer.")
        .send(b"hello")
        .expect(b"hello");
}

#[test]
fn it_sleeps_until_a_datagram_or_ctrl_c_comes() {
    let mut server = subject!("03").serve([]);
    server.udp_peer("peer").send(b"hello").expect(b"hello");
    server.check(
        server.wait_until_idle(),
        "The server uses CPU time although no datagram comes.",
        "wait-in-receive",
        "In `serve`, wait in `socket.receive`. Without a timeout and without non-blocking mode, the thread sleeps in the kernel until a datagram arrives.",
    );
    if !server.interrupt() {
        return server.skip("this system has no signals");
    }
    server
        .says(
            "check-shutdown-after-receive",
            "In `serve`, check `shutdown.is_requested()` after each `receive`. After Ctrl-C, an empty datagram from our own program wakes it.",
        )
        .expect_stopped_at_once();
}
