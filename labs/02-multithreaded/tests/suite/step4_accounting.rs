//! Step accounting: who is here, and what they have said.

use testkit::{Peer, subject};

#[test]
fn stats_tells_who_is_here_and_what_was_accepted() {
    let server = subject!("02").serve([]);
    let mut one = server.connect("one");
    one.send(b"a\nb\n").expect(b"accepted\naccepted\n");
    let mut two = server.connect("two");
    two.says("clients-n-messages-m", "`clients N, messages M`: all who are connected now, and all that was answered with `accepted`, whoever sent it")
        .send(b"c\nstats\n")
        .expect(b"accepted\nclients 2, messages 3\n");
    one.says(
        "stats-message-counts-upper",
        "stats is no message that counts, and in upper case it is the same word",
    )
    .send(b"STATS\r\n")
    .expect(b"clients 2, messages 3\n");
}

#[test]
fn in_framing_read_stats_has_no_newline() {
    let server = subject!("02").serve(["--framing", "read"]);
    let mut peer = server.connect("peer");
    peer.says(
        "answer-framing-read-comes",
        "every answer of --framing read comes without a newline",
    )
    .send(b"stats")
    .expect(b"clients 1, messages 0");
    peer.expect_silence();
}

#[test]
fn totals_are_exact_when_all_talk_at_once() {
    const CLIENTS: usize = 8;
    const EACH: usize = 4000;
    let mut server = subject!("02").serve([]);
    let mut peers: Vec<Peer> = (0..CLIENTS).map(|_| server.connect("talker")).collect();
    for peer in &mut peers {
        peer.send(b"x\n").expect(b"accepted\n");
    }
    // All threads find their work at the same moment, where the server can be frozen.
    let is_frozen = server.pause();
    for peer in &mut peers {
        peer.send(&b"x\n".repeat(EACH));
    }
    if is_frozen {
        server.resume();
    }
    for peer in &mut peers {
        peer.expect(&b"accepted\n".repeat(EACH));
    }
    let total = format!("clients {CLIENTS}, messages {}\n", CLIENTS * (EACH + 1));
    peers[0]
        .says("threads-load-add-store", "two threads that load, add and store at once may both store the same number: count in one step (fetch_add)")
        .send(b"stats\n")
        .expect(total.as_bytes());
}

#[test]
fn a_client_is_counted_out_whichever_way_it_leaves() {
    let server = subject!("02").serve([]);
    let mut observer = server.connect("observer");
    let hello = |name| {
        let mut peer = server.connect(name);
        peer.send(b"hello\n").expect(b"accepted\n");
        peer
    };
    hello("says close").send(b"close\n").expect(b"closed\n").expect_end();
    hello("closes").half_close().expect_end();
    hello("talks too long").send(&[b'x'; 2000]).expect(b"ERROR line too long\n").expect_end();
    hello("resets").reset();

    // All that they did has arrived; when the server sleeps, it has dealt with it.
    server.wait_until_idle();
    observer
        .says("four-five-left-counting", "four of five have left: counting out belongs into Drop, which runs on every way out, also the unexpected ones")
        .send(b"stats\n")
        .expect(b"clients 1, messages 4\n");
}

#[test]
fn threads_and_descriptors_are_given_back() {
    let server = subject!("02").serve([]);
    let mut stays = server.connect("stays");
    stays.send(b"hello\n").expect(b"accepted\n");
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    for _ in 0..4 {
        let mut visitors: Vec<Peer> = (0..10).map(|_| server.connect("visitor")).collect();
        for visitor in &mut visitors {
            visitor.send(b"hello\n").expect(b"accepted\n");
        }
        visitors.remove(0).reset();
    }
    server.expect_given_back(
        &before,
        "40 clients came and left",
        "socket-closed-last-owner", "a socket is closed when its last owner is dropped, and a thread ends when its function does: who still holds the streams, and what do the threads wait for?",
    );
}
