//! Step pool: a fixed number of threads, for any number of clients.

use testkit::subject;

#[test]
fn as_many_are_served_at_once_as_there_are_workers() {
    let server = subject!("02").serve(["--workers", "2"]);
    let mut one = server.connect("one");
    one.send(b"hello\n").expect(b"accepted\n");
    let mut two = server.connect("two");
    two.says(
        "workers-serve-clients-once",
        "two workers serve two clients at once, although the first stays",
    )
    .send(b"hello\n")
    .expect(b"accepted\n");
    let mut three = server.connect("three");
    three
        .says(
            "both-workers-busy-third",
            "both workers are busy: the third client waits in the queue",
        )
        .send(b"hello\n");
    three.expect_silence();

    one.half_close().expect_end();
    three
        .says("worker-done-takes-next", "a worker that is done takes the next from the queue")
        .expect(b"accepted\n");
}

#[test]
fn the_number_of_threads_does_not_change() {
    let server = subject!("02").serve(["--workers", "3"]);
    let mut first = server.connect("first");
    first.send(b"hello\n").expect(b"accepted\n");
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads in");
    };
    let mut others: Vec<_> = (0..10).map(|_| server.connect("other")).collect();
    for other in &mut others {
        other.send(b"hello\n");
    }
    others[1]
        .says("three-workers-three-clients", "three workers, three clients")
        .expect(b"accepted\n");
    server.wait_until_idle();
    let threads = server.resources().map_or(0, |now| now.threads);
    server.check(
        threads == before.threads,
        &format!("With one client the server had {} threads; with 11, {threads}.", before.threads),
        "start-workers-first-client",
        "start all workers before the first client comes, and no thread after that",
    );
}

#[test]
fn a_worker_outlives_its_clients() {
    let server = subject!("02").serve(["--workers", "1"]);
    let hello = |name| {
        let mut peer = server.connect(name);
        peer.says(
            "worker-takes-next-client",
            "the worker takes the next client, however its last conversation ended",
        )
        .send(b"hello\n")
        .expect(b"accepted\n");
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
            "waits-queue-dead-turn",
            "what waits in the queue may be dead when its turn comes: that is its own trouble",
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
        .says("queue-room-full-accept", "the queue must have room for all who may be here: if it is full, the accept loop waits, and cannot even turn anybody away")
        .expect(b"ERROR server full\n")
        .expect_end();
    inside.send(b"stats\n").expect(b"clients 3, messages 1\n");
}
