//! Step server: the handshake with a deadline, and an echo.

use std::time::{Duration, Instant};
use testkit::{Peer, Subject, subject, test_time, test_time_arg};
use testkit_tls::{Identity, TestCa, Tls};

/// The content type of an alert, the first byte of its record (RFC 8446, section 5.1).
const ALERT: u8 = 21;

const ANSWER: (&str, &str) = (
    "answer-each-line",
    "In `echo_lines`, answer each line before you read the next one. Write `Echo: `, the line and \\n with one call.",
);

const THROUGH_TLS: (&str, &str) = (
    "answer-through-tls",
    "In `echo_lines`, write to `lines.get_mut()`, and return at `Line::End` only. The `TcpStream` inside it sends plain text.",
);

/// Extension supported_versions of a ServerHello that chooses TLS 1.3 (RFC 8446, section 4.2.1).
const CHOOSES_TLS_1_3: &[u8] = &[0, 43, 0, 2, 3, 4];

const NO_TIME_LEFT: &str = "In `handshake`, return `TimedOut` when no time is left (`Until` does it). After a loop of your own, check `is_handshaking`. Return `Ok` only after a complete handshake.";

#[test]
fn lines_come_back() {
    let test_ca = TestCa::new();
    let lab = subject!("05");
    lab.says(
        "complete-the-handshake",
        "In `server_config`, give server.pem and server.key to `with_single_cert`. In `handshake`, call `complete_io`, which reads and writes until both sides have finished.",
    );
    let server = lab.serve(["--certs", &test_ca.folder()]);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client());
    peer.says(ANSWER.0, ANSWER.1)
        .says_if_closed(THROUGH_TLS.0, THROUGH_TLS.1)
        .send(b"hello\n")
        .expect(b"Echo: hello\n");
    // Each byte is a record.
    peer.says(
        "read-until-the-newline",
        "In `echo_lines`, read until the newline. TLS is a stream, so a TLS record is not a message.",
    )
    .send_byte_by_byte(b"hello\n")
    .expect(b"Echo: hello\n");
    peer.says("one-reader-for-all-lines", "In `echo_lines`, read all lines from `lines`. One read may bring several lines, and a new `BufReader` loses the rest.")
        .send(b"one\ntwo\nthree\n")
        .expect(b"Echo: one\nEcho: two\nEcho: three\n");
    peer.says("accept-crlf-and-any-bytes", "In `echo_lines`, use `common::line::read`. A line ends in \\n or \\r\\n, may be empty, and holds any bytes, not only UTF-8.")
        .send(b"with a carriage return\r\n\n\xff\x00\n")
        .expect(b"Echo: with a carriage return\nEcho: \nEcho: \xff\x00\n");
    peer.says("change-no-byte", "In `echo_lines`, change no byte of a line. Its ending is \\n, or one \\r and \\n. Spaces and other \\r belong to the line.")
        .send(b"  two words \t\ntwice\r\r\none\rtwo\n")
        .expect(b"Echo:   two words \t\nEcho: twice\r\nEcho: one\rtwo\n");
}

#[test]
fn a_client_of_tls_1_2_is_served() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut peer = server.connect("old");
    peer.says(
        "serve-tls-1-2-too",
        "In `server_config`, call `ServerConfig::builder()`. It allows TLS 1.3 and 1.2, and this client speaks 1.2 only.",
    )
    .start_tls(&Tls::tls_1_2_client(test_ca.ca(), "localhost"));
    peer.says(ANSWER.0, ANSWER.1)
        .says_if_closed(THROUGH_TLS.0, THROUGH_TLS.1)
        .send(b"hello\n")
        .expect(b"Echo: hello\n");
    // This client speaks both, and leaves in the handshake.
    let mut both = server.connect("both");
    both.says(
        "an-end-ends-the-handshake",
        "In `handshake`, return `UnexpectedEof` when `read_tls` returns 0, as `complete_io` does. The client has closed its side, and sends nothing more.",
    );
    let both = both.send(&test_ca.client().first_bytes()).half_close().rest();
    server.check(
        both.windows(CHOOSES_TLS_1_3.len()).any(|part| part == CHOOSES_TLS_1_3),
        "A client offered TLS 1.3 and 1.2, and the server did not choose TLS 1.3.",
        "serve-tls-1-3-too",
        "In `server_config`, call `ServerConfig::builder()`. It allows TLS 1.3 and 1.2, and prefers 1.3.",
    );
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
        "let-complete-io-send-the-alert",
        "In `handshake`, call `complete_io`. It reads the client's bytes, and sends the alert if they are not TLS.",
    );
    server
        .says("return-the-handshake-error", "In `handshake`, call `complete_io`, and return its error. `session.rs` logs the error. `StreamOwned` alone does the handshake only at the first read.")
        .expect_log(&format!("{}: refused: ", plain.local_addr()));
    let mut next = server.connect("next");
    next.says("serve-the-next-client", "Return errors from `handshake` and `echo_lines`, and never end the program. A plaintext client must not affect the next client.")
        .start_tls(&test_ca.client())
        .send(b"hi\n")
        .expect(b"Echo: hi\n");
}

