//! Step goodbye: an end of the stream that an attacker cannot forge.

use std::time::Duration;
use testkit::{Deadline, Peer, Process, ScriptedServer, Subject, poll_until, subject};
use testkit_tls::{TestCa, Tls};

const CUT: &str = "the connection was cut before the server sent close_notify";

const CLOSE_WITH_THE_CLIENT: &str = "In `part`, call `send_close_notify`, and `flush`, after the last answer. A queued alert is not sent yet.";

const END_AFTER_TOO_LONG: (&str, &str) = (
    "end-after-a-line-too-long",
    "In `echo_lines`, return after `ERROR line too long`. Nothing shows where the next line begins.",
);

const READ_UNTIL_CLOSE_NOTIFY: &str = "In `part`, read until close_notify or an error (`io::copy`). One read may return bytes, and an attacker can cut the connection after them.";

/// A byte that was sent on this machine arrives in this time.
const ARRIVAL: Duration = Duration::from_millis(200);

const MEBIBYTE: usize = 1 << 20;

/// The lab's client, and a host that has just received its `hello`.
fn greeted(lab: &Subject, test_ca: &TestCa) -> (Process, ScriptedServer, Peer) {
    let mut host = lab.scripted_server("host");
    let (address, ca) = (host.address(), test_ca.file("ca.pem"));
    let client = lab.run(["send", "--connect", &address, "--ca", &ca, "hello"]);
    let mut peer = host.accept();
    peer.start_tls(&Tls::server(&test_ca.server(), None)).expect(b"hello\n");
    (client, host, peer)
}

#[test]
fn the_server_says_goodbye() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client()).send(b"hello\n").expect(b"Echo: hello\n");
    peer.says(
        "send-close-notify",
        "In `say_goodbye`, call `send_close_notify` and `flush` before `lingering`, which sends FIN. FIN is not encrypted, so an attacker can send one.",
    )
    .says_if_more(
        "no-answer-to-the-end",
        "In `echo_lines`, return at `Line::End`, and write nothing. It is the client's close_notify, and no line.",
    )
    .half_close()
    .expect_end()
    .expect_fin();
    let mut half = server.connect("half");
    half.start_tls(&test_ca.client());
    half.says(
        "drop-an-unfinished-line",
        "In `echo_lines`, answer only lines with a newline. At the end, `line::read` returns `Line::End` and drops the unfinished line.",
    )
    .send(b"half a li")
    .half_close()
    .expect_end();
}

#[test]
fn the_last_words_arrive_although_more_was_sent() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client());
    peer.says("drain-before-closing", "In `say_goodbye`, call `common::close::lingering`. Closing a socket with unread input sends RST, which destroys bytes that were just sent.")
        .says_if_more(END_AFTER_TOO_LONG.0, END_AFTER_TOO_LONG.1)
        .send(&[b'x'; 300_000])
        .expect(b"ERROR line too long\n");
    // The server waits for this client's FIN now.
    server.wait_until_idle();
    server.check(
        poll_until(Deadline::after(ARRIVAL), || peer.has_received()),
        "The server waits until the client closes, and has sent no close_notify.",
        "close-notify-before-the-wait",
        "In `say_goodbye`, call `send_close_notify` and `flush` before you read the client's rest. The client waits for the end, too.",
    );
    peer.expect_end().expect_fin();
    let mut deaf = server.connect_non_reading("deaf");
    deaf.start_tls(&test_ca.client());
    let line = [[b'x'; 1000].as_slice(), b"\n"].concat();
    // The answers fit into the server's send buffer, and not into this client's receive buffer. So
    // the server ends the conversation while most of them are unsent, and much input is unread.
    deaf.send(&[line.repeat(30), vec![b'y'; 60_000]].concat());
    server.wait_until_idle();
    deaf.says("close-the-sending-side-only", "In `say_goodbye`, call `common::close::lingering`. It shuts down `Write` only, and then reads what the client still sends. A close with unread input sends RST.")
        .says_if_more(END_AFTER_TOO_LONG.0, END_AFTER_TOO_LONG.1)
        .expect(&[[b"Echo: ".as_slice(), &line].concat().repeat(30), b"ERROR line too long\n".to_vec()].concat())
        .expect_end()
        .expect_fin();
}

