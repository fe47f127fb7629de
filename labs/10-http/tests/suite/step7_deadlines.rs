//! Step deadlines: the server waits for no client for ever.

use super::answers::{expect_body, expect_code};
use super::site::{NOTES, Site};
use std::thread;
use std::time::{Duration, Instant};
use testkit::{Deadline, Peer, Server, poll_until, subject, test_time, test_time_arg};

const NEXT: &[u8] = b"GET /notes.txt HTTP/1.1\r\nHost: x\r\n\r\n";

/// How many bytes a dribbling client sends, eight in the time of a head, and one before.
const DRIBBLED: usize = 25;

/// A head that has no end.
const ENDLESS: &[u8] = b"GET /xxxxxxxxxxxxxxxxxxxxxxxxxxx";

#[test]
fn a_client_that_dribbles_its_head_gets_408() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let outcome = lab.undisturbed(|factor| {
        let timeout = 0.24 * factor;
        let server = site.serve(&lab, &["--header-timeout", &test_time_arg(timeout)]);
        let start = Instant::now();
        let mut peer = server.connect("dribbler");
        let was_cut_off = peer.is_cut_off(start, &ENDLESS[..DRIBBLED], test_time(timeout))?;
        if was_cut_off {
            peer.says(
                "408-for-slow-head",
                "In `read_in_time`, return `TimedOut` when no time is left. The server answers 408 then.",
            );
            expect_code(&mut peer, 408);
            peer.expect_end();
        }
        Some(was_cut_off)
    });
    let Some(was_cut_off) = outcome else { return };
    lab.check(
        was_cut_off,
        "A client sent its head byte by byte, and the server waited three times --header-timeout.",
        "remaining-time",
        "In `read_in_time`, use `limit` minus `since.elapsed()` as the timeout. A timeout that each byte renews is no limit.",
    );
}

#[test]
fn a_time_that_is_over_before_a_read_gets_408() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    // This time is over before the server can call `read_in_time` for the rest of the head.
    let server = site.serve(&lab, &["--header-timeout", "0.000000001"]);
    let mut peer = server.connect("late");
    peer.says(
        "no-time-left",
        "In `read_in_time`, compute what remains with `saturating_sub`. If that is zero, return `TimedOut` before you call `set_read_timeout`, because std refuses a timeout of zero.",
    )
    .send(b"GET / HT");
    expect_code(&mut peer, 408);
    peer.expect_end();
}

#[test]
fn pauses_give_a_client_no_more_time() {
    let lab = subject!("10");
    if cfg!(not(unix)) {
        return lab.skip("this system has no signals");
    }
    let site = Site::new(&lab);
    let outcome = lab.undisturbed(|factor| {
        let timeout = 0.24 * factor;
        let mut server = site.serve(&lab, &["--header-timeout", &test_time_arg(timeout)]);
        let start = Instant::now();
        let mut peer = server.connect("half a head");
        peer.send(b"GET / HT").wait_until_read();
        let timeout = test_time(timeout);
        let was_cut_off = is_cut_off_among_pauses(&mut server, &mut peer, start, timeout)?;
        if was_cut_off {
            expect_code(&mut peer, 408);
            peer.expect_end();
        }
        Some(was_cut_off)
    });
    let Some(was_cut_off) = outcome else { return };
    lab.check(
        was_cut_off,
        "The server was paused and resumed again and again, and waited three times --header-timeout.",
        "time-goes-on-after-a-pause",
        "In `read_in_time`, return `Interrupted` to the caller, which reads again, or compute the remaining time again. A second `read` with the same timeout waits for all of it.",
    );
}

/// Pauses `server` ten times in each `timeout`, until `peer` receives something or three times
/// `timeout` have passed. The server began to count after `start`. `None` if two pauses were so far
/// apart that even a time that begins again at each of them may have ended.
fn is_cut_off_among_pauses(
    server: &mut Server,
    peer: &mut Peer,
    start: Instant,
    timeout: Duration,
) -> Option<bool> {
    let begun = Instant::now();
    let before = server.processor_time();
    let mut last = start;
    while begun.elapsed() < timeout * 3 {
        thread::park_timeout(timeout / 10);
        let was_cut_off = peer.has_received();
        if last.elapsed() > timeout / 2 {
            return None;
        }
        if was_cut_off {
            return Some(true);
        }
        last = Instant::now();
        server.pause();
        server.resume();
    }
    // A thread whose time is over runs until it has answered. Here all threads sleep.
    server.wait_until_settled(before).then(|| peer.has_received())
}