#[test]
fn a_silent_client_is_sent_away_and_leaves_nothing_behind() {
    let test_ca = TestCa::new();
    let limit = test_time_arg(0.3);
    let server =
        subject!("05").serve(["--certs", &test_ca.folder(), "--handshake-timeout", &limit]);
    server
        .connect("first")
        .says("give-the-handshake-a-deadline", "In `handshake`, read through `Until::new(&stream, deadline)`, with the parameter and no deadline of your own. A silent client holds a thread and a socket.")
        .expect_end();
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    let mut silent: Vec<Peer> = (0..3).map(|_| server.connect("silent")).collect();
    for peer in &mut silent {
        peer.expect_end();
    }
    drop(silent);
    server.expect_given_back(
        &before,
        "3 silent clients were sent away",
        "keep-no-handle-of-a-stream",
        "Keep no clone of a stream, also when `handshake` fails. A socket is closed when its last handle is dropped.",
    );
}

#[test]
fn slow_clients_delay_no_other_and_go_on_after_a_pause() {
    let test_ca = TestCa::new();
    // Longer than this test may take, so the silent clients stay to the end.
    let mut server =
        subject!("05").serve(["--certs", &test_ca.folder(), "--handshake-timeout", "600"]);
    let mut silent = server.connect("silent");
    let mut half = server.connect("half");
    half.send(&test_ca.client().first_bytes()[..100]);
    server.wait_until_idle();
    let mut good = server.connect("good");
    good.says("hold-no-lock-in-the-handshake", "Check that `handshake` holds no lock. Each client has its own thread, but a lock lets one silent client stop all clients.")
        .start_tls(&test_ca.client())
        .send(b"hello\n")
        .expect(b"Echo: hello\n");
    // A client that does not read. Its answers have 160 KB, more than fits into the buffers.
    let mut deaf = server.connect_non_reading("deaf");
    deaf.start_tls(&test_ca.client()).send(&[[b'x'; 1000].as_slice(), b"\n"].concat().repeat(160));
    server.wait_until_idle();
    let mut next = server.connect("next");
    next.says("hold-no-lock-while-writing", "Check that `echo_lines` holds no lock while it writes. A write blocks as long as the client does not read.")
        .start_tls(&test_ca.client());
    // TCP takes a while to find out that there is no more room, and the last bytes go one by one.
    for _ in 0..30 {
        next.send(b"hello\n").expect(b"Echo: hello\n");
    }
    // The server waits in the first read from `silent`. Linux interrupts such a read, because it has
    // a timeout.
    if !(server.pause() && server.resume()) {
        return server.skip("this system has no signals");
    }
    silent.says("retry-interrupted-reads", "In `handshake`, repeat a read that fails with `ErrorKind::Interrupted`, as `complete_io` does. A signal (Ctrl-Z, fg) ends a read early.")
        .start_tls(&test_ca.client())
        .send(b"hello\n")
        .expect(b"Echo: hello\n");
}

#[test]
fn a_handshake_that_dribbles_ends_at_the_deadline() {
    let test_ca = TestCa::new();
    let lab = subject!("05");
    let hello = &test_ca.client().first_bytes()[..16];
    let outcome = lab.undisturbed(|factor| {
        let timeout = 0.3 * factor;
        let arg = test_time_arg(timeout);
        let server = lab.serve(["--certs", &test_ca.folder(), "--handshake-timeout", &arg]);
        let start = Instant::now();
        server.connect("slow").is_cut_off(start, hello, test_time(timeout))
    });
    let Some(was_cut_off) = outcome else { return };
    lab.check(
        was_cut_off,
        "A client sent its ClientHello byte by byte, and the server waited longer than --handshake-timeout.",
        "one-deadline-for-the-handshake",
        "In `handshake`, give `complete_io` a `common::deadline::Until`. A socket's timeout starts again with each read.",
    );
}

