//! Step naming: a connection without a name is not in the room.

use super::people::{NEWCOMER_GETS_THE_WELCOME_ONLY, PROMPT, ROOMY, join, join_first};
use testkit::{Peer, Server, show, subject};

/// The beginning of the answer to a name that is refused.
const REFUSAL: &[u8] = b"ERROR ";

/// How many names are asked for at the same moment, and how many clients want each of them.
const NAMES: usize = 8;
const RIVALS: usize = 4;

const THREE_TRIES: &str = "In ask, count each refused name as a try, also one that is taken. In join, compare the names before `remove_visitor`.";

const THREE_TRIES_NOT_TWO: &str = "In ask, read three names and answer each of them before you return `Break(End::Nameless)`. `1..TRIES` has two numbers. A taken name ends no connection.";

const WELCOME_UNDER_THE_SAME_LOCK: &str = "In join, keep the guard until `send_to` has sent the welcome. `Room::answer` takes a lock of its own, and a line of the room may come before it.";

const NOTHING_BEHIND_THE_LAST_REFUSAL: &str = "In ask, send no prompt after the third refusal, also of a taken name. In leave, push last words only if `End::last_words` has returned some.";

const PROMPT_FIRST: &str = "In ask, send PROMPT, without a newline, before you read. If this test has passed before, flush in write_lines when the queue is empty, and start it before `converse`.";

const WAIT_FOR_THE_NEXT_LINE: &str = "In ask, wait for the name. If you have begun step slow, loop over `queue` in write_lines. `try_iter` ends at an empty queue, which has not ended.";

const ONLY_SUCH_NAMES: &str = "In Name::parse, accept 1 to 16 ASCII letters, digits, `_` and `-`. Trim nothing, neither in ask nor in parse. An empty line is a refused name.";

#[test]
fn the_server_asks_for_a_name() {
    let server = subject!("06").serve([]);
    let mut visitor = server.connect("visitor");
    visitor
        .says("prompt-first", PROMPT_FIRST)
        .says_if_closed("wait-for-the-next-line", WAIT_FOR_THE_NEXT_LINE)
        .expect(PROMPT)
        .says("wait-for-the-next-line", WAIT_FOR_THE_NEXT_LINE)
        .says_if_more("prompt-first", PROMPT_FIRST)
        .expect_silence();
}

#[test]
fn who_comes_first_finds_nobody_else() {
    let server = subject!("06").serve([]);
    let mut alice = join_first(&server, "alice", "nobody else");
    alice.says("newcomer-gets-the-welcome-only", NEWCOMER_GETS_THE_WELCOME_ONLY).expect_silence();
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
        "list-in-the-order-of-joining",
        "In join, make the list with `list_except`, and add the newcomer at the end. The order is that of joining, not of connecting.",
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
            "names-in-any-case",
            "In `join`, call `member_called`, which ignores case, before `remove_visitor`. A connection in neither list gets no answer.",
        )
        .expect(PROMPT)
        .send(b"aLICE\n");
    expect_refusal(&mut other);
    other
        .says(
            "prompt-after-a-refusal",
            "In ask, send PROMPT again after a refused name, and read the next line.",
        )
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
        let answers = rivals.iter_mut().map(|rival| is_welcomed(&server, rival));
        let welcomed = answers.filter(|welcomed| *welcomed).count();
        server.check(
            welcomed == 1,
            &format!("{RIVALS} clients sent `name{index}` at the same moment, and {welcomed} got it."),
            "check-and-join-under-one-lock", "In join, check the name and add the member under one lock. Between two locks, another thread can take the name.",
        );
    }
}

/// Whether the answer to our name is a welcome. Other members join meanwhile, and no line about them
/// may come before it.
fn is_welcomed(server: &Server, rival: &mut Peer) -> bool {
    let answer = rival.line();
    let is_welcome = answer.starts_with("Welcome, ");
    server.check(
        is_welcome || answer.starts_with("ERROR "),
        &format!("Many clients sent names at the same moment, and one received {answer:?} before the answer to its name."),
        "welcome-under-the-same-lock",
        WELCOME_UNDER_THE_SAME_LOCK,
    );
    is_welcome
}

#[test]
fn what_is_no_name_is_refused() {
    let server = subject!("06").serve([]);
    let no_names: [&[u8]; 20] = [
        b"",
        b" ",
        b"two words",
        b" alice",
        b"alice ",
        b"seventeen_letters",
        // Each of these has a meaning in a line of the room, or looks as if it had.
        b"a:",
        b"a.b",
        b"a,b",
        b"a@b",
        b"a+b",
        b"a!",
        b"[a]",
        // There are no commands at the prompt, or a visitor could list the members.
        b"/who",
        b"a\tb",
        b"\x1b[2J",
        b"bob\0",
        "zo\u{eb}".as_bytes(),
        // A letter and a digit in Unicode: Cyrillic a, Arabic one.
        "\u{430}\u{661}".as_bytes(),
        b"b\xff",
    ];
    // The third refusal would be the end of a connection.
    for two in no_names.chunks(2) {
        let mut visitor = server.connect("visitor");
        visitor.says("only-such-names", ONLY_SUCH_NAMES).expect(PROMPT);
        for no_name in two {
            visitor.send(&[no_name, b"\n".as_slice()].concat());
            expect_refusal(&mut visitor);
            visitor.says("only-such-names", ONLY_SUCH_NAMES).expect(PROMPT);
        }
    }
}

