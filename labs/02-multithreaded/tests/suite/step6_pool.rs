//! Step pool: a fixed number of threads, for any number of clients.

use super::thread_limit::with_few_threads;
use testkit::{Peer, subject};

#[test]
fn as_many_are_served_at_once_as_there_are_workers() {
    let server = subject!("02").serve(["--workers", "2"]);
    let mut one = server.connect("one");
    one.says(
        "queue-each-client-as-it-comes",
        "In `worker_pool`, send each client to the workers as soon as the iterator returns it. The iterator ends at Ctrl-C, so `collect` waits until then.",
    )
    .send(b"hello\n")
    .expect(b"accepted\n");
    let mut two = server.connect("two");
    two.says(
        "start-as-many-workers-as-asked",
        "In `worker_pool`, start exactly `workers` threads. A worker must hold no lock while it calls `handle`. Two workers serve two clients at a time.",
    )
    .send(b"hello\n")
    .expect(b"accepted\n");
    let mut three = server.connect("three");
    three
        .says(
            "a-busy-pool-lets-clients-wait",
            "In `worker_pool`, start no thread for client N + 1. It waits in the queue until a worker is free.",
        )
        .send(b"hello\n");
    three.expect_silence();

    one.half_close().expect_end();
    three
        .says(
            "a-free-worker-takes-the-next-client",
            "Let each worker loop over `receiver.iter()`. When its client has left, it takes the next one from the queue.",
        )
        .expect(b"accepted\n");
}

#[test]
fn clients_that_wait_are_served_in_order() {
    let mut server = subject!("02").serve(["--workers", "1"]);
    let mut inside = server.connect("inside");
    inside.send(b"hello\n").expect(b"accepted\n");
    server.says(
        "accept-while-all-workers-are-busy",
        "In `worker_pool`, put each client into a queue that has room for `max_clients`. The accept loop must not wait for a worker.",
    );
    let mut waiting = Vec::new();
    for name in ["second", "third", "fourth"] {
        let mut peer = server.connect(name);
        peer.send(b"hello\n");
        server.wait_until_accepted();
        waiting.push(peer);
    }
    inside
        .says(
            "a-worker-serves-its-client-to-the-end",
            "Let each worker call `handle` with the client that it took from the queue. `handle` returns when this client has left.",
        )
        .half_close()
        .expect_end();
    for (number, peer) in waiting.iter_mut().enumerate() {
        peer.says(
            "first-come-first-served",
            "Put clients into the queue and take them out in the same order. A channel does that, a stack does not.",
        )
        .expect(b"accepted\n");
        if number == 0 {
            // The next one must still wait.
            peer.expect_silence();
        }
        peer.half_close().expect_end();
    }
}

#[test]
fn the_number_of_threads_does_not_change() {
    let server = subject!("02").serve(["--workers", "3"]);
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads in");
    };
    let mut first = server.connect("first");
    first.send(b"hello\n").expect(b"accepted\n");
    let mut others: Vec<_> = (0..10).map(|_| server.connect("other")).collect();
    for other in &mut others {
        other.send(b"hello\n");
    }
    others[1]
        .says(
            "three-workers-serve-three-clients",
            "In `worker_pool`, start `workers` threads, and let each take clients from the queue in their order. This is the third client.",
        )
        .expect(b"accepted\n");
    server.wait_until_idle();
    let threads = server.resources().map_or(0, |now| now.threads);
    server.check(
        threads == before.threads,
        &format!("Before the first client the server had {} threads; with 11, {threads}.", before.threads),
        "start-all-workers-first",
        "In `worker_pool`, start all workers before you take the first client, and no thread after that.",
    );
}

#[test]
fn a_worker_outlives_its_clients() {
    let lab = subject!("02");
    lab.says(
        "a-worker-serves-many-clients",
        "Let a worker loop over `receiver.iter()`, and send it every client of the iterator. It takes the next client, whatever ended the last conversation.",
    );
    // Fewer than come, one after the other.
    let server = lab.serve(["--workers", "1", "--max-clients", "3"]);
    let hello = |name| {
        let mut peer = server.connect(name);
        peer.send(b"hello\n").expect(b"accepted\n");
        peer
    };
    hello("resets").reset();
    hello("talks too long").send(&[b'x'; 2000]).half_close().expect(b"ERROR line too long\n");
    hello("says close").send(b"close\n").half_close().expect(b"closed\n").expect_end();
    hello("closes").half_close().expect_end();
    hello("normal");
}

#[test]
fn who_gives_up_in_the_queue_is_no_trouble() {
    let server = subject!("02").serve(["--workers", "1"]);
    let mut inside = server.connect("inside");
    inside.send(b"hello\n").expect(b"accepted\n");
    let mut impatient = server.connect("impatient");
    impatient.send(b"hello\n");
    let mut patient = server.connect("patient");
    patient.send(b"hello\n");
    impatient.reset();

    inside.half_close().expect_end();
    patient
        .says(
            "a-queued-client-may-be-gone",
            "Handle errors of a client that left while it waited in the queue, and use no `unwrap`. The worker takes the next client.",
        )
        .expect(b"accepted\n");
}

#[test]
fn who_waits_in_the_queue_has_a_place() {
    let server = subject!("02").serve(["--workers", "1", "--max-clients", "3"]);
    let mut inside = server.connect("inside");
    inside.send(b"hello\n").expect(b"accepted\n");
    let _waiting = [server.connect("waiting"), server.connect("waiting")];
    server
        .connect("fourth")
        .says(
            "give-the-queue-room-for-all",
            "Make the queue with room for `max_clients`. When it is full, `send` waits, and the accept loop cannot refuse a client.",
        )
        .expect(b"ERROR server full\n")
        .expect_end();
    inside
        .says(
            "clients-in-the-queue-are-connected",
            "Register a client before it waits in the queue. `stats` counts the clients that wait for a worker.",
        )
        .send(b"stats\n")
        .expect(b"clients 3, messages 1\n");
}

#[test]
fn a_pool_that_is_too_large_is_an_error() {
    let mut server = with_few_threads(subject!("02")).serve(["--workers", "8"]);
    server.wait_until_idle();
    let advice = (
        "report-a-worker-that-cannot-start",
        "In `worker_pool`, return the error of `spawn_scoped` with `?`, and drop the sender. A pool of fewer threads is not what the user asked for.",
    );
    if server.has_ended() {
        server.says(advice.0, advice.1).expect_error(&["cannot start 8 workers"]);
        return;
    }
    // A program that has smaller stacks may have started all of them.
    let mut clients: Vec<Peer> = (0..8).map(|_| server.connect("client")).collect();
    // It may also wait for ever for the workers that have started. Then it serves no client.
    clients[0].says(
        "drop-the-sender-after-an-error",
        "In `worker_pool`, drop the sender also when `spawn_scoped` fails, and return its error. The scope waits for the started workers, and they wait for clients.",
    );
    clients[0].send(b"hello\n").expect(b"accepted\n");
    for client in &mut clients[1..] {
        client.says(advice.0, advice.1).send(b"hello\n").expect(b"accepted\n");
    }
}
