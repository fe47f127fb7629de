//! Step loop: one thread, and a wait for whatever comes first.

use super::clients::{SLEEP, ask, expect_few_wakeups};
use testkit::subject;

const LATER: (&str, &str) = (
    "take-would-block-for-later",
    "In `receive`, return `Later` for `WouldBlock`. A non-blocking read that finds nothing is no error and no end.",
);

const KEEP: (&str, &str) = (
    "keep-the-rest-of-a-read",
    "In `answer_requests`, call `next_line` again before you read. One read may bring a part of a line, or several lines.",
);

#[test]
fn a_line_comes_back() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "handle-each-event",
        "In `turn`, call `handle_event` for each event. In `answer_requests`, give each whole line to `execute`.",
    )
    .says_if_closed(
        "no-event-without-revents",
        "In `wait_for`, leave out the sources whose `revents` are empty. An event of the waker stops the server.",
    );
    ask(&mut peer, "echo hello", "hello");
}

#[test]
fn a_silent_client_is_kept() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    server.wait_until_idle();
    peer.says(LATER.0, LATER.1);
    ask(&mut peer, "echo first", "first");
    peer.expect_silence();
    ask(&mut peer, "echo second", "second");
}

#[test]
fn a_second_client_is_served_while_the_first_is_silent() {
    let server = subject!("09").serve([]);
    let mut silent = server.connect("silent");
    let mut peer = server.connect("peer");
    peer.says(
        "never-wait-for-one-client",
        "In `accept_all` and `receive`, return when the kernel says `WouldBlock`. The only place to wait in is `Poller::wait`.",
    );
    ask(&mut peer, "echo hello", "hello");
    ask(&mut silent, "echo late", "late");
}

#[test]
fn clients_that_connect_together_are_all_served() {
    let mut server = subject!("09").serve([]);
    server.pause();
    let mut peers: Vec<_> = ["a", "b", "c", "d"].map(|name| server.connect(name)).into();
    peers[0].send(b"stats\n");
    server.wait_until_waiting(peers.len());
    server.resume();
    for peer in &mut peers {
        peer.says(
            "accept-until-would-block",
            "In `accept_all`, accept until `WouldBlock`, and give each client to `welcome`. One event may stand for many clients.",
        );
    }
    // The four came with one event, before the first one was read.
    peers[0].expect(b"clients 4, answered 0\n");
    for peer in peers.iter_mut().rev() {
        ask(peer, "echo hello", "hello");
    }
}

#[test]
fn lines_of_one_read_are_all_answered_in_order() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.says(KEEP.0, KEEP.1)
        .send(b"echo one\necho two\r\n\necho three\n")
        .expect(b"one\ntwo\n")
        .expect(b"ERROR expected echo, bytes, after, fetch, stats or close\nthree\n");
}

#[test]
fn a_count_with_a_sign_is_no_request() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    for line in ["bytes +5", "bytes -5", "bytes ", "bytes 5 "] {
        ask(&mut peer, line, "ERROR expected echo, bytes, after, fetch, stats or close");
    }
}

#[test]
fn a_line_may_come_in_any_pieces() {
    let asked = b"echo one\necho two\r\necho three\n";
    subject!("09").for_any_split(&[], asked, |peer, pieces| {
        peer.says(KEEP.0, KEEP.1).send_in_pieces(pieces).expect(b"one\ntwo\nthree\n");
    });
}

#[test]
fn many_lines_of_one_client_are_answered() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    // More than one read, and less than a turn's share.
    let line = format!("echo {}\n", "x".repeat(200));
    let answer = format!("{}\n", "x".repeat(200));
    peer.says(KEEP.0, KEEP.1).send(line.repeat(50).as_bytes()).expect(answer.repeat(50).as_bytes());
}

#[test]
fn a_client_that_closes_is_forgotten() {
    let server = subject!("09").serve([]);
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see descriptors in");
    };
    for _ in 0..3 {
        let mut peer = server.connect("peer");
        ask(&mut peer, "echo bye", "bye");
        peer.says(
            "note-the-end",
            "In `receive`, a read of 0 bytes is FIN. In `read_more`, set `has_ended`, and the stage `Finishing`.",
        )
        .send(b"echo half")
        .half_close()
        .expect_end();
    }
    server.expect_given_back(
        &before,
        "3 clients came and closed",
        "forget-a-client-that-closed",
        "In `read_more`, note FIN in `has_ended`. The client is dropped then, and with it its descriptor.",
    );
}

#[test]
fn the_loop_sleeps_while_nothing_happens() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    ask(&mut peer, "echo hello", "hello");
    expect_few_wakeups(&server, &mut peer, SLEEP);
}

#[test]
fn one_thread_serves_all() {
    let server = subject!("09").serve([]);
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see threads in");
    };
    let mut peers: Vec<_> = (0..10).map(|_| server.connect("peer")).collect();
    for peer in &mut peers {
        ask(peer, "echo hello", "hello");
    }
    let threads = server.resources().map_or(0, |now| now.threads);
    server.check(
        threads <= before.threads,
        &format!("The server has {threads} threads with ten clients, and had {} before.", before.threads),
        "serve-all-in-one-thread",
        "In `accept_all`, give the client to `welcome`. The poller watches its socket, and no thread has to wait for it.",
    );
}
