//! Step concurrency: a thread for each client.

use super::thread_limit::with_few_threads;
use std::net::TcpStream;
use testkit::{Deadline, Peer, poll_until, subject};

const TAKE_ALL_CLIENTS: &str = "In `thread_per_client`, take clients until the iterator ends, without `take`, and do not sleep between them. When a client leaves, only its own thread ends.";

const TAKE_THE_NEXT_CLIENT: (&str, &str) = (
    "take-the-next-client-after-a-failed-spawn",
    "In `thread_per_client`, take the next client after a failed `spawn_scoped`, without `break` or `return`. Threads are free again when clients have left.",
);

#[test]
fn who_comes_last_is_served_while_the_others_are_silent() {
    let server = subject!("02").serve([]);
    let mut first = server.connect("first");
    let mut second = server.connect("second");
    let mut third = server.connect("third");
    // In reverse order. A connection proves nothing, because the kernel accepts it by itself.
    third
        .says(
            "do-not-join-where-you-start",
            "In `thread_per_client`, start a thread for each client without a `join`, and hold no lock while it calls `handle`. A scope joins its threads, so open it outside of the loop.",
        )
        .send(b"hello\n")
        .expect(b"accepted\n");
    second.send(b"hel");
    first.send(b"hello\n").expect(b"accepted\n");
    second
        .says(
            "keep-half-a-line",
            "Give each client its own `Messages`. Half a line of one client delays no other client, and its second half completes it.",
        )
        .send(b"lo\n")
        .expect(b"accepted\n");
}

#[test]
fn new_clients_come_in_while_others_leave() {
    let server = subject!("02").serve([]);
    let mut stays = server.connect("stays");
    stays.send(b"hello\n").expect(b"accepted\n");
    for name in ["one", "another"] {
        server
            .connect(name)
            .says("take-clients-until-the-iterator-ends", TAKE_ALL_CLIENTS)
            .send(b"hello\nclose\n")
            .expect(b"accepted\nclosed\n")
            .expect_end();
    }
    // More clients than may be connected at the same time, one half after the other.
    for _ in 0..2 {
        let visitors: Vec<_> =
            (0..32).filter_map(|_| TcpStream::connect(server.address()).ok()).collect();
        drop(visitors);
        server.wait_until_idle();
    }
    server
        .connect("the 68th")
        .says("take-clients-until-the-iterator-ends", TAKE_ALL_CLIENTS)
        .send(b"hello\n")
        .expect(b"accepted\n");
    // A server that ends itself then has done so now.
    server.wait_until_idle();
    stays
        .says(
            "keep-the-other-clients",
            "End only the conversation that sent `close`, and never the program. Its thread returns, and the other clients stay connected.",
        )
        .send(b"still here\n")
        .expect(b"accepted\n");
}

#[test]
fn clients_that_are_silent_cost_no_time() {
    let server = subject!("02").serve([]);
    let mut peers: Vec<_> = (0..2).map(|_| server.connect("silent")).collect();
    for peer in &mut peers {
        peer.send(b"hello\n").expect(b"accepted\n");
    }
    server.check(
        server.wait_until_idle(),
        "The server never sleeps. It uses CPU time while its clients are silent.",
        "let-a-read-block",
        "Use a blocking read, and no loop that asks again and again. A thread that waits in the kernel uses no CPU time.",
    );
}

#[test]
fn without_threads_it_goes_on() {
    let lab = with_few_threads(subject!("02"));
    lab.says(
        "survive-a-failed-spawn",
        "In `thread_per_client`, use `spawn_scoped` of `thread::Builder`. If it fails, drop the client and take the next one. `scope.spawn` panics instead.",
    );
    let mut server = lab.serve([]);
    let logged = server.stderr().len();
    let mut clients: Vec<Peer> = (0..5).map(|_| server.connect("client")).collect();
    server.wait_until_idle();
    // A panic writes to stderr, too.
    if server.stderr().len() > logged && !server.stderr().contains("panicked") {
        server.says(TAKE_THE_NEXT_CLIENT.0, TAKE_THE_NEXT_CLIENT.1);
    }
    server.wait_until_accepted();
    server.wait_until_idle();
    // No client has sent anything, so it has received the end if it was dropped.
    let is_short = clients.iter_mut().any(Peer::has_received);
    server.check(
        !is_short || poll_until(Deadline::usual(), || server.stderr().len() > logged),
        "The system had no thread left for a client, and the log has no line about it.",
        "log-a-failed-spawn",
        "In `thread_per_client`, write a line to the log when `spawn_scoped` fails.",
    );
    drop(clients);
    server.wait_until_idle();
    server.check(
        !server.has_ended() || server.stderr().contains("panicked"),
        "The server ended after the system had no thread left for a client.",
        TAKE_THE_NEXT_CLIENT.0,
        TAKE_THE_NEXT_CLIENT.1,
    );
    server.connect("next").send(b"hello\n").expect(b"accepted\n");
}