#[test]
fn what_is_a_name_is_welcome() {
    let server = subject!("06").serve([]);
    // All of them stay, so that no goodbye comes before a welcome.
    let names = ["x", "7", "_-_", "sixteen_letters0", "-A", "ERROR"];
    let mut visitors = names.map(|_| server.connect("visitor"));
    for (name, visitor) in names.iter().zip(&mut visitors) {
        visitor
            .says("every-such-name", "In Name::parse, accept every name of 1 to 16 ASCII letters, digits, `_` and `-`, in any order.")
            .expect(PROMPT)
            .send(format!("{name}\n").as_bytes())
            .expect(format!("Welcome, {name}. Here: ").as_bytes());
    }
}

#[test]
fn there_are_three_tries_in_all() {
    let server = subject!("06").serve([]);
    let _bob = join(&server, "bob", "nobody else");
    let mut unlucky = server.connect("unlucky");
    unlucky
        .says("three-tries", THREE_TRIES)
        .says_if_closed("three-tries-not-two", THREE_TRIES_NOT_TWO);
    for name in ["no name", "bob", "BOB"] {
        unlucky.expect(PROMPT).send(format!("{name}\n").as_bytes());
        expect_refusal(&mut unlucky);
    }
    unlucky
        .says(
            "close-after-three-tries",
            "In ask, return `Break(End::Nameless)` after the third refusal. If you have begun step slow, call leave before you wait for the writer.",
        )
        .says_if_more("nothing-behind-the-last-refusal", NOTHING_BEHIND_THE_LAST_REFUSAL)
        .expect_end();

    let mut lucky = server.connect("lucky");
    lucky.says(
        "third-try-counts",
        "In ask, accept a name at the third try. A connection has three tries in all.",
    );
    for _ in 0..2 {
        lucky.expect(PROMPT).send(b"no name\n");
        expect_refusal(&mut lucky);
    }
    lucky.expect(PROMPT).send(b"lucky\n").expect(b"Welcome, lucky. Here: bob\n");
}

#[test]
fn a_name_may_come_in_pieces_and_end_as_telnet_ends_it() {
    let server = subject!("06").serve([]);
    server
        .connect("telnet")
        .says(
            "name-in-pieces",
            "In ask, read the name with `common::line::read`. A line arrives in any number of reads, and ends in `\\n` or `\\r\\n`.",
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
            "leave-the-bytes-behind-the-name",
            "In ask, take one line from `reader`, and leave the bytes behind it there. One read may return the name and more.",
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
            "no-lock-while-reading",
            "In ask, release the room's lock before you read. A visitor may send nothing for hours, and all other threads need the lock.",
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
        .expect(PROMPT)
        .send(b"ali")
        .half_close()
        .says(
            "close-after-the-end-of-input",
            "In ask, return `Break(End::Closed)` for `Line::End`. If you have begun step slow, call leave before you wait for the writer.",
        )
        .says_if_more(
            "no-name-without-an-ending",
            "In ask, return `End::Closed` for `Line::End`. A line without its ending is incomplete, so `ali` is no name.",
        )
        .expect_end();
    join(&server, "alice", "nobody else");
}

/// Fails with the answer to a refused name, which begins with `first`.
fn expect_no_other_answer(peer: &mut Peer, first: &[u8]) {
    // The prompt is no line.
    let rest = if PROMPT.starts_with(first) { String::new() } else { peer.line() };
    if PROMPT.starts_with(first) {
        peer.says("answer-before-the-next-prompt", "In ask, answer a refused name with `ERROR reason`, a line of its own. The next prompt follows it.");
    }
    let answer = show(&[first, rest.as_bytes()].concat());
    let sentence = format!("The answer to a name that must be refused begins with {answer}.");
    peer.check(false, &sentence, "wanted ERROR and a reason");
}

/// Expects `ERROR ` and a reason. Its wording is free.
fn expect_refusal(peer: &mut Peer) {
    let mut first = Vec::new();
    peer.pass_on(REFUSAL.len() as u64, &mut first);
    if first != REFUSAL {
        expect_no_other_answer(peer, &first);
    }
    let reason = peer.line();
    // A reason that repeats the name must not contain an escape code.
    if reason.trim().is_empty() || reason.contains(char::is_control) {
        peer.expect(b"a reason, in plain words");
    }
}
