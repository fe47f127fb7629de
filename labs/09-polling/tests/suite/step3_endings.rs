//! Step endings: five ways to leave.

use super::clients::{ask, expect_idle, letters};
use std::time::{Duration, Instant};
use testkit::{Deadline, Peer, Server, poll_until, subject};

/// How long a server may take after Ctrl-C.
const GRACE: Duration = Duration::from_secs(2);

/// How long a server reads on after its FIN.
const GOODBYE: Duration = Duration::from_secs(1);

const OWED: (&str, &str) = (
    "send-what-is-owed-after-fin",
    "In `finish`, wait until the output is empty before FIN. FIN means that the client sends nothing more, not that it is gone.",
);

const LINGER: (&str, &str) = (
    "read-on-after-our-fin",
    "In `finish`, shut down writing and go to `Goodbye`. Closing with unread bytes sends RST, which destroys the last words.",
);

const IN_THE_LOOP: (&str, &str) = (
    "goodbye-is-a-state",
    "In `discard`, return `Next::Wait` when nothing is here. The goodbye is a state of the client, not a loop that waits.",
);

const WAITING: (&str, &str) = (
    "sleep-while-requests-wait",
    "In `needs_turn` and `interest`, ask for nothing while more than `max_owed` is owed. The loop would do nothing, again and again.",
);

const SIGNAL: (&str, &str) = (
    "a-signal-is-no-error",
    "In `wait_for`, `EINTR` brings no event and is no error. The signal of Ctrl-C interrupts poll(2) (signal(7)).",
);

/// Expects that the server ends after Ctrl-C, when its last client has left.
fn expect_stopped(server: &mut Server) {
    poll_until(Deadline::after(GRACE * 3 / 4), || server.has_ended());
    if server.has_ended() {
        server.says(SIGNAL.0, SIGNAL.1);
    }
    server.expect_stopped_at_once();
}

#[test]
fn what_is_owed_is_sent_after_fin() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.says(OWED.0, OWED.1)
        .send(b"bytes 3000000\necho last\n")
        .half_close()
        .expect(&letters(3_000_000))
        .expect(b"last\n")
        .expect_end();
}

#[test]
fn close_is_answered_and_ends() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "fin-after-the-last-word",
        "In `finish`, a client in `Closing` with an empty output gets our FIN: `shutdown(Shutdown::Write)`.",
    )
    .send(b"echo one\nclose\necho two\n")
    .expect(b"one\nclosed\n");
    // FIN comes in the same turn, and not when the time of the goodbye is over. The kernel may deliver
    // it after the server has gone to sleep.
    server.wait_until_idle();
    let begun = Instant::now();
    let mut has_ended = false;
    poll_until(Deadline::usual(), || {
        has_ended = peer.has_received();
        has_ended || begun.elapsed() >= GOODBYE / 2
    });
    peer.check(has_ended, "The server sent no FIN after its last word.", "wanted FIN");
    peer.expect_end();
}

#[test]
fn no_request_behind_close_is_answered() {
    let mut server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    server.pause();
    // `close` ends the first read of 4,096 bytes, and the next request is behind it.
    let line = format!("echo {}\n", "x".repeat(812));
    peer.send(format!("{}close\n", line.repeat(5)).as_bytes()).send(b"echo behind\n");
    server.resume();
    peer.says(
        "answer-only-while-open",
        "In `answer_requests`, stop when `execute` has ended the stage `Open`. The next read may bring a request behind `close`.",
    )
    .expect(line[5..].repeat(5).as_bytes())
    .expect(b"closed\n")
    .expect_end();
}

#[test]
fn a_line_that_is_too_long_is_refused() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    let longest = "x".repeat(1019);
    ask(&mut peer, &format!("echo {longest}"), &longest);
    peer.says(
        "answer-a-line-that-is-too-long",
        "In `answer_requests`, owe `TOO_LONG` and go to `Closing`. What follows such a line is unknown.",
    )
    .send(format!("echo {longest}xecho no\n").as_bytes())
    .expect(b"ERROR line too long\n")
    .expect_end();
}

#[test]
fn last_words_arrive_although_the_client_talks_on() {
    let lab = subject!("09");
    lab.undisturbed(|_| {
        let server = lab.serve([]);
        let mut peer = server.connect("peer");
        let begun = Instant::now();
        peer.says(LINGER.0, LINGER.1).send(b"close\n").expect(b"closed\n").expect_end();
        peer.send(&[b'x'; 30_000]).wait_until_read();
        let has_closed = peer.is_open_at_their_side() == Some(false);
        if has_closed && begun.elapsed() >= GOODBYE {
            return None;
        }
        let sentence = "The server closed instead of reading on.";
        peer.check(!has_closed, sentence, "wanted it to read on");
        peer.half_close();
        Some(())
    });
}

