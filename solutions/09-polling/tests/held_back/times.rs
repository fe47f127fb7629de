//! Times that are too long for the suite.

use crate::clients::ask;
use std::time::Duration;
use testkit::{Deadline, Peer, Subject, poll_until, subject};

#[test]
fn a_goodbye_ends_after_a_second() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"close\n").expect(b"closed\n").expect_end();
    let is_gone = poll_until(Deadline::after(Duration::from_secs(5)), || {
        peer.is_open_at_their_side().is_none_or(|open| !open)
    });
    server.check(
        is_gone,
        "Five seconds after its FIN, the server still waits for the client's.",
        "bound-the-time-of-the-goodbye",
        "In `deadline`, a client in `Goodbye` has `GOODBYE_TIME`. In `end_if_slow`, return `Next::Close` then.",
    );
}

#[test]
fn timers_that_came_due_together_are_answered_in_order() {
    let lab = subject!("09");
    lab.undisturbed(|factor| thousand_timers(&lab, factor));
}

/// `None` if this machine was too busy to tell.
fn thousand_timers(lab: &Subject, factor: f64) -> Option<()> {
    let place = |number: i32| number * 7 % 16;
    let mut server = lab.serve([]);
    let mut peers: Vec<Peer> = (0..63).map(|_| server.connect("peer")).collect();
    for peer in &mut peers {
        let time = |number| (0.3 + f64::from(place(number)) / 100.0) * factor;
        let asked: String =
            (0..16).map(|number| format!("after {} {number}\n", time(number))).collect();
        peer.send(asked.as_bytes()).wait_until_read();
    }
    server.wait_until_idle();
    server.pause();
    if peers.iter_mut().any(Peer::has_received) {
        return None;
    }
    // All of them are due when the server goes on.
    peers[0].expect_nothing_for(Duration::from_secs_f64(0.5 * factor));
    server.resume();
    let mut order: Vec<i32> = (0..16).collect();
    order.sort_by_key(|number| place(*number));
    let wanted: String = order.iter().map(|number| format!("{number}\n")).collect();
    for peer in &mut peers {
        peer.says(
            "answer-late-timers-in-order",
            "In `take_due`, return all timers that are due, by their times, whatever the number of the clients is.",
        )
        .expect(wanted.as_bytes());
    }
    Some(())
}

#[test]
fn ctrl_c_waits_two_seconds_at_most() {
    let mut server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    ask(&mut peer, "echo one", "one");
    peer.send(b"after 100 late\n").wait_until_read();
    if server.interrupt() {
        server.expect_stopped();
    }
}