#[test]
fn a_client_that_is_cut_or_resets_is_logged_once() {
    let test_ca = TestCa::new();
    let mut server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut polite = server.connect("polite");
    polite.start_tls(&test_ca.client()).half_close().expect_end();
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client()).send(b"hello\n").expect(b"Echo: hello\n").truncate();
    server
        .says(
            "an-end-without-close-notify-is-an-error",
            "In `echo_lines`, return the error `UnexpectedEof` of `line::read`. FIN without close_notify may come from an attacker, and `session.rs` logs it.",
        )
        .expect_log(&peer.local_addr().to_string());
    // Lines arrive in order.
    server.check(
        !server.stderr().contains(&format!("{}:", polite.local_addr())),
        "A client ended with close_notify, and the server logged an error.",
        "close-notify-is-no-error",
        "In `echo_lines`, return `Ok(())` for `Line::End`. `line::read` returns it after close_notify only. After FIN alone it returns `UnexpectedEof`.",
    );
    let mut rude = server.connect("rude");
    let address = rude.local_addr().to_string();
    rude.start_tls(&test_ca.client()).send(b"hello\n").expect(b"Echo: hello\n");
    rude.reset();
    server.expect_log(&address);
    server.wait_until_idle();
    // Lines arrive in order. So each line about `rude` is here when the one about `plain` is.
    let mut plain = server.connect("plain");
    plain.send(b"GET / HTTP/1.0\r\n\r\n");
    server.expect_log(&plain.local_addr().to_string());
    server.check(
        server.stderr().matches(&address).count() == 1,
        "A client reset its connection, and the server logged that more than once.",
        "already-closed-is-no-error",
        "In `say_goodbye`, return `Ok` for `BrokenPipe` and `ConnectionReset`. `echo_lines` has returned the error of this client already.",
    );
}

#[test]
fn each_connection_is_given_back() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder(), "--handshake-timeout", "600"]);
    server.connect("first").start_tls(&test_ca.client()).half_close().expect_end();
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    for _ in 0..2 {
        server.connect("polite").start_tls(&test_ca.client()).half_close().expect_end();
        server.connect("cut").start_tls(&test_ca.client()).truncate().expect_gone();
        server.connect("plain").send(b"GET / HTTP/1.0\r\n\r\n").half_close().rest();
        server.connect("early").half_close().expect_gone();
    }
    server.expect_given_back(
        &before,
        "8 clients came and left",
        "keep-no-handle-of-a-stream",
        "Keep no clone of a stream, also when `handshake` fails. A socket is closed when its last handle is dropped.",
    );
}

#[test]
fn a_cut_after_the_answer_is_an_error_too() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, _host, mut peer) = greeted(&lab, &test_ca);
    peer.send(b"Echo: hello\n").truncate();
    client
        .says(
            "insist-on-close-notify",
            "In `part`, give the error of reading to the end to `explain`, and return it. Only close_notify proves that the answer is complete.",
        )
        .expect_line("Received: Echo: hello")
        .expect_error(&[CUT]);
}

#[test]
fn the_client_says_goodbye_and_waits_for_the_servers() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, _host, mut peer) = greeted(&lab, &test_ca);
    peer.send(b"Echo: hello\n");
    peer.says("close-with-the-client", CLOSE_WITH_THE_CLIENT).expect_end();
    client.says(
        "wait-for-the-servers-close-notify",
        "In `part`, read to the end and discard the bytes. The conversation is over when the server has sent close_notify, too.",
    );
    peer.send(b"and one more thing\n").half_close();
    client.expect_line("Received: Echo: hello").expect_exit(0);
}

#[test]
fn any_number_of_bytes_before_close_notify_is_discarded() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, _host, mut peer) = greeted(&lab, &test_ca);
    peer.send(b"Echo: hello\n").wait_until_read();
    client.says("read-until-close-notify", READ_UNTIL_CLOSE_NOTIFY).wait_until_idle();
    // One read returns these bytes.
    peer.says("read-until-close-notify", READ_UNTIL_CLOSE_NOTIFY)
        .send(b"and one more thing\n")
        .wait_until_read();
    client.wait_until_idle();
    let before = client.resources();
    peer.send(&vec![b'x'; MEBIBYTE + 50_000]).wait_until_read();
    client.wait_until_idle();
    let grown =
        client.resources().zip(before).map(|(now, old)| now.memory.saturating_sub(old.memory));
    client.check(
        grown.is_none_or(|grown| grown < MEBIBYTE * 3 / 4),
        "The server sent 1 MiB before its close_notify, and the client keeps it in memory.",
        "keep-no-byte-of-the-rest",
        "In `part`, discard bytes while you read (`io::copy` to `io::sink()`). A `Vec` of them grows as long as the server sends.",
    );
    peer.truncate();
    client.expect_line("Received: Echo: hello").expect_error(&[CUT]);
}

#[test]
fn a_reset_instead_of_close_notify_is_an_error() {
    let (lab, test_ca) = (subject!("05"), TestCa::new());
    let (mut client, _host, mut peer) = greeted(&lab, &test_ca);
    peer.send(b"Echo: hello\n");
    peer.says("close-with-the-client", CLOSE_WITH_THE_CLIENT).expect_end();
    peer.reset();
    client
        .says(
            "a-reset-is-no-end",
            "In `part`, return every error of reading to the end, also a reset. Only close_notify proves that the answer is complete.",
        )
        .expect_line("Received: Echo: hello")
        .expect_error(&["connection reset by peer"]);
}
