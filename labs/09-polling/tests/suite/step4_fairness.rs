//! Step fairness: the share of each client.

use super::clients::{ask, expect_idle, letters};
use std::fs;
use testkit::{Peer, Server, subject};

const AGAIN: (&str, &str) = (
    "take-another-turn",
    "In `needs_turn`, return true while a whole line is in our buffer. The kernel has given these bytes away and reports nothing.",
);

const SHARE: (&str, &str) = (
    "limit-the-turn",
    "In `may_answer`, stop after `TURN_REQUESTS` requests. In `answer_requests`, ask it before each request. The other clients wait until this turn is over.",
);

const STOP_READING: (&str, &str) = (
    "stop-reading",
    "In `may_answer`, return false while more than `max_owed` is owed. In `answer_requests`, ask it before each request. Not reading is back pressure: the client's window closes.",
);

#[test]
fn requests_beyond_the_share_are_answered() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.says(AGAIN.0, AGAIN.1).send(&b"echo x\n".repeat(500)).expect(&b"x\n".repeat(500));
    expect_idle(&server, AGAIN);
}

#[test]
fn a_line_that_is_too_long_is_refused_beyond_the_share() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    let asked = [b"echo x\n".repeat(64), vec![b'x'; 1100]].concat();
    peer.says(
        "refuse-in-the-next-turn",
        "In `needs_turn`, ask `has_next`, also for a line whose end is not here. In `answer_requests`, clear the lines after `TOO_LONG`, and return.",
    )
    .send(&asked)
    .expect(&b"x\n".repeat(64))
    .expect(b"ERROR line too long\n")
    .expect_end()
    .half_close();
}

/// Three clients that each got an answer. Then the one in the middle sends `requests`, and each of the
/// others sends 3,000. The server finds all of that together.
fn between_busy_clients(server: &mut Server, requests: &[u8]) -> [Peer; 3] {
    let mut peers = ["first", "asking", "second"].map(|name| server.connect(name));
    for peer in &mut peers {
        ask(peer, "echo x", "x");
    }
    server.pause();
    let busy = b"echo x\n".repeat(3000);
    for (peer, bytes) in peers.iter_mut().zip([&busy[..], requests, &busy]) {
        peer.send(bytes);
    }
    server.resume();
    peers
}

/// The count of an answer to `stats` while three clients are there.
fn answered_in_all(stats: &str) -> Option<usize> {
    stats.strip_prefix("clients 3, answered ")?.parse().ok()
}

#[test]
fn a_busy_client_leaves_room_for_others() {
    let mut server = subject!("09").serve([]);
    let [mut first, mut asking, mut second] = between_busy_clients(&mut server, b"stats\n");
    let answered = asking.says(SHARE.0, SHARE.1).line();
    asking.check(
        answered_in_all(&answered).is_some_and(|count| count <= 203),
        &format!("Between two busy clients, this one got its answer late: {answered}"),
        "wanted its turn",
    );
    for peer in [&mut first, &mut second] {
        peer.says(AGAIN.0, AGAIN.1).expect(&b"x\n".repeat(3000));
    }
}

#[test]
fn a_client_has_one_share_of_a_turn() {
    let mut server = subject!("09").serve([]);
    // The last request is behind its share, and no event comes for it in the second turn.
    let requests = [b"echo x\n".repeat(64), b"stats\n".to_vec()].concat();
    let [_first, mut asking, _second] = between_busy_clients(&mut server, &requests);
    let one_share = (
        "one-share-for-each-client",
        "In `turn`, take `again` before the first event is handled, and remove each client that has an event. It would have two shares.",
    );
    let answered = asking.says(one_share.0, one_share.1).expect(&b"x\n".repeat(64)).line();
    // The three lines before, five shares of 64, and nothing of a third turn.
    asking.check(
        answered_in_all(&answered).is_some_and(|count| count <= 3 + 5 * 64),
        &format!("In the second turn, another client had more than its share: {answered}"),
        "wanted its turn",
    );
}