#[test]
fn a_body_that_does_not_come_gets_408() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let server = site.serve(&lab, &["--body-timeout", &test_time_arg(0.1)]);
    let mut peer = server.connect("slow");
    peer.says(
        "408-for-slow-body",
        "In `read_in_time`, return the error of `read` when the timeout expires (`is_timeout`). The server answers 408 then.",
    );
    peer.send(b"POST /-/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello");
    expect_code(&mut peer, 408);
    peer.expect_end();
}

#[test]
fn a_server_paused_past_a_deadline_gives_408() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let timeout = 0.1;
    let mut server = site.serve(&lab, &["--body-timeout", &test_time_arg(timeout)]);
    let mut peer = server.connect("peer");
    peer.says(
        "no-time-left",
        "In `read_in_time`, compute what remains with `saturating_sub`. If that is zero, return `TimedOut` before you call `set_read_timeout`, because std refuses a timeout of zero.",
    );
    peer.send(b"POST /-/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhello")
        .wait_until_read();
    if !server.pause() {
        return lab.skip("this system has no signals");
    }
    thread::park_timeout(test_time(timeout * 2.0));
    server.resume();
    expect_code(&mut peer, 408);
    peer.expect_end();
}

#[test]
fn a_client_that_sends_nothing_is_left_without_a_word() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let (id, think) = (
        "idle-is-no-error",
        "In `wait_for_request`, return `false` when the idle time is over. A silent client has done nothing wrong, so it gets no 408.",
    );
    lab.undisturbed(|factor| {
        let idle = 0.1 * factor;
        let server = site.serve(&lab, &["--idle-timeout", &test_time_arg(idle)]);
        server.connect("silent").says(id, think).expect_end();
        let begun = Instant::now();
        let mut peer = server.connect("satisfied");
        peer.says(id, think).send(NEXT);
        // On a busy machine, this client may have been silent for the whole idle time.
        if begun.elapsed() >= test_time(idle) {
            return None;
        }
        expect_body(&mut peer, NOTES);
        peer.expect_end();
        Some(())
    });
}

#[test]
fn each_request_has_its_own_time() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    lab.undisturbed(|factor| {
        let idle = 0.36 * factor;
        let server = site.serve(&lab, &["--idle-timeout", &test_time_arg(idle)]);
        let mut last = Instant::now();
        let mut peer = server.connect("peer");
        peer.says(
            "idle-time-begins-again",
            "In `wait_for_request`, call `start_idle_time` before each request. The time of the request before does not count.",
        );
        // With one clock for all, its time is over before the last of them is sent.
        for _ in 0..7 {
            let before = Instant::now();
            peer.send(NEXT);
            // On a busy machine, this client may have been silent for the whole idle time.
            if last.elapsed() >= test_time(idle) {
                return None;
            }
            last = before;
            expect_body(&mut peer, NOTES);
            peer.expect_nothing_for(test_time(idle * 0.2));
        }
        Some(())
    });
}

#[test]
fn one_client_too_many_gets_503() {
    let lab = subject!("10");
    let site = Site::new(&lab);
    let mut server = site.serve(&lab, &["--max-clients", "2"]);
    let (mut first, mut second) = (server.connect("first"), server.connect("second"));
    for peer in [&mut first, &mut second] {
        peer.says("places", "In `take`, return `true` while a place is free.").send(NEXT);
        expect_body(peer, NOTES);
    }
    let mut third = server.connect("third");
    third
        .says(
            "no-place-is-503",
            "In `take`, return `false` when no place is free. The server answers 503 then.",
        )
        .send(NEXT);
    expect_code(&mut third, 503);
    third.expect_end();
    drop(first);
    server.wait_until_accepted();
    // The place is free when the thread of the first client has ended. Until then it is 503.
    let served = poll_until(Deadline::usual(), || {
        let mut next = server.connect("next");
        next.send(NEXT);
        super::answers::answer(&mut next).code == 200
    });
    server.check(
        served,
        "A client has left, and the next one still gets 503.",
        "place-is-free-again",
        "In `take`, change the number only if you return `true`. The place is free again when its client has left.",
    );
    second.send(NEXT);
    expect_body(&mut second, NOTES);
}
