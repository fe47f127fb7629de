//! SIGTERM, a second Ctrl-C, and a client that never leaves.

use common::close::DRAIN_TIME;
use common::shutdown::GRACE;
use std::time::Instant;
use testkit::{Deadline, poll_until, show_time, subject};

const NO_SIGNALS: &str = "this system has no signals";

#[test]
fn sigterm_stops_it_as_ctrl_c_does() {
    let mut server = subject!("01").serve([]);
    server.connect("peer").send(b"hello").expect(b"hello").half_close().expect_end();
    if !server.terminate() {
        return server.skip(NO_SIGNALS);
    }
    server.expect_stopped_at_once();
}

#[test]
fn a_second_ctrl_c_ends_it_at_once() {
    let mut server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"hello").expect(b"hello");
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    // Two pending signals of one kind are delivered as one, so the first must arrive before.
    server.wait_until_idle();
    peer.send(b"still served").expect(b"still served");
    server.interrupt();
    server.expect_stopped_at_once();
}

#[test]
fn a_client_that_never_leaves_is_cut_after_the_grace() {
    let mut server = subject!("01").serve([]);
    let mut peer = server.connect("peer");
    peer.send(b"hello").expect(b"hello");
    let asked = Instant::now();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server.expect_stopped_within(GRACE * 2);
    let served = asked.elapsed();
    server.check(
        served >= GRACE,
        &format!(
                "The server ended after {}. Its client has {} to finish.",
                show_time(served),
                show_time(GRACE)
            ),
        "let-the-client-finish",
        "In serve, look for Ctrl-C only between two clients. The client that is being served may finish.",
    );
}

/// How often the client that stays sends a byte, which gives it no more time.
const BYTES: u32 = 12;

/// Not in the suite, because it takes the second that the contract gives to such a client.
#[test]
fn a_client_that_stays_holds_up_the_next_for_a_second() {
    let server = subject!("01").serve_as("time", "127.0.0.1:0", []);
    let mut stays = server.connect("stays");
    stays.expect(b"Current time: ");
    let mut next = server.connect("next");
    let is_served = (0..BYTES).any(|_| {
        stays.send(b"x");
        let sent = Instant::now();
        poll_until(Deadline::usual(), || next.has_received() || sent.elapsed() > DRAIN_TIME / 4);
        next.has_received()
    });
    server.check(
        is_served,
        &format!("After {}, the server did not serve the next client.", show_time(DRAIN_TIME / 4 * BYTES)),
        "wait-a-second-at-most",
        "In tell_time, wait for the client's FIN for one second in all, as `common::close::lingering` does. A client may never send it, and may send bytes.",
    );
    next.expect(b"Current time: ");
}