#[test]
fn the_loop_does_not_sleep_while_a_share_waits() {
    let mut server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    ask(&mut peer, "echo hello", "hello");
    server.pause();
    // One read, and more than ten turns.
    peer.send(&b"echo \n".repeat(682));
    let Some(before) = sleeps(server.pid()) else {
        return server.skip("this system does not tell how often a program sleeps");
    };
    server.resume();
    peer.says(AGAIN.0, AGAIN.1).expect(&b"\n".repeat(682));
    let count = sleeps(server.pid()).unwrap_or(before) - before;
    server.check(
        count <= 5,
        &format!("The server slept {count} times while requests were in its buffer."),
        "do-not-sleep-before-the-next-share",
        "In `turn`, the timeout is zero while `again` holds a client. Its requests are here, and no event will tell so.",
    );
}

/// How often the program has slept (proc(5)). Not how often it ran: another program may have taken
/// its place on the processor.
fn sleeps(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("voluntary_ctxt_switches:"))?;
    line.trim().parse().ok()
}

#[test]
fn requests_without_room_need_no_turn() {
    let server = subject!("09").serve([]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(b"bytes 100000000\necho x\n").wait_until_read();
    let wait = (
        "no-turn-without-room",
        "In `needs_turn`, return false while more than `max_owed` is owed (`has_room`). The event of writing comes when there is room.",
    );
    expect_idle(&server, wait);
}

#[test]
fn a_fin_without_room_is_read_later() {
    let server = subject!("09").serve([]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(b"bytes 100000000\n").wait_until_read().half_close();
    let leave = (
        "no-read-interest-without-room",
        "In `interest`, ask for `read` only while there is room (`has_room`). FIN stays readable until it is read.",
    );
    expect_idle(&server, leave);
}

#[test]
fn a_client_that_does_not_read_is_not_read() {
    let server = subject!("09").serve(["--max-owed", "10000"]);
    let mut deaf = server.connect_non_reading("deaf");
    let line = format!("echo {}\n", "x".repeat(1000));
    deaf.says(STOP_READING.0, STOP_READING.1).send_until_stuck(line.as_bytes(), 32 << 20);
    expect_idle(&server, STOP_READING);
    let mut peer = server.connect("peer");
    ask(&mut peer, "echo hello", "hello");
}

#[test]
fn back_pressure_drops_nothing() {
    let server = subject!("09").serve(["--max-owed", "1000"]);
    let mut peer = server.connect_non_reading("peer");
    // More than one read, so that some of the requests wait in the kernel.
    let asked = b"bytes 5000\n".repeat(600);
    peer.send(&asked).send(b"echo end\n");
    server.wait_until_idle();
    let wanted = [letters(5_000).repeat(600), b"end\n".to_vec()].concat();
    let mut received = Vec::new();
    peer.says(
        "go-on-when-there-is-room",
        "In `needs_turn` and `interest`, go on as soon as no more than `max_owed` is owed. The requests wait in the kernel.",
    )
    .pass_on(wanted.len() as u64, &mut received);
    peer.check(received == wanted, "The answers are not those of the requests.", "wrong bytes");
}

#[test]
fn a_small_debt_is_no_reason_to_wait() {
    let server = subject!("09").serve(["--max-owed", "2000000"]);
    let mut deaf = server.connect_non_reading("deaf");
    let compare = (
        "compare-with-max-owed",
        "In `may_answer`, compare the debt with `limits.max_owed`. Up to that, further requests are answered.",
    );
    deaf.says(compare.0, compare.1).send(b"bytes 1000000\n").wait_until_read();
    expect_idle(&server, compare);
    deaf.send(b"echo end\n").wait_until_read();
}

#[test]
fn one_client_too_many_is_refused() {
    let server = subject!("09").serve(["--max-clients", "2"]);
    let [mut first, mut second] = ["first", "second"].map(|name| server.connect(name));
    for peer in [&mut first, &mut second] {
        ask(peer, "echo x", "x");
    }
    server
        .connect("third")
        .says(
            "refuse-with-a-word",
            "In `admit`, owe `FULL` to a client that finds `max_clients` others, and make it `Closing`.",
        )
        .expect(b"ERROR server full\n")
        .expect_end()
        .half_close();
    ask(&mut second, "stats", "clients 2, answered 2");
    first.half_close().expect_end();
    ask(&mut server.connect("fourth"), "stats", "clients 2, answered 3");
}