#[test]
fn a_client_that_stays_after_the_end_delays_no_other() {
    let server = subject!("09").serve([]);
    let mut staying = server.connect("staying");
    staying.says(LINGER.0, LINGER.1).send(b"close\n").expect(b"closed\n").expect_end();
    staying.send(b"more");
    let mut peer = server.connect("peer");
    peer.says(IN_THE_LOOP.0, IN_THE_LOOP.1);
    ask(&mut peer, "echo hello", "hello");
    expect_idle(&server, IN_THE_LOOP);
}

#[test]
fn bytes_after_the_end_are_bounded() {
    let lab = subject!("09");
    lab.undisturbed(|_| {
        let server = lab.serve([]);
        let mut peer = server.connect("peer");
        let begun = Instant::now();
        peer.says(LINGER.0, LINGER.1).send(b"close\n").expect(b"closed\n").expect_end();
        let is_gone = is_gone_after_64_kib(&server, &mut peer);
        if is_gone && begun.elapsed() >= GOODBYE {
            return None;
        }
        peer.says(
            "bound-the-goodbye",
            "In `discard`, count the bytes, and return `Next::Close` after `GOODBYE_BYTES`. A client could talk on for ever.",
        )
        .check(is_gone, "The server reads on and on after its FIN.", "wanted it to close");
        Some(())
    });
}

/// Sends more than 64 KiB, and returns whether the server has closed then.
fn is_gone_after_64_kib(server: &Server, peer: &mut Peer) -> bool {
    (0..8).any(|_| {
        peer.send(&[b'x'; 10_000]).wait_until_read();
        server.wait_until_idle();
        peer.is_open_at_their_side().is_none_or(|open| !open)
    })
}

#[test]
fn a_reset_concerns_no_other_client() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    ask(&mut peer, "echo one", "one");
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see descriptors in");
    };
    server.connect("silent").reset();
    let mut owed = server.connect_non_reading("owed");
    owed.send(b"bytes 10000000\n").wait_until_read();
    owed.reset();
    ask(&mut peer, "echo two", "two");
    server.expect_given_back(
        &before,
        "2 clients came and reset their connections",
        "drop-a-client-that-reset",
        "In `receive` and `flush`, return the errors that end a connection. The client is dropped then, and with it its descriptor.",
    );
}

#[test]
fn each_connection_is_given_back() {
    let server = subject!("09").serve([]);
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see descriptors in");
    };
    let mut closing = server.connect("closing");
    closing.send(b"close\n").expect(b"closed\n").expect_end().half_close();
    let mut owed = server.connect("owed");
    owed.send(b"bytes 3000000\n").half_close();
    server.wait_until_idle();
    owed.expect(&letters(3_000_000)).expect_end();
    server.expect_given_back(
        &before,
        "2 clients came and left",
        "close-after-both-fins",
        "After both FINs, return `Next::Close`: from `finish` if the client was first, from `discard` if the server was.",
    );
}

#[test]
fn ctrl_c_ends_silent_clients() {
    let mut server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    ask(&mut peer, "echo one", "one");
    // The signal has to interrupt the wait.
    server.wait_until_idle();
    if !server.interrupt() {
        return;
    }
    // Two seconds after Ctrl-C, every connection ends with the process.
    let limit = Deadline::after(GRACE * 3 / 4);
    let has_ended = poll_until(limit, || peer.has_received());
    peer.says(
        "finish-after-ctrl-c",
        "In `read_more`, a client that has no more bytes here is `Finishing` when `is_stopping` is set. In `turn`, serve each client of `again`. Ctrl-C adds all clients to it.",
    )
    .check(has_ended, "The server sent no FIN after Ctrl-C.", "wanted FIN");
    peer.expect_end().half_close();
    expect_stopped(&mut server);
}

#[test]
fn ctrl_c_answers_what_has_arrived() {
    let mut server = subject!("09").serve(["--max-owed", "1000"]);
    let mut peer = server.connect_non_reading("peer");
    // More than one read, so that some of the requests wait in the kernel.
    let text = "x".repeat(200);
    let asked = format!("bytes 300000\n{}", format!("echo {text}\n").repeat(50));
    peer.send(asked.as_bytes());
    expect_idle(&server, WAITING);
    if !server.interrupt() {
        return;
    }
    server.wait_until_idle();
    let wanted = [letters(300_000), format!("{text}\n").repeat(50).into_bytes()].concat();
    let mut received = Vec::new();
    peer.says(
        "answer-before-the-end",
        "In `read_more`, go to `Finishing` only at `Later`. These requests came before Ctrl-C, so their answers are owed.",
    )
    .says_if_closed(SIGNAL.0, SIGNAL.1)
    .pass_on(wanted.len() as u64, &mut received);
    peer.check(received == wanted, "The answers are not those of the requests.", "wrong bytes");
    peer.expect_end().half_close();
    expect_stopped(&mut server);
}
