//! Step output: the kernel takes a part, and the server keeps the rest.

use super::clients::{ask, expect_idle, letters};
use testkit::{Peer, subject};

const KEEP_THE_REST: (&str, &str) = (
    "keep-what-was-not-taken",
    "In `flush`, `consume` as many bytes as write(2) returned, and continue behind them. The kernel may take a part.",
);

const WAIT_FOR_ROOM: (&str, &str) = (
    "stop-at-would-block",
    "In `flush`, stop at `WouldBlock` and keep the rest. In `interest`, ask for `write` while the output holds something.",
);

const ONLY_WITH_OUTPUT: (&str, &str) = (
    "write-interest-only-with-output",
    "In `interest`, ask for `write` only while the output holds something. An idle socket is always writable.",
);

const PAID: (&str, &str) = (
    "subtract-what-was-taken",
    "In `consume`, subtract `count` from `owed`. `flush` goes on while something is owed. In `interest`, ask for `write` only while the output holds something.",
);

/// So much that the kernel's buffers cannot hold it.
const LARGE: usize = 6_000_000;

#[test]
fn letters_end_with_a_newline() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    for count in [0, 1, 2, 26, 27, 1000] {
        peer.says(
            "letters-by-their-place",
            "In `next_bytes`, byte n of the letters is letter n modulo 26. The last byte is a newline, and is sent alone.",
        )
        .send(format!("bytes {count}\necho |\n").as_bytes())
        .wait_until_read();
        expect_idle(&server, PAID);
        peer.expect(&letters(count)).expect(b"|\n");
    }
}

#[test]
fn a_large_answer_arrives_whole() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.says(KEEP_THE_REST.0, KEEP_THE_REST.1)
        .send(format!("bytes {LARGE}\n").as_bytes())
        .expect(&letters(LARGE));
}

#[test]
fn a_client_that_reads_late_misses_nothing() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect_non_reading("peer");
    peer.says(WAIT_FOR_ROOM.0, WAIT_FOR_ROOM.1).send(b"bytes 300000\necho end\n").wait_until_read();
    server.wait_until_idle();
    expect_all(&mut peer, &[letters(300_000), b"end\n".to_vec()].concat());
}

/// Reads more at once than a peer that does not read, and compares.
fn expect_all(peer: &mut Peer, wanted: &[u8]) {
    let mut received = Vec::new();
    peer.pass_on(wanted.len() as u64, &mut received);
    let differs = received.iter().zip(wanted).position(|(one, other)| one != other);
    let sentence = format!("Byte {} of the answers is wrong.", differs.unwrap_or(0));
    peer.check(differs.is_none(), &sentence, "wrong bytes");
}

#[test]
fn long_lines_arrive_whole() {
    let server = subject!("09").serve(["--max-owed", "1000000"]);
    let mut peer = server.connect_non_reading("peer");
    let text = "0123456789".repeat(100);
    peer.says(KEEP_THE_REST.0, KEEP_THE_REST.1);
    // No more than a turn's share, and more than the kernel's buffers hold.
    for _ in 0..7 {
        peer.send(format!("echo {text}\n").repeat(60).as_bytes()).wait_until_read();
        server.wait_until_idle();
    }
    expect_all(&mut peer, format!("{text}\n").repeat(420).as_bytes());
}

#[test]
fn a_client_that_does_not_read_delays_no_other() {
    let server = subject!("09").serve([]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(b"bytes 10000000\n").wait_until_read();
    let mut peer = server.connect("peer");
    peer.says(WAIT_FOR_ROOM.0, WAIT_FOR_ROOM.1);
    ask(&mut peer, "echo hello", "hello");
}

#[test]
fn the_loop_sleeps_while_a_client_does_not_read() {
    let server = subject!("09").serve([]);
    let mut deaf = server.connect_non_reading("deaf");
    deaf.send(b"bytes 10000000\n").wait_until_read();
    expect_idle(
        &server,
        (
            "sleep-while-the-buffer-is-full",
            "In `flush`, return at `WouldBlock`, and let the poller wait until there is room. Trying again burns a CPU.",
        ),
    );
}

#[test]
fn the_loop_sleeps_after_a_large_answer() {
    let server = subject!("09").serve([]);
    let mut peer = server.connect("peer");
    peer.send(format!("bytes {LARGE}\n").as_bytes()).expect(&letters(LARGE));
    expect_idle(&server, ONLY_WITH_OUTPUT);
}

#[test]
fn a_gibibyte_takes_no_memory() {
    let server = subject!("09").serve([]);
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see memory in");
    };
    let mut deaf = server.connect_non_reading("deaf");
    let letters = (
        "make-letters-while-sending",
        "In `next_bytes`, return a part of `LETTERS`, and no new buffer. A request of one line must not take a gibibyte.",
    );
    deaf.send(b"bytes 1073741824\n").wait_until_read();
    // On a busy machine, a large buffer takes longer than this test looks.
    expect_idle(&server, letters);
    let grown = server.resources().map_or(0, |now| now.peak_memory) - before.peak_memory;
    let sentence = format!("One line of a client made the server larger by {} MiB.", grown >> 20);
    server.check(grown < 8 << 20, &sentence, letters.0, letters.1);
}
