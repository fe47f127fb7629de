//! Step naming: nobody is in the room before they have a name.

use super::people::{PROMPT, ROOMY, join};
use testkit::{Peer, subject};

/// How many names are asked for at the same moment, and how many clients want each of them.
const NAMES: usize = 16;
const RIVALS: usize = 4;

#[test]
fn the_server_asks_for_a_name() {
    let server = subject!("06").serve([]);
    let mut visitor = server.connect("visitor");
    visitor
        .says(
            "server-speaks-first-enter",
            "the server speaks first: `Enter your name: ` with a space at the end and no newline",
        )
        .expect(PROMPT);
    visitor.expect_silence();
}

#[test]
fn who_comes_first_finds_nobody_else() {
    let server = subject!("06").serve([]);
    let mut alice = join(&server, "alice", "nobody else");
    alice.says("welcome-line-newcomer-hears", "the welcome is one line, and all that a newcomer hears: that it joined is news for the others").expect_silence();
}

#[test]
fn a_newcomer_learns_who_is_here_in_the_order_of_joining() {
    let server = subject!("06").serve([]);
    // The first to connect is the last to join.
    let mut late = server.connect("late");
    late.expect(PROMPT);
    let _zoe = join(&server, "zoe", "nobody else");
    let _adam = join(&server, "Adam", "zoe");
    late.says(
        "list-joined-order-joining",
        "the list has those who have joined, in the order of joining, not of connecting",
    )
    .send(b"late\n")
    .expect(b"Welcome, late. Here: zoe, Adam\n");
    join(&server, "last", "zoe, Adam, late");
}

#[test]
fn a_taken_name_is_refused_whatever_its_case() {
    let server = subject!("06").serve([]);
    let _alice = join(&server, "Alice", "nobody else");
    let mut other = server.connect("other");
    other
        .says(
            "alice-alice-look-alike",
            "Alice and aLICE look alike to a hurried reader: compare names whatever the case",
        )
        .expect(PROMPT)
        .send(b"aLICE\n");
    expect_refusal(&mut other);
    other
        .says("refusal-next-try-begins", "after a refusal the next try begins with the prompt")
        .expect(PROMPT)
        .send(b"Alice2\n")
        .expect(b"Welcome, Alice2. Here: Alice\n");
}

#[test]
fn of_many_who_want_one_name_one_gets_it() {
    let mut server = subject!("06").serve(ROOMY);
    let mut rivals: Vec<Peer> = (0..NAMES * RIVALS).map(|_| server.connect("rival")).collect();
    for rival in &mut rivals {
        rival.expect(PROMPT);
    }
    // Frozen, the server finds all the names when it goes on. The room's lock is fair, so a thread
    // that asks for it twice meets the threads of its rivals between the two.
    server.pause();
    for (index, rival) in rivals.iter_mut().enumerate() {
        rival.send(format!("name{}\n", index / RIVALS).as_bytes());
    }
    server.resume();
    for (index, rivals) in rivals.chunks_mut(RIVALS).enumerate() {
        let welcomed = rivals.iter_mut().map(is_welcomed).filter(|welcomed| *welcomed).count();
        server.check(
            welcomed == 1,
            &format!("{RIVALS} clients sent `name{index}` at the same moment, and {welcomed} got it."),
            "question-whether-name-free", "between the question whether a name is free and the answer, another may take it: ask and take under one lock",
        );
    }
}

/// Whether the next line of our own is a welcome. (Others join meanwhile.)
fn is_welcomed(rival: &mut Peer) -> bool {
    loop {
        match rival.line() {
            line if line.starts_with("Welcome, ") => return true,
            line if line.starts_with("ERROR ") => return false,
            _ => (),
        }
    }
}

