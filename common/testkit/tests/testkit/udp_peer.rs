//! Peers that talk UDP, the line between them that loses, and the group that they meet in.

use crate::support::{FOR_EVER, QUICK, apart, assert_says, failure, here, shell};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Duration;
use testkit::faults::{drop as lose, hold, twice};
use testkit::{ClosedUdpPort, Deadline, Server, poll_until};

/// A server that this process plays: `answer` says what comes back for each datagram.
fn play(answer: impl Fn(&[u8]) -> Vec<Vec<u8>> + Send + 'static) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let address = socket.local_addr().expect("bound");
    thread::spawn(move || {
        let mut buffer = [0; 1 << 16];
        while let Ok((len, peer)) = socket.recv_from(&mut buffer) {
            for answer in answer(&buffer[..len]) {
                socket.send_to(&answer, peer).expect("the peer is there");
            }
        }
    });
    address
}

/// The server, as the kit sees it: a script that says where we listen.
macro_rules! played {
    ($answer:expr) => {{
        let address = play($answer);
        shell!(&format!("echo listening on {address}; {FOR_EVER}")).serve([])
    }};
}

fn echo(datagram: &[u8]) -> Vec<Vec<u8>> {
    vec![datagram.to_vec()]
}

#[test]
fn a_datagram_that_has_arrived_is_seen_and_stays() {
    let server = played!(echo);
    let mut peer = server.udp_peer("peer");
    assert!(!peer.has_received());
    peer.send(b"hello");
    assert!(poll_until(Deadline::usual(), || peer.has_received()));
    peer.expect(b"hello");
    assert!(!peer.has_received());
}

/// Deadlines of 0.4 s, and a start of 2 s. While another program of the test starts, a datagram may
/// be read later.
#[test]
fn a_slow_program_may_read_a_datagram_late() {
    let told = apart!().with("LAB_DEADLINE_SCALE", "0.2").tell(|| {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let address = socket.local_addr().expect("bound");
        let serves = format!("echo listening on {address}; {FOR_EVER}");
        let lab = shell!(&format!("case $1 in serve) {serves};; esac; read go; echo started"));
        let server = lab.serve([]);
        let mut starting = lab.run(["later"]);
        let reader = thread::spawn(move || {
            thread::sleep(Duration::from_millis(800));
            socket.recv(&mut [0; 5])
        });
        server.udp_peer("peer").send(b"hello").wait_until_read();
        let read = reader.join().expect("reading does not panic");
        assert!(read.is_ok_and(|len| len == 5));
        starting.write_stdin(b"go\n").expect_line("started").expect_exit(0);
    });
    told.succeeds_with(&[]);
}

fn ask(server: &Server, request: &[u8], wanted: &[u8]) {
    server.udp_peer("peer").says("think", "think").send(request).expect(wanted);
}

#[test]
fn an_answer_is_compared_whole() {
    let server = played!(echo);
    ask(&server, b"hello", b"hello");
    ask(&server, b"", b"");
    let text = failure(|| ask(&server, b"hello", b"hello, world"));
    assert_says(
        &text,
        &["The server sent \"hello\" where \"hello, world\" was due.", "✗ wanted \"hello, world\""],
    );
    let text = failure(|| ask(&server, b"", b"hello"));
    assert_says(&text, &["The server sent an empty datagram where \"hello\"", "◀", "(empty)"]);
}

#[test]
fn bytes_are_shown_where_words_do_not_differ() {
    let server = played!(echo);
    let text = failure(|| {
        let mut peer = server.udp_peer("peer").shown_as(|_| "a message".to_owned());
        peer.send(b"hello").expect(b"jello");
    });
    assert_says(
        &text,
        &[
            "The server sent a message with other bytes than were due, the first of them at byte 0.",
            "\"hello\" where \"jello\" was due.",
            "✗ wanted \"jello\" there",
        ],
    );
}

