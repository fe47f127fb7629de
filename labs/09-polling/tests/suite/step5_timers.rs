//! Step timers: the next due time is the timeout of the wait.

use super::clients::{ask, expect_few_wakeups, expect_idle};
use std::time::Instant;
use testkit::{Deadline, Peer, Server, Subject, poll_until, subject, test_time, test_time_arg};

const NEXT: (&str, &str) = (
    "sleep-until-the-next-timer",
    "In `timeout`, return the time until the first timer. In `turn`, give it to `Poller::wait`.",
);

const KEYS: (&str, &str) = (
    "number-the-timers",
    "In `insert`, make the key of the time and a number that grows. With the time alone, one of two timers replaces the other.",
);

const IDLE: (&str, &str) = (
    "end-a-silent-client",
    "In `end_if_slow`, owe `TIMED_OUT` and go to `Closing`. In `deadline`, count from the last byte in either direction.",
);

const PROMISES: (&str, &str) = (
    "promises-are-no-silence",
    "In `deadline`, return `None` while the client has promises. It waits for the server.",
);

#[test]
fn an_answer_comes_later() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    let asked = format!("after {} late\necho now\n", test_time_arg(0.2));
    let begun = Instant::now();
    peer.says(NEXT.0, NEXT.1).send(asked.as_bytes()).expect(b"now\n").expect(b"late\n");
    let has_waited = begun.elapsed() >= test_time(0.2);
    peer.check(has_waited, "The answer came before its time.", "too soon");
}

#[test]
fn a_timer_delays_no_other_client() {
    let server = subject!("09").serve([]);
    let mut waiting = server.connect("waiting");
    waiting.send(b"after 100 late\n").wait_until_read();
    let mut peer = server.connect("peer");
    peer.says(
        "never-sleep-for-a-timer",
        "In `turn`, wait in the poller only. A due time is a number to compare with the clock, and no reason to sleep.",
    );
    ask(&mut peer, "echo hello", "hello");
}

#[test]
fn timers_of_one_time_are_all_answered() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    let numbers = || (0..16).map(|number| number.to_string());
    let asked: String = numbers().map(|number| format!("after 0 {number}\n")).collect();
    let wanted: String = numbers().map(|number| format!("{number}\n")).collect();
    peer.says(KEYS.0, KEYS.1).send(asked.as_bytes()).expect(wanted.as_bytes());
    peer.send(asked.as_bytes()).expect(wanted.as_bytes());
}

#[test]
fn timers_that_are_due_come_before_a_later_close() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    // `close` is behind the share of the first turn, at the end of which both timers are due.
    let asked = [b"after 0 a\nafter 0 b\n".to_vec(), b"echo x\n".repeat(62), b"close\n".to_vec()];
    peer.says(
        "due-timers-end-the-turn",
        "In `take_due`, take all timers of `now` (`u64::MAX`). In `turn`, take `again` before the events are handled, and handle the due timers last.",
    )
        .send(&asked.concat())
        .expect(&b"x\n".repeat(62))
        .expect(b"a\nb\nclosed\n")
        .expect_end();
    // It has the server's FIN, and does not answer it.
    expect_idle(&server, NEXT);
}

#[test]
fn timers_are_answered_in_the_order_of_their_times() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    let asked: String = [("c", 0.15), ("a", 0.05), ("b", 0.1)]
        .map(|(text, time)| format!("after {} {text}\n", test_time_arg(time)))
        .concat();
    peer.says(
        "take-due-timers-in-order",
        "In `take_due`, take all timers that are due, the first one first. A `BTreeMap` has its keys in order.",
    )
    .send(asked.as_bytes())
    .expect(b"a\nb\nc\n");
}

#[test]
fn timers_are_owed_after_fin() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "wait-for-promises-before-fin",
        "In `finish`, a client in `Finishing` with promises is not done. That goes for a client whose FIN has come, too: replace the given lines.",
    )
    .send(format!("after {} late\n", test_time_arg(0.05)).as_bytes())
    .half_close()
    .expect(b"late\n")
    .expect_end();
}