#[test]
fn a_pause_longer_than_the_deadline_is_no_panic() {
    let lab = subject!("05");
    if !cfg!(unix) {
        return lab.skip("this system has no signals");
    }
    lab.undisturbed(|factor| pause_past_the_deadline(&lab, test_time(0.3 * factor)));
}

/// Stops the server in a handshake until its deadline has passed. `None` if it may have passed
/// before the server stopped.
fn pause_past_the_deadline(lab: &Subject, limit: Duration) -> Option<()> {
    let test_ca = TestCa::new();
    let mut server = lab.serve([
        "--certs",
        &test_ca.folder(),
        "--handshake-timeout",
        &limit.as_secs_f64().to_string(),
    ]);
    let begun = Instant::now();
    let mut late = server.connect("late");
    server.wait_until_idle();
    server.pause();
    if begun.elapsed() > limit / 2 {
        return None;
    }
    late.send(&test_ca.client().first_bytes()[..100]).expect_nothing_for(limit * 11 / 10);
    server.resume();
    late.says("no-time-left-is-a-timeout", NO_TIME_LEFT).expect_gone();
    server
        .says("no-time-left-is-a-timeout", NO_TIME_LEFT)
        .expect_log(&format!("{}: refused: ", late.local_addr()));
    Some(())
}

#[test]
fn after_the_handshake_a_client_may_take_its_time() {
    let lab = subject!("05");
    lab.undisturbed(|factor| idle_after_the_handshake(&lab, test_time(0.8 * factor)));
}

/// Sends nothing after the handshake until its deadline has passed. `None` if the handshake may have
/// taken as long.
fn idle_after_the_handshake(lab: &Subject, limit: Duration) -> Option<()> {
    let test_ca = TestCa::new();
    let time = limit.as_secs_f64().to_string();
    let server = lab.serve(["--certs", &test_ca.folder(), "--handshake-timeout", &time]);
    let begun = Instant::now();
    let mut peer = server.connect("peer");
    peer.offer_tls(&test_ca.client());
    // Now the server reads, and a timeout of that read runs.
    server.wait_until_idle();
    if begun.elapsed() >= limit {
        return None;
    }
    peer.says(
        "lift-the-deadline",
        "In `handshake`, call `until.lift()` after `complete_io`. The deadline is only for the handshake, and a client may be idle later.",
    )
    .expect_nothing_for(limit * 11 / 10);
    // A server whose timeout has expired closes the connection before it sleeps again.
    server.wait_until_idle();
    peer.send(b"hello\n").expect(b"Echo: hello\n");
    Some(())
}

#[test]
fn a_line_without_end_is_refused() {
    let test_ca = TestCa::new();
    let server = subject!("05").serve(["--certs", &test_ca.folder()]);
    let mut peer = server.connect("peer");
    peer.start_tls(&test_ca.client());
    peer.says("a-line-has-1024-bytes", "In `echo_lines`, accept 1,024 bytes and their ending. `common::line::read` counts the bytes without the ending.")
        .send(&[[b'x'; 1024].as_slice(), b"\n"].concat())
        .expect(&[b"Echo: ".as_slice(), &[b'x'; 1024], b"\n"].concat());
    peer.says("limit-the-line-while-it-grows", "In `echo_lines`, answer `Line::TooLong` of `common::line::read` immediately. An endless line has no newline to wait for, and would fill the memory.")
        .says_if_closed("answer-before-the-end", "In `echo_lines`, write `ERROR line too long` for `Line::TooLong`, and return after that. A line of 1,024 bytes is no reason to return.")
        .send(&[b'x'; 1025])
        .expect(b"ERROR line too long\n");
    let mut next = server.connect("next");
    next.start_tls(&test_ca.client());
    next.says(
        "the-limit-counts-bytes",
        "In `echo_lines`, count bytes, not characters. These 600 characters have 1,200 bytes.",
    )
    .send(format!("{}\n", "\u{e9}".repeat(600)).as_bytes())
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
            "report-a-foreign-key",
            "In `server_config`, map the error of `with_single_cert` to `FileError::Malformed` with the path of server.pem. This server.key belongs to another certificate.",
        )
        .expect_error(&["server.pem is of no use"]);
}