#[test]
fn a_longer_answer_has_an_advice_of_its_own() {
    for (answer, advice) in [(&b"jello"[..], "all of it"), (b"hello\0", "the bytes received")] {
        let server = played!(|_| vec![answer.to_vec()]);
        let text = failure(|| {
            let mut peer = server.udp_peer("peer");
            peer.says("all", "all of it").says_if_more("only-received", "the bytes received");
            peer.send(b"hello").expect(b"hello");
        });
        assert_says(&text, &[&format!("Think about it: {advice}")]);
    }
}

#[test]
fn nothing_comes() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        let server = played!(|_| Vec::new());
        ask(&server, b"hello", b"hello");
    });
    told.fails_with(&[
        "The server sent nothing where \"hello\" was due.",
        "── \"hello\" ──",
        "✗ wanted \"hello\"",
        "Think about it: think",
    ]);
}

#[test]
fn silence_has_an_advice_of_its_own() {
    let told = apart!().with(QUICK.0, QUICK.1).tell(|| {
        ask_with_advice_for_silence(&played!(|_| Vec::new()));
    });
    told.fails_with(&["Think about it: the call"]);
}

#[test]
fn a_wrong_datagram_is_no_silence() {
    let server = played!(|_| vec![b"jello".to_vec()]);
    let text = failure(|| ask_with_advice_for_silence(&server));
    assert_says(&text, &["Think about it: the bytes"]);
}

fn ask_with_advice_for_silence(server: &Server) {
    let mut peer = server.udp_peer("peer");
    peer.says("send-the-bytes", "the bytes").says_if_silent("call-send", "the call");
    peer.send(b"hello").expect(b"hello");
}

#[test]
fn something_comes_where_silence_was_due() {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let address = socket.local_addr().expect("bound");
    let server = shell!(&format!("echo listening on {address}; {FOR_EVER}")).serve([]);
    let text = failure(|| {
        let mut peer = server.udp_peer("peer");
        socket.send_to(b"more", peer.local_addr()).expect("it is there");
        peer.expect_silence();
    });
    assert_says(&text, &["The server sent \"more\" where nothing was due.", "✗ wanted silence"]);
}

#[test]
fn an_answer_from_elsewhere_is_no_answer() {
    let elsewhere = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    let server = played!(echo);
    let text = failure(|| {
        let mut peer = server.udp_peer("peer");
        elsewhere.send_to(b"hello", peer.local_addr()).expect("it is there");
        peer.expect(b"hello");
    });
    assert_says(&text, &["The server was asked at 127.0.0.1:", "and sent from 127.0.0.1:"]);
}

#[test]
fn a_host_does_not_wait_for_a_client_that_has_ended() {
    let text = failure(|| {
        let lab = shell!("exit 0");
        let mut host = lab.udp_server("host");
        let _client = lab.run(["send"]);
        host.says("send-it", "send it").expect(b"hello");
    });
    assert_says(
        &text,
        &["The client sent nothing where \"hello\" was due.", "Think about it: send it"],
    );
}

#[test]
fn a_bad_line_does_what_is_written() {
    let server = played!(echo);
    let mut peer = server.udp_peer("peer");
    let exchanges = ["one", "two", "three"].map(|text| (text.into(), text.into()));
    let same = |request: &[u8], answer: &[u8]| request == answer;
    peer.expect_over(&[lose(0), lose(2), twice(4), hold(5).until(7)], &exchanges, same);

    let wrong: [(Vec<u8>, Vec<u8>); 1] = [(b"one".into(), b"two".into())];
    let text = failure(|| {
        peer.start_scenario("a story").expect_over(&[lose(0), twice(1)], &wrong, same);
    });
    assert_says(
        &text,
        &[
            "The answer was \"one\" where \"two\" was due.",
            "a story",
            "the line: drop(0), twice(1)",
            "── #0, lost: \"one\" ──",
            "── #1, twice: \"one\" ──",
            "#2: \"one\" ──",
            "✗ wanted \"two\"",
        ],
    );
}

