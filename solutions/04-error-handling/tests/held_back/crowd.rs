//! Many at once: silent ones, slow ones, and those who only want an answer.

use super::{expect_left, frame};
use std::time::{Duration, Instant};
use testkit::{Peer, subject, test_time, test_time_arg};

/// What a server says that can take nobody.
const SHORTAGE: &str = "cannot take another client";

#[test]
fn slow_lorises_are_cut_off_and_nobody_else_waits() {
    let timeouts = ["--frame-timeout", &test_time_arg(0.5), "--idle-timeout", &test_time_arg(0.5)];
    let mut server = subject!("04").serve(timeouts);
    server
        .connect("first")
        .send(&frame("PING"))
        .expect(&frame("OK PONG"))
        .half_close()
        .expect_end();
    server.wait_until_idle();
    let Some(before) = server.resources() else { return server.skip("no /proc to count in") };

    let mut crowd: Vec<Peer> =
        (0..150).map(|number| server.connect(&format!("loris {number}"))).collect();
    for loris in crowd.iter_mut().step_by(2) {
        loris.send(b"\0");
    }
    // In a full queue the guest's first SYN would be dropped, and the next comes a second later.
    server.wait_until_accepted();
    let begun = Instant::now();
    server.connect("guest").send(&frame("PING")).expect(&frame("OK PONG"));
    server.check(
        begun.elapsed() < test_time(0.4),
        &format!("With 150 slow clients about, a PING took {:?}.", begun.elapsed()),
        "client-thread",
        "each client has a thread of its own",
    );
    for loris in &mut crowd {
        loris.expect(&frame("ERROR TIMED_OUT")).expect_end().half_close();
    }
    expect_left(&server, &before);
}

#[test]
fn without_descriptors_it_pauses_and_goes_on() {
    let mut server = subject!("04").limit_open_files(32).serve([]);
    server
        .connect("first")
        .send(&frame("PING"))
        .expect(&frame("OK PONG"))
        .half_close()
        .expect_end();
    server.wait_until_idle();
    let Some(before) = server.resources() else { return server.skip("no /proc to count in") };
    let crowd: Vec<Peer> =
        (0..100).map(|number| server.connect(&format!("guest {number}"))).collect();
    // It cannot take all of them now. What does it do meanwhile?
    server.expect_log(SHORTAGE);
    // A second line may be right: a new thread may hold a descriptor for a moment (glibc asks a file
    // how many CPUs there are), and that was a shortage of its own.
    let again = server.logs_again_and_again(SHORTAGE, Duration::from_millis(160));
    server.check(
        !again,
        "The log says more than once that nobody can be taken, and it is still the same shortage.",
        "server-full-hours-log",
        "a server may be full for hours: log what changes, not what lasts",
    );
    server.wait_until_idle();
    let spent = server.resources().map_or(before.cpu, |now| now.cpu) - before.cpu;
    server.check(
        spent < Duration::from_millis(150),
        &format!("Out of descriptors, the server spent {spent:?} of CPU."),
        "accept-fails-want-descriptors",
        "accept that fails for want of descriptors fails again at once: pause",
    );
    drop(crowd);
    server.connect("next").send(&frame("PING")).expect(&frame("OK PONG"));
}

#[test]
fn ctrl_c_is_seen_although_all_places_are_taken() {
    let mut server = subject!("04").serve([]);
    let mut crowd: Vec<Peer> =
        (0..=256).map(|number| server.connect(&format!("guest {number}"))).collect();
    let mut last = crowd.pop().expect("there are 257");
    for guest in &mut crowd {
        guest.send(&frame("PING")).expect(&frame("OK PONG"));
    }
    if !server.interrupt() {
        return server.skip("this system has no signals");
    }
    last.says("place-late-get", "it has no place, and it is too late to get one").expect_end();
    // Not because the two seconds are over: those who are being served still are.
    crowd[0].send(&frame("PING")).expect(&frame("OK PONG"));
    for guest in &mut crowd {
        guest.half_close().expect_end();
    }
    server.expect_stopped();
}

#[test]
fn three_hundred_clients_wait_for_places_and_are_all_served() {
    let server = subject!("04").serve([]);
    let mut crowd: Vec<Peer> =
        (0..300).map(|number| server.connect(&format!("guest {number}"))).collect();
    for guest in &mut crowd {
        guest.send(&frame("PING")).expect(&frame("OK PONG")).half_close().expect_end();
    }
}