#[test]
fn what_is_no_name_is_refused() {
    let server = subject!("06").serve([]);
    let no_names: [&[u8]; 13] = [
        b"",
        b" ",
        b"two words",
        b" alice",
        b"alice ",
        b"seventeen_letters",
        b"a:",
        // No commands before there is a name: /who would tell a stranger who is here.
        b"/who",
        b"a\tb",
        b"\x1b[2J",
        b"bob\0",
        "zo\u{eb}".as_bytes(),
        // A letter and a digit, says Unicode: Cyrillic a, Arabic one.
        "\u{430}\u{661}".as_bytes(),
    ];
    for no_name in no_names {
        let mut visitor = server.connect("visitor");
        visitor
            .says("name-1-16-ascii", "a name is 1 to 16 ASCII letters, digits, _ or -, as it stands: nothing is trimmed or mended")
            .expect(PROMPT)
            .send(&[no_name, b"\n"].concat());
        expect_refusal(&mut visitor);
        visitor.expect(PROMPT);
    }
}

#[test]
fn what_is_a_name_is_welcome() {
    let server = subject!("06").serve([]);
    for name in ["x", "7", "_-_", "sixteen_letters0", "-A", "ERROR"] {
        let mut visitor = server.connect("visitor");
        visitor
            .says("1-16-z-z", "1 to 16 of a-z, A-Z, 0-9, _ and -, in any order")
            .expect(PROMPT)
            .send(format!("{name}\n").as_bytes())
            .expect(format!("Welcome, {name}. Here: ").as_bytes());
    }
}

#[test]
fn there_are_three_tries_in_all() {
    let server = subject!("06").serve([]);
    let mut unlucky = server.connect("unlucky");
    unlucky.says(
        "three-tries-third-refusal",
        "three tries in all: after the third refusal there is no prompt, but the end",
    );
    for _ in 0..3 {
        unlucky.expect(PROMPT).send(b"no name\n");
        expect_refusal(&mut unlucky);
    }
    unlucky.expect_end();

    let mut lucky = server.connect("lucky");
    lucky.says("three-tries-third-counts", "three tries in all: the third one counts");
    for _ in 0..2 {
        lucky.expect(PROMPT).send(b"no name\n");
        expect_refusal(&mut lucky);
    }
    lucky.expect(PROMPT).send(b"lucky\n").expect(b"Welcome, lucky. Here: nobody else\n");
}

#[test]
fn a_name_may_come_in_pieces_and_end_as_telnet_ends_it() {
    let server = subject!("06").serve([]);
    server
        .connect("telnet")
        .says(
            "line-arrive-number-reads",
            "a line may arrive in any number of reads, and ends in \\n or in \\r\\n",
        )
        .expect(PROMPT)
        .send_byte_by_byte(b"alice\r\n")
        .expect(b"Welcome, alice. Here: nobody else\n");
}

#[test]
fn what_follows_the_name_is_not_part_of_it() {
    let server = subject!("06").serve([]);
    server
        .connect("carol")
        .says(
            "read-bring-name-take",
            "one read may bring the name and more: take one line, keep the rest for later",
        )
        .send(b"carol\nand now")
        .expect(PROMPT)
        .expect(b"Welcome, carol. Here: nobody else\n");
}

#[test]
fn a_silent_visitor_keeps_nobody_waiting() {
    let server = subject!("06").serve([]);
    let mut silent = server.connect("silent");
    silent.expect(PROMPT);
    server
        .connect("alice")
        .says(
            "wait-visitor-name-hold",
            "while you wait for one visitor's name, do not hold what another needs: a lock",
        )
        .expect(PROMPT)
        .send(b"alice\n")
        .expect(b"Welcome, alice. Here: nobody else\n");
}

#[test]
fn a_visitor_who_leaves_without_a_name_joins_nothing() {
    let server = subject!("06").serve([]);
    let mut visitor = server.connect("visitor");
    visitor
        .says(
            "line-ending-line-ali",
            "a line without its ending is no line: `ali` at the end of the stream is no name",
        )
        .expect(PROMPT)
        .send(b"ali")
        .half_close()
        .expect_end();
    join(&server, "alice", "nobody else");
}

/// `ERROR ` and a reason, which is the server's own.
fn expect_refusal(peer: &mut Peer) {
    peer.expect(b"ERROR ");
    let reason = peer.line();
    // Should the reason repeat what was sent, it must not paint on a terminal.
    if reason.trim().is_empty() || reason.contains(char::is_control) {
        peer.expect(b"a reason, in plain words");
    }
}