#[test]
fn close_does_not_wait_for_a_timer() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "close-without-the-promises",
        "In `finish`, a client in `Closing` with an empty output gets our FIN, also if it has promises.",
    )
    .send(b"after 100 late\nclose\n")
    .expect(b"closed\n")
    .expect_end();
}

#[test]
fn the_loop_does_not_tick() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"after 100 late\n").wait_until_read();
    let no_tick = (
        "no-tick",
        "In `timeout`, return the whole time until the first timer. A loop that looks at intervals wakes up for nothing.",
    );
    expect_few_wakeups(&server, &mut peer, no_tick);
}

#[test]
fn a_silent_client_times_out() {
    let server = subject!("09").serve(["--idle-timeout", &test_time_arg(0.1)]);
    let mut peer = server.connect("peer");
    peer.says(IDLE.0, IDLE.1).expect(b"ERROR timed out\n").expect_end();
}

#[test]
fn a_talking_client_does_not_time_out() {
    let lab = subject!("09");
    lab.undisturbed(|factor| {
        let timeout = 0.15 * factor;
        let server = lab.serve(["--idle-timeout", &test_time_arg(timeout)]);
        let begun = Instant::now();
        let mut peer = server.connect("peer");
        let dribble = peer.dribble_since(begun, b"echo", test_time(timeout / 2.0));
        let (id, think) = (
            "begin-again-after-each-byte",
            "In `deadline`, count from the last byte of the client. In `end_if_slow`, do nothing if the deadline has moved.",
        );
        let was_cut_off = dribble.was_cut_off(4, test_time(timeout))?;
        server.check(!was_cut_off, "The server ended a client that was sending.", id, think);
        Some(())
    });
}

#[test]
fn a_client_that_timed_out_leaves_its_place() {
    let lab = subject!("09");
    lab.undisturbed(|factor| {
        let (server, mut waiting) = ask_in_time(&lab, 0.1 * factor, "after 100 late\n")?;
        waiting.wait_until_read();
        let mut silent = server.connect("silent");
        silent.says(IDLE.0, IDLE.1).expect(b"ERROR timed out\n").expect_end().half_close();
        ask(&mut waiting, "stats", "clients 1, answered 0");
        Some(())
    });
}

/// A server with an idle timeout, and a client that has asked for something later. `None` if the
/// timeout may have been over before that.
fn ask_in_time(lab: &Subject, idle: f64, asked: &str) -> Option<(Server, Peer)> {
    let server = lab.serve(["--idle-timeout", &test_time_arg(idle)]);
    let begun = Instant::now();
    let mut peer = server.connect("waiting");
    peer.says(PROMISES.0, PROMISES.1).send(asked.as_bytes());
    (begun.elapsed() < test_time(idle)).then_some((server, peer))
}

#[test]
fn a_client_with_a_timer_is_not_silent() {
    let lab = subject!("09");
    lab.undisturbed(|factor| {
        let asked = format!("after {} late\n", test_time_arg(0.1 * factor));
        let (_server, mut peer) = ask_in_time(&lab, 0.025 * factor, &asked)?;
        peer.expect(b"late\n");
        peer.says(IDLE.0, IDLE.1).expect(b"ERROR timed out\n").expect_end();
        Some(())
    });
}

#[test]
fn taking_an_answer_is_no_silence() {
    let lab = subject!("09");
    lab.undisturbed(|factor| {
        let (idle, later) = (0.1 * factor, 0.2 * factor);
        let server = lab.serve(["--idle-timeout", &test_time_arg(idle)]);
        let mut peer = server.connect("peer");
        let begun = Instant::now();
        let asked = format!("after {} late\n", test_time_arg(later));
        peer.send(asked.as_bytes()).expect(b"late\n");
        // A deadline that has passed already ends the client before the server sleeps.
        server.wait_until_idle();
        let has_more = peer.has_received();
        // So late, the client has been silent for long enough.
        if has_more && begun.elapsed() >= test_time(later) + test_time(idle) {
            return None;
        }
        server.check(
            !has_more,
            "The server ended a client that has just taken its answer.",
            "taking-is-no-silence",
            "In `deadline`, the idle time begins at `heard` or `taken`, whichever is later.",
        );
        Some(())
    });
}

