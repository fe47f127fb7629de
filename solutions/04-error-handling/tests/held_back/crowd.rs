//! Many clients: silent ones, slow ones, and some that only want an answer.

use super::{PATIENT, expect_left, frame};
use std::time::{Duration, Instant};
use testkit::{Peer, Server, Subject, subject, test_time, test_time_arg};

/// What a server logs when it cannot accept a client.
const SHORTAGE: &str = "cannot take another client";

#[test]
fn slow_lorises_are_cut_off_and_nobody_else_waits() {
    let lab = subject!("04");
    let _ = lab.undisturbed(|factor| cut_off_lorises(&lab, 0.5 * factor));
}

/// Expects that the server answers guests beside 150 slow clients, and leaves those. `None` if a guest
/// was silent for so long that the server may have left it, too.
fn cut_off_lorises(lab: &Subject, timeout: f64) -> Option<()> {
    let arg = test_time_arg(timeout);
    let mut server = lab.serve(["--frame-timeout", &arg, "--idle-timeout", &arg]);
    let timeout = test_time(timeout);
    ping(&server, timeout)?;
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        server.skip("no /proc to count in");
        return Some(());
    };

    let mut crowd: Vec<Peer> =
        (0..150).map(|number| server.connect(&format!("loris {number}"))).collect();
    for loris in crowd.iter_mut().step_by(2) {
        loris.send(b"\0");
    }
    // The kernel drops a SYN when the queue is full, and the client sends the next one after a second.
    server.wait_until_accepted();
    // Three, because on a busy machine one guest or the server may have no CPU for so long.
    let times = [ping(&server, timeout)?, ping(&server, timeout)?, ping(&server, timeout)?];
    let quickest = times.into_iter().min().expect("there are three");
    server.check(
        quickest < timeout.mul_f64(0.8),
        &format!("Beside 150 slow clients, the quickest of three PINGs took {quickest:?}."),
        "thread-for-each-client",
        "Serve each client in a thread of its own (`common::clients`). A slow client must not delay another one.",
    );
    for loris in &mut crowd {
        loris.expect(&frame("ERROR TIMED_OUT")).expect_end().half_close();
    }
    expect_left(&server, &before);
    Some(())
}

/// The time that a guest waits for its answer. `None` if the guest was silent for half of `timeout`.
fn ping(server: &Server, timeout: Duration) -> Option<Duration> {
    let begun = Instant::now();
    let mut guest = server.connect("guest");
    guest.send(&frame("PING"));
    if begun.elapsed() > timeout / 2 {
        return None;
    }
    guest.expect(&frame("OK PONG"));
    let took = begun.elapsed();
    // On a busy machine it may have got `ERROR TIMED_OUT` by now.
    guest.half_close().rest();
    Some(took)
}

#[test]
fn without_descriptors_it_pauses_and_goes_on() {
    let mut server = subject!("04").limit_open_files(32).serve(PATIENT);
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
    // It cannot accept all of them now.
    server.expect_log(SHORTAGE);
    // A second line may be right. A new thread may hold a descriptor for a moment, because glibc
    // reads the number of CPUs from a file, and this is another shortage.
    let again = server.logs_again_and_again(SHORTAGE, Duration::from_millis(160));
    server.check(
        !again,
        "The log reports one shortage more than once.",
        "log-a-shortage-once",
        "Log that descriptors are missing when that changes, not at each try. A server may be full for hours.",
    );
    server.wait_until_idle();
    let spent = server.resources().map_or(before.cpu, |now| now.cpu) - before.cpu;
    server.check(
        spent < Duration::from_millis(150),
        &format!("Out of descriptors, the server spent {spent:?} of CPU."),
        "pause-after-a-failed-accept",
        "Pause after accept(2) fails because of EMFILE. The next call fails immediately, too.",
    );
    drop(crowd);
    server.connect("next").send(&frame("PING")).expect(&frame("OK PONG"));
}

#[test]
fn ctrl_c_is_seen_although_all_places_are_taken() {
    let mut server = subject!("04").serve(PATIENT);
    let mut crowd: Vec<Peer> =
        (0..=256).map(|number| server.connect(&format!("guest {number}"))).collect();
    let mut last = crowd.pop().expect("there are 257");
    for guest in &mut crowd {
        guest.send(&frame("PING")).expect(&frame("OK PONG"));
    }
    if !server.interrupt() {
        return server.skip("this system has no signals");
    }
    last.says(
        "no-place-after-ctrl-c",
        "Close a client that waits for a place when Ctrl-C has come.",
    )
    .expect_end();
    // The two seconds are not over, because the server still answers its clients.
    crowd[0].send(&frame("PING")).expect(&frame("OK PONG"));
    for guest in &mut crowd {
        guest.half_close().expect_end();
    }
    server.expect_stopped();
}

#[test]
fn three_hundred_clients_wait_for_places_and_are_all_served() {
    let server = subject!("04").serve(PATIENT);
    let mut crowd: Vec<Peer> =
        (0..300).map(|number| server.connect(&format!("guest {number}"))).collect();
    for guest in &mut crowd {
        guest.send(&frame("PING")).expect(&frame("OK PONG")).half_close().expect_end();
    }
}
