//! Step limits: client N + 1, and no descriptor left.

use super::thread_limit::with_few_threads;
use common::close::DRAIN_TIME;
use std::time::{Duration, Instant};
use testkit::{Deadline, Peer, poll_until, subject};

const CLOSE_OUTSIDE: &str = "In `turn_away`, call `common::close::lingering` in a new thread. It may take a second, and the accept loop must not wait.";

#[test]
fn one_client_too_many_hears_that_the_server_is_full() {
    let server = subject!("02").serve(["--max-clients", "2"]);
    let mut one = server.connect("one");
    one.send(b"hello\n").expect(b"accepted\n");
    let mut two = server.connect("two");
    two.says(
        "admit-as-many-as-allowed",
        "In `admit`, refuse a client only if `count()` has reached `max_clients` before it is registered. Two are allowed, and this is the second.",
    )
    .send(b"hello\n")
    .expect(b"accepted\n");

    // It stays to the end, and is counted at no time.
    let mut third = server.connect("third");
    third
        .says(
            "refuse-client-n-plus-1",
            "In `admit`, return `Err(stream)` when `count()` has reached `max_clients`. Two clients are connected, and two are allowed.",
        )
        .says_if_closed(
            "send-the-refusal",
            "In `turn_away`, send `SERVER_FULL` with `closing.send` before you close the connection. The client must learn why.",
        )
        .expect(b"ERROR server full\n")
        .says(
            "close-a-refused-connection",
            "In `turn_away`, close the connection after the line, with `common::close::lingering`. The client waits for FIN.",
        )
        .expect_end();
    two.says(
        "do-not-count-a-refused-client",
        "In `admit`, compare before you call `register`. A refused client never counts.",
    )
    .send(b"stats\n")
    .expect(b"clients 2, messages 2\n");
    one.send(b"hello\n").expect(b"accepted\n");
}

#[test]
fn in_framing_read_a_refusal_has_no_newline() {
    let server = subject!("02").serve(["--max-clients", "1", "--framing", "read"]);
    let mut inside = server.connect("inside");
    inside.send(b"hello").expect(b"accepted");
    server
        .connect("second")
        .says(
            "refuse-in-the-framing",
            "In `turn_away`, send the line with `closing.send`. It writes the ending, which is empty with `--framing read`.",
        )
        .expect(b"ERROR server full")
        .expect_end();
}

#[test]
fn the_place_of_who_hears_closed_is_free() {
    let server = subject!("02").serve(["--max-clients", "1"]);
    // Clients that leave keep their side open, and their place is free all the same.
    let mut gone = Vec::new();
    let too_long = [b'x'; 1025];
    let endings: [(&[u8], &[u8]); 3] = [
        (b"close\n", b"closed\n"),
        (&too_long, b"ERROR line too long\n"),
        (b"close\n", b"closed\n"),
    ];
    for (last_line, reply) in endings {
        let mut peer = server.connect("leaves");
        peer.says(
            "free-the-place-before-closed",
            "In `finish`, call `Client::leave` before `Closing::close`, whatever the last line is. A client that has read its last line may connect again immediately.",
        )
        .send(b"hello\n")
        .expect(b"accepted\n")
        .send(last_line)
        .expect(reply);
        gone.push(peer);
    }
}

#[test]
fn clients_that_leave_together_are_closed_together() {
    let server = subject!("02").serve(["--max-clients", "16"]);
    let mut peers: Vec<Peer> = (0..16).map(|_| server.connect("leaves")).collect();
    for peer in &mut peers {
        peer.send(b"hello\n").expect(b"accepted\n");
    }
    // Each keeps its side open, so that its lingering close takes a second.
    for peer in &mut peers {
        peer.send(b"close\n");
    }
    let all_are_closed =
        poll_until(Deadline::usual(), || peers.iter_mut().all(|peer| peer.has_received()));
    server.check(
        all_are_closed,
        "16 clients sent `close` at the same time, and not all of them received `closed`.",
        "close-in-the-clients-own-thread",
        "In `finish`, call `Closing::close` in the client's own thread and hold no lock. A lingering close may take a second.",
    );
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
        .says(
            "free-the-place-of-a-broken-connection",
            "In `finish`, drop the `Client` also after an I/O error. Its place must be free on every way out.",
        )
        .send(b"hello\n")
        .expect(b"accepted\n");
}

#[test]
fn who_is_turned_away_hears_why_although_it_talks() {
    let mut server = subject!("02").serve(["--max-clients", "1"]);
    let mut stays = server.connect("stays");
    stays.send(b"hello\n").expect(b"accepted\n");
    // While the server is paused, everything arrives. So there is input when it closes.
    let is_paused = server.pause();
    let mut talker = server.connect("talker");
    talker.send(&b"let me in\n".repeat(3000));
    if is_paused {
        server.resume();
    }
    talker
        .says(
            "refuse-with-a-lingering-close",
            "In `turn_away`, close with `common::close::lingering`. A close with unread input sends RST, which destroys the line before it.",
        )
        .expect(b"ERROR server full\n")
        .expect_end()
        .expect_no_reset();
}

