//! Step concurrency: a thread for each client.

use testkit::subject;

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
            "In `thread_per_client`, start a thread for each client and do not wait for it there. A silent client blocks its own thread only.",
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
            .says(
                "take-clients-until-the-iterator-ends",
                "In `thread_per_client`, take clients until the iterator ends. When a client leaves, only its own thread ends.",
            )
            .send(b"hello\nclose\n")
            .expect(b"accepted\nclosed\n")
            .expect_end();
    }
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