#[test]
fn a_scenario_keeps_the_rows_before_the_first_one() {
    let server = played!(echo);
    let mut peer = server.udp_peer("peer");
    peer.send(b"hello").expect(b"hello");
    peer.start_scenario("the first").send(b"one").expect(b"one");
    let text = failure(|| {
        peer.start_scenario("the second").send(b"two").expect(b"three");
    });
    let rows = ["listening on", "── \"hello\" ──", "the second ·", "── \"two\" ──", "✗ wanted"];
    assert_says(&text, &rows);
    assert!(!text.contains("the first") && !text.contains("\"one\""), "{text}");
}

#[test]
fn answers_that_belong_to_nothing_are_told() {
    let server = played!(|_| vec![b"whatever".to_vec()]);
    let exchanges: [(Vec<u8>, Vec<u8>); 1] = [(b"one".into(), b"one".into())];
    let text = failure(|| {
        server.udp_peer("peer").expect_over(&[lose(0)], &exchanges, |_, _| false);
    });
    assert_says(&text, &["No answer that came belongs to the request; \"one\" was due."]);
}

#[test]
fn a_relay_stands_between_client_and_server() {
    let server = played!(echo);
    let relay = server.relay([lose(0), twice(1)]);
    let client = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    client.connect(relay.address()).expect("loopback can be reached");
    let mut buffer = [0; 16];
    for request in [b"lost".as_slice(), b"twice"] {
        client.send(request).expect("the relay is there");
    }
    for _ in 0..2 {
        let len = client.recv(&mut buffer).expect("it is delivered twice, and answered twice");
        assert_eq!(&buffer[..len], b"twice");
    }
    assert_eq!(relay.packets(), 4);
}

#[test]
fn a_relay_does_not_count_a_request_that_the_server_still_has() {
    let server = played!(|request| match request {
        b"slow" => vec![],
        _ => vec![request.to_vec()],
    });
    // Packet 0 is "slow", 1 is "next", 2 its answer, and so on.
    let relay = server.relay([lose(2)]);
    let client = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    client.connect(relay.address()).expect("loopback can be reached");
    for request in [b"slow", b"slow", b"slow", b"next"] {
        client.send(request).expect("the relay is there");
    }
    assert!(poll_until(Deadline::usual(), || relay.packets() == 3));
    // The answer is lost, so this is no copy of a request that the server still has.
    client.send(b"next").expect("the relay is there");
    client.recv(&mut [0; 16]).expect("the second answer is delivered");
    assert_eq!(relay.packets(), 5);
}

#[test]
fn a_closed_port_refuses_until_it_is_opened() {
    let port = ClosedUdpPort::new();
    let client = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    client.connect(port.address()).expect("loopback can be reached");
    client.send(b"hello").expect("a datagram can always be sent");
    let refused = client.recv(&mut [0; 16]).expect_err("nobody listens").kind();
    assert_eq!(refused, std::io::ErrorKind::ConnectionRefused);

    let lab = shell!("exit 0");
    let mut host = lab.udp_server_at(port, "host");
    client.send(b"hello").expect("a datagram can always be sent");
    host.expect(b"hello").send(b"welcome");
    assert_eq!(client.recv(&mut [0; 16]).expect("the port is open"), 7);
}

#[test]
fn members_of_a_group_hear_the_caller_and_nobody_else_does() {
    let lab = shell!("exit 0");
    let Some(group) = lab.multicast_group("239.255.70.42") else {
        eprintln!("loopback does not carry what is sent to groups here");
        return;
    };
    let (mut first, mut second) = (group.member("first"), group.member("second"));
    let mut caller = group.sender("caller");
    caller.send(b"who?");
    first.expect(b"who?").send(b"me");
    second.expect(b"who?");
    caller.expect(b"me");
    assert_eq!(caller.last_sender().to_string(), first.address());
}