#[test]
fn a_client_that_takes_nothing_is_reset() {
    takes_nothing("bytes 10000000\n");
}

#[test]
fn a_client_with_a_timer_that_takes_nothing_is_reset() {
    takes_nothing("after 100 late\nbytes 10000000\n");
}

/// A client that asks, and takes nothing of the answer.
fn takes_nothing(asked: &str) {
    let server = subject!("09").serve(["--stall-timeout", &test_time_arg(0.1)]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(asked.as_bytes()).wait_until_read();
    // Reading would be taking, so the kernel is asked.
    poll_until(Deadline::usual(), || deaf.is_open_at_their_side().is_none_or(|open| !open));
    deaf.says(
        "reset-a-client-that-takes-nothing",
        "In `deadline`, look at the output before the promises. In `end_if_slow`, call `reset_on_close` while the output holds something, and return `Next::Close`.",
    )
    .until_reset(&mut std::io::sink());
    ask(&mut server.connect("peer"), "echo hello", "hello");
}

#[test]
fn a_reset_is_noticed_while_nothing_is_of_interest() {
    let server = subject!("09").serve([]);
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see descriptors in");
    };
    let mut peer = server.connect("peer");
    peer.send(b"after 100 late\n").half_close();
    server.wait_until_idle();
    peer.reset();
    let end = (
        "an-error-is-always-reported",
        "In `is_end`, return true for an event that is over and not readable. The kernel reports it at each wait, so drop the client.",
    );
    server.expect_given_back(&before, "A client with a timer reset its connection", end.0, end.1);
    expect_idle(&server, end);
}

#[test]
fn an_old_timer_reaches_no_new_client() {
    let lab = subject!("09");
    lab.undisturbed(|factor| {
        let server = lab.serve([]);
        let mut old = server.connect("old");
        let (secret_time, begun) = (0.1 * factor, Instant::now());
        let asked = format!("after {} secret\necho asked\n", test_time_arg(secret_time));
        old.send(asked.as_bytes()).expect(b"asked\n");
        old.reset();
        server.wait_until_idle();
        let mut new = server.connect("new");
        ask(&mut new, "echo hello", "hello");
        // If the old timer was due before, it found no client.
        if begun.elapsed() >= test_time(secret_time) {
            return None;
        }
        new.says(
            "numbers-are-used-once",
            "A timer names its client by its token. No token is used twice, so a timer of a client that has left finds none.",
        )
        .send(format!("after {} mine\n", test_time_arg(secret_time)).as_bytes())
        .expect(b"mine\n");
        Some(())
    });
}

#[test]
fn without_a_descriptor_the_loop_sleeps() {
    let lab = subject!("09").limit_open_files(16);
    let mut server = lab.serve([]);
    let mut peers: Vec<_> = (0..20).map(|_| server.connect("peer")).collect();
    ask(&mut peers[0], "echo one", "one");
    let rest = (
        "rest-without-descriptors",
        "In `accept_all`, return `Queue::Short` when `is_shortage`. The listeners are not watched then, because they stay readable.",
    );
    expect_idle(&server, rest);
    // A line in any words, and not one about a client that was accepted.
    let clients: Vec<String> = peers.iter().map(|peer| peer.local_addr().to_string()).collect();
    let is_about_none = |line: &str| clients.iter().all(|client| !line.contains(client));
    server.check(
        poll_until(Deadline::usual(), || server.stderr().lines().any(is_about_none)),
        "No line on stderr says that the server cannot take another client.",
        "log-a-shortage",
        "In `accept_all`, write a line to the log when `is_shortage` begins.",
    );
    for peer in &mut peers {
        peer.says(rest.0, rest.1);
        ask(peer, "echo two", "two");
        peer.half_close().expect_end();
    }
    if server.interrupt() {
        server.expect_stopped_at_once();
    }
}
