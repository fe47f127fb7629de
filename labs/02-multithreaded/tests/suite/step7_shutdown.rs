//! Step shutdown: Ctrl-C, while clients are here.

use std::time::{Duration, Instant};
use testkit::{Server, subject};

const NO_SIGNALS: &str = "this system has no signals";

const WAKE_THEM: &str = "a thread that sleeps in read does not see that the server stops: wake it";

/// After two seconds the server ends by force: it took less if it ended by itself.
const AT_ONCE: Duration = Duration::from_millis(1800);

#[test]
fn clients_that_are_silent_do_not_hold_up_the_end() {
    let mut server = subject!("02").serve([]);
    let mut peers: Vec<_> = (0..3).map(|_| server.connect("silent")).collect();
    for peer in &mut peers {
        peer.send(b"hello\n").expect(b"accepted\n");
    }
    peers[0].send(b"half a li");
    // Or it may still be reading that, and would then wait for the client's goodbye.
    server.wait_until_idle();
    let began = Instant::now();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    stops_at_once(&mut server, began, "thread-sleeps-read-see", WAKE_THEM);
    peers[0].says("closed-order-fin-rst", "they are closed in order: FIN, and no RST").expect_end();
}

#[test]
fn workers_and_those_who_wait_for_them_do_not_hold_up_the_end() {
    let mut server = subject!("02").serve(["--workers", "1"]);
    let mut served = server.connect("served");
    served.send(b"hello\n").expect(b"accepted\n");
    let mut waiting = server.connect("waiting");
    waiting.send(b"hello\n");
    server.wait_until_accepted();
    server.wait_until_idle();
    let began = Instant::now();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    stops_at_once(
        &mut server,
        began,
        "workers-end-queue-empty",
        "the workers end when the queue is empty and its sender is dropped: who holds it still?",
    );
    waiting
        .says(
            "was-let-message-arrived",
            "it was let in, and its message had arrived: it has a right to its answer",
        )
        .expect(b"accepted\n")
        .expect_end();
}

#[test]
fn a_reply_under_way_is_finished() {
    // More answers than the buffers between the two can hold: the server is in the middle of a
    // write, and will be until the peer reads.
    const MESSAGES: usize = 30_000;
    let mut server = subject!("02").serve([]);
    let mut peer = server.connect_non_reading("peer");
    peer.send(&b"\n".repeat(MESSAGES));
    server.wait_until_idle();
    let began = Instant::now();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server.wait_until_idle();
    peer.says("ctrl-c-ends-waiting", "Ctrl-C ends the waiting, not the writing: who is being answered goes on until nothing is left to answer")
        .expect(&b"accepted\n".repeat(MESSAGES))
        .expect_end();
    drop(peer);
    stops_at_once(&mut server, began, "thread-sleeps-read-see", WAKE_THEM);
}

fn stops_at_once(server: &mut Server, began: Instant, id: &str, think: &str) {
    server.says(id, think).expect_stopped();
    let took = began.elapsed();
    server.check(
        took < AT_ONCE,
        &format!("The server took {:.1} s to end: that was by force.", took.as_secs_f32()),
        id,
        think,
    );
}
