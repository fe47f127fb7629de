//! Step concurrency: a thread for each client.

use testkit::subject;

#[test]
fn who_comes_last_is_served_while_the_others_are_silent() {
    let server = subject!("02").serve([]);
    let mut first = server.connect("first");
    let mut second = server.connect("second");
    let mut third = server.connect("third");
    // In reverse: connecting proves nothing, the kernel does that in the server's name.
    third
        .says(
            "handle-client-thread-wait",
            "handle each client in a thread of its own, and do not wait for that thread",
        )
        .send(b"hello\n")
        .expect(b"accepted\n");
    second.send(b"hel");
    first.send(b"hello\n").expect(b"accepted\n");
    second
        .says("half-line-holds-forgotten", "half a line holds up nobody, and is not forgotten")
        .send(b"lo\n");
    second.expect(b"accepted\n");
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
                "clients-iterator-take-clients",
                "`clients` is an iterator: take clients from it until it ends",
            )
            .send(b"hello\nclose\n")
            .expect(b"accepted\nclosed\n")
            .expect_end();
    }
    stays.send(b"still here\n").expect(b"accepted\n");
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
        "The server never sleeps: it burns CPU time while its clients are silent.",
        "blocking-read-waits-kernel",
        "a blocking read waits in the kernel, at no cost; do not ask in a loop",
    );
}
