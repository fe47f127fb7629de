//! Step server: the handshake, under a deadline, and an echo.

use testkit::{subject, test_time, test_time_arg};
use testkit_tls::{Identity, TestCa};

/// The content type of an alert, the first byte of its record (RFC 8446, section 5.1).
const ALERT: u8 = 21;

#[test]
fn lines_come_back() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client());
    peer.says("line-answered-echo-line", "each line is answered by `Echo: `, the line, and \\n; through the TLS stream, never to the TcpStream in it")
        .send(b"hello\n")
        .expect(b"Echo: hello\n");
    peer.says("line-end-r-empty", "a line may end in \\r\\n, be empty, and hold any bytes: read bytes, not text (common::line::read)")
        .send(b"with a carriage return\r\n\n\xff\x00\n")
        .expect(b"Echo: with a carriage return\nEcho: \nEcho: \xff\x00\n");
}

#[test]
fn a_line_in_many_records_is_one_line() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client());
    peer.says(
        "tls-record-message-either",
        "a TLS record is no message either: read until the newline",
    )
    .send_byte_by_byte(b"hello\n")
    .expect(b"Echo: hello\n");
}

#[test]
fn a_plaintext_client_is_told_and_logged() {
    let test_ca = TestCa::new();
    let mut server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut plain = server.connect("plain");
    let answer = plain.send(b"GET / HTTP/1.0\r\n\r\n").half_close().rest();
    server.check(
        answer.first() == Some(&ALERT),
        "The server did not answer a plaintext client with an alert.",
        "complete-io-sends-alert",
        "complete_io sends the alert, if you let it see what came",
    );
    server
        .says("handshake-done-handshake-first", "the handshake is done in `handshake`, not at the first read; when it fails, return the error: it is logged for you")
        .expect_log(&format!("{}: refused: ", plain.local_addr()));
    server.connect("next").start_tls(&test_ca.client()).send(b"hi\n").expect(b"Echo: hi\n");
}

#[test]
fn a_silent_client_is_sent_away() {
    let test_ca = TestCa::new();
    let limit = test_time_arg(0.3);
    let server =
        subject!("05").serve(["--certs", &test_ca.folder(), "--handshake-timeout", &limit]);
    server
        .connect("silent")
        .says("client-never-begins-handshake", "a client that never begins its handshake holds a thread and a socket: give it a deadline")
        .expect_end();
}

#[test]
fn a_silent_client_delays_nobody() {
    let test_ca = TestCa::new();
    // Longer than this test may take: the silent ones are there all the time.
    let server = subject!("05").serve(["--certs", &test_ca.folder(), "--handshake-timeout", "600"]);
    let _silent = server.connect("silent");
    let mut half = server.connect("half");
    half.send(&test_ca.client().first_bytes()[..100]);
    server.wait_until_idle();
    let mut good = server.connect("good");
    good.says("client-served-thread-handshake", "each client is served in a thread of its own: in its handshake, hold nothing that others need")
        .start_tls(&test_ca.client())
        .send(b"hello\n")
        .expect(b"Echo: hello\n");
}

#[test]
fn a_handshake_that_dribbles_ends_at_the_deadline() {
    let test_ca = TestCa::new();
    let limit = test_time(0.3);
    let server = subject!("05").serve([
        "--certs",
        &test_ca.folder(),
        "--handshake-timeout",
        &limit.as_secs_f64().to_string(),
    ]);
    let mut slow = server.connect("slow");
    let hello = test_ca.client().first_bytes();
    let sent = slow.send_slowly(&hello[..40], limit / 5);
    server.check(
        sent < 40,
        &format!(
            "A client that sent a byte every {:?} was waited for, and its {limit:?} were long over.",
            limit / 5
        ),
        "socket-timeout-begins-anew", "a socket's timeout begins anew with each read: use common::deadline::Until",
    );
}

#[test]
fn after_the_handshake_a_client_may_take_its_time() {
    let test_ca = TestCa::new();
    // The client itself has no more time for its handshake.
    let limit = test_time(1.2);
    let server = subject!("05").serve([
        "--certs",
        &test_ca.folder(),
        "--handshake-timeout",
        &limit.as_secs_f64().to_string(),
    ]);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client());
    peer.says(
        "deadline-handshakes-lift-done",
        "the deadline is the handshake's: lift it when that is done",
    )
    .expect_nothing_for(limit * 11 / 10)
    .send(b"hello\n")
    .expect(b"Echo: hello\n");
}

#[test]
fn a_line_without_end_is_refused() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client());
    peer.says("1-024-bytes-line", "at most 1,024 bytes a line: encryption makes nobody polite")
        .send(&[[b'x'; 1024].as_slice(), b"\n"].concat())
        .expect(&[b"Echo: ".as_slice(), &[b'x'; 1024], b"\n"].concat())
        .send(&[b'x'; 1025])
        .expect(b"ERROR line too long\n");
}

#[test]
fn files_that_are_of_no_use_are_an_error() {
    let lab = subject!("05");
    let test_ca = TestCa::new();
    let key = test_ca.client_identity("eve").key;
    test_ca.write("server", &Identity { key, ..test_ca.server() });
    lab.try_serve_as("serve", "127.0.0.1:0", ["--certs", &test_ca.folder()])
        .says(
            "files-wrong-return-fileerror",
            "files can be wrong: return a FileError that names the file",
        )
        .expect_error(&["server.pem is of no use"]);
}
