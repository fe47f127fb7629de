//! Step limits: one client too many, and no descriptor left.

use std::time::Duration;
use testkit::{Peer, subject};

/// What a server may spend on a CPU while it has nothing to do but to try again now and then.
const LITTLE: Duration = Duration::from_millis(50);

#[test]
fn one_client_too_many_hears_that_the_server_is_full() {
    let server = subject!("02").serve(["--max-clients", "2"]);
    let mut one = server.connect("one");
    one.send(b"hello\n").expect(b"accepted\n");
    let mut two = server.connect("two");
    two.send(b"hello\n").expect(b"accepted\n");

    server
        .connect("third")
        .says(
            "say-error-server-full",
            "two are here and two may be: say `ERROR server full`, and close in order",
        )
        .expect(b"ERROR server full\n")
        .expect_end();
    two.says("was-turned-away-was", "who was turned away was never here").send(b"stats\n");
    two.expect(b"clients 2, messages 2\n");
    one.send(b"hello\n").expect(b"accepted\n");
}

#[test]
fn the_place_of_who_hears_closed_is_free() {
    let server = subject!("02").serve(["--max-clients", "1"]);
    // Those who leave keep their side open, and their place is free all the same.
    let mut gone = Vec::new();
    for name in ["first", "second", "third"] {
        let mut peer = server.connect(name);
        peer.says(
            "free-place-first-say",
            "free the place first, then say `closed`: who has heard it may come again at once",
        )
        .send(b"hello\n")
        .expect(b"accepted\n")
        .send(b"close\n")
        .expect(b"closed\n");
        gone.push(peer);
    }
}

#[test]
fn the_place_of_who_resets_is_free() {
    let server = subject!("02").serve(["--max-clients", "1"]);
    let mut rude = server.connect("rude");
    rude.send(b"hello\n").expect(b"accepted\n");
    rude.reset();
    server.wait_until_idle();
    server
        .connect("next")
        .says("place-given-back-way", "a place is given back on every way out")
        .send(b"hello\n")
        .expect(b"accepted\n");
}

#[test]
fn who_is_turned_away_hears_why_although_it_talks() {
    let server = subject!("02").serve(["--max-clients", "1"]);
    let mut stays = server.connect("stays");
    stays.send(b"hello\n").expect(b"accepted\n");
    server
        .connect("talker")
        .says("place-whatever-sends-say-socket", "there is no place for it, whatever it sends: say so. And a socket that is closed with unread input sends RST, which destroys what was just said: close it with common::close::orderly")
        .send(&b"let me in\n".repeat(10_000))
        .half_close()
        .expect(b"ERROR server full\n")
        .expect_end();
}

#[test]
fn who_is_turned_away_and_stays_holds_up_nobody() {
    let server = subject!("02").serve(["--max-clients", "1"]);
    let mut inside = server.connect("inside");
    inside.send(b"hello\n").expect(b"accepted\n");
    // Each may take a second to go; in a row they would take eight.
    let mut refused: Vec<Peer> = (0..8).map(|_| server.connect("refused")).collect();
    let last = refused.last_mut().expect("there are eight");
    last.says(
        "turning-client-away-take",
        "turning a client away may take a second: not in the accept loop, where all others wait",
    )
    .expect(b"ERROR server full\n");
    inside.send(b"close\n").expect(b"closed\n");
    server.connect("next").send(b"hello\n").expect(b"accepted\n");
}

#[test]
fn out_of_descriptors_it_sleeps_and_goes_on_when_there_are_some() {
    let lab = subject!("02").limit_open_files(12);
    if cfg!(not(unix)) {
        return lab.skip("this system has no RLIMIT_NOFILE");
    }
    let mut server = lab.serve([]);
    let mut inside = server.connect("inside");
    inside.send(b"hello\n").expect(b"accepted\n");
    let mut others: Vec<Peer> = (0..9).map(|_| server.connect("other")).collect();
    server
        .says("accept-2-fails-emfile", "accept(2) fails with EMFILE when no descriptor is left: whoever runs the server should be told")
        .expect_log("cannot accept");
    // Its pauses are short, and on a busy machine two looks may not fit in one: then what it spends
    // on a CPU tells.
    let cpu = || server.resources().map_or(Duration::ZERO, |now| now.cpu);
    let before = cpu();
    let sleeps = server.wait_until_idle() || cpu().saturating_sub(before) < LITTLE;
    server.check(
        sleeps,
        "The server never sleeps: without a descriptor it calls accept again and again.",
        "client-stays-queue-accept",
        "the client stays in the queue, and accept fails again at once: pause before the next try",
    );
    inside
        .says("already-need-new-descriptor", "those who are here already need no new descriptor")
        .send(b"hello\n")
        .expect(b"accepted\n");

    let mut last = others.pop().expect("there are nine");
    drop(others);
    last.says(
        "descriptors-wait-served-accept",
        "when descriptors are there again, those who wait are served: accept goes on",
    )
    .send(b"hello\n")
    .expect(b"accepted\n");
}

#[test]
fn a_shortage_is_one_line_in_the_log() {
    let lab = subject!("02").limit_open_files(12);
    if cfg!(not(unix)) {
        return lab.skip("this system has no RLIMIT_NOFILE");
    }
    let mut server = lab.serve([]);
    let _peers: Vec<Peer> = (0..10).map(|_| server.connect("peer")).collect();
    server.expect_log("cannot accept");
    // A second line may be right: a new thread may hold a descriptor for a moment (glibc asks a file
    // how many CPUs there are), and that was a shortage of its own. But a log that is written at each
    // try (ACCEPT_PAUSE) has two lines more within this time, and then again.
    let again = server.logs_again_and_again("cannot accept", Duration::from_millis(60));
    server.check(
        !again,
        "The log says more than once that nobody can be accepted, and it is still the same shortage.",
        "server-full-hours-log", "a server may be full for hours: log what changes, not what lasts",
    );
}