#[test]
fn who_is_turned_away_leaves_nothing_behind() {
    let mut server = subject!("02").serve(["--max-clients", "1"]);
    let mut inside = server.connect("inside");
    inside.send(b"hello\n").expect(b"accepted\n");
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    let refused: Vec<Peer> = (0..10).map(|_| server.connect("refused")).collect();
    server.says("close-outside-of-the-accept-loop", CLOSE_OUTSIDE).wait_until_accepted();
    drop(refused);
    server.expect_given_back(
        &before,
        "10 clients were refused and left",
        "drop-a-refused-stream",
        "In `turn_away`, move the stream into the thread that closes it, and keep no clone. Its descriptor must be free afterwards.",
    );
}

#[test]
fn who_is_turned_away_and_stays_holds_up_nobody() {
    let server = subject!("02").serve(["--max-clients", "1"]);
    let mut inside = server.connect("inside");
    inside.send(b"hello\n").expect(b"accepted\n");
    // Each lingering close may take a second. One after the other, they would take eight.
    let mut refused: Vec<Peer> = (0..8).map(|_| server.connect("refused")).collect();
    let last = refused.last_mut().expect("there are eight");
    last.says("close-outside-of-the-accept-loop", CLOSE_OUTSIDE).expect(b"ERROR server full\n");
    inside.send(b"close\n").expect(b"closed\n");
    server.connect("next").send(b"hello\n").expect(b"accepted\n");
}

#[test]
fn without_threads_it_goes_on_to_refuse_clients() {
    const REFUSED: usize = 5;
    let lab = with_few_threads(subject!("02"));
    lab.says(
        "survive-a-failed-spawn-in-turn-away",
        "In `turn_away`, return `None` when `spawn` of `thread::Builder` fails. `thread::spawn` panics, and that would end the accept loop.",
    );
    let server = lab.serve(["--max-clients", "1"]);
    let mut inside = server.connect("inside");
    inside.send(b"hello\n").expect(b"accepted\n");
    server.wait_until_idle();
    let threads = || server.resources().map_or(0, |now| now.threads);
    let (before, logged) = (threads(), server.stderr().len());
    let begun = Instant::now();
    let mut refused: Vec<Peer> = (0..REFUSED).map(|_| server.connect("refused")).collect();
    server.wait_until_idle();
    refused[0].expect(b"ERROR server full\n");
    // Each lingering close takes a second, because no client closes its side.
    let new = threads().saturating_sub(before);
    let is_short = begun.elapsed() < DRAIN_TIME && (1..REFUSED).contains(&new);
    server.check(
        !is_short || poll_until(Deadline::usual(), || server.stderr().len() > logged),
        "The system had no thread left for a refused client, and the log has no line about it.",
        "log-a-failed-spawn-in-turn-away",
        "In `turn_away`, write a line to the log when the system has no thread left for the lingering close.",
    );
    drop(refused);
    server.connect("next").expect(b"ERROR server full\n");
    inside.send(b"hello\n").expect(b"accepted\n");
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
        .says(
            "log-a-failing-accept",
            "In `on_accept_error`, log `cannot accept` and return. accept(2) fails with EMFILE when no descriptor is left, and the server goes on.",
        )
        .expect_log("cannot accept");
    server.check(
        server.sleeps(),
        "The server never sleeps. Without a descriptor it calls accept again and again.",
        "pause-before-the-next-accept",
        "In `on_accept_error`, sleep for `ACCEPT_PAUSE`. The client stays in the queue, so the next accept fails immediately.",
    );
    inside
        .says(
            "serve-on-without-descriptors",
            "Open no descriptor for an answer. A connected client needs no new one, so the shortage must not affect it.",
        )
        .send(b"hello\n")
        .expect(b"accepted\n");

    let mut last = others.pop().expect("there are nine");
    drop(others);
    last.says(
        "accept-again-after-a-shortage",
        "Return from `on_accept_error`, so that accept is called again. When descriptors are free, it returns the clients that waited.",
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
    // A second line may be right, because a new thread may hold a descriptor for a moment (glibc asks
    // a file how many CPUs there are), and that was another shortage. But a log that is written at
    // each try (ACCEPT_PAUSE) has two lines more within this time, again and again.
    let again = server.logs_again_and_again("cannot accept", Duration::from_millis(60));
    server.check(
        !again,
        "The log reports the same shortage more than once.",
        "log-a-shortage-once",
        "In `on_accept_error`, log only if `is_known` is false, and then set it to true. A shortage may last for hours, and there are fifty tries a second.",
    );
}

#[test]
fn a_client_that_gave_up_in_the_queue_is_no_shortage() {
    // Linux reports such a client only on the first read. Other systems do in accept(2), and so does
    // strace here, three times.
    let reset = "accept4,accept:error=ECONNRESET:when=1..3";
    let Some(lab) = subject!("02").with_fault(reset) else { return };
    let server = lab.serve([]);
    let mut peer = server.connect("peer");
    peer.says(
        "accept-again-after-an-aborted-client",
        "In `on_accept_error`, return immediately for `ConnectionReset` and `ConnectionAborted`. Only that one client is gone.",
    )
    .send(b"hello\n")
    .expect(b"accepted\n");
    server.check(
        !server.stderr().contains("cannot accept"),
        "A client gave up while it waited in the queue, and the log reports a shortage.",
        "an-aborted-client-is-no-shortage",
        "In `on_accept_error`, return for `ConnectionAborted`, `ConnectionReset` and `Interrupted` before you log. They concern one client.",
    );
}
