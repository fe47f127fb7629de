//! One line finds several full queues.
//!
//! The kernel gives a socket more room with each segment. Here all members that do not read receive
//! as many segments before the talk, so their queues are full at nearly the same line. `/who` serves
//! for it, which a student writes after step slow. So these tests are not in the suite.

use super::{PROMPT, enter, hear, join};
use testkit::{Peer, Server, Subject, subject};

/// Pairs of members that join one after the other: one does not read, the other one reads.
const PAIRS: usize = 6;

/// Several times as many lines as queues and buffers hold for a member that does not read.
const MANY: usize = 2_000;

/// A member that does not read joins behind `before` members. It receives a list for each
/// announcement that earlier members received.
fn join_deaf(server: &Server, name: &str, before: usize) -> Peer {
    let mut deaf = enter(server.connect_non_reading(name), name);
    for _ in 0..before + 6 {
        deaf.send(b"/who\n").line();
    }
    deaf
}

/// Talks until `witness` has received `count` goodbyes, and returns them in alphabetical order.
fn talk(server: &Server, speaker: &mut Peer, witness: &mut Peer, count: usize) -> Vec<String> {
    let mut gone = Vec::new();
    for number in 0..MANY {
        speaker.send(format!("{number:05} {}\n", "x".repeat(950)).as_bytes());
        witness.says("no-write-under-the-lock", "In push, use `try_send`. A write under the room's lock, or another wait there, also a short one, holds up all members.");
        gone.extend(hear(witness, &format!("speaker: {number:05} ")));
        // Now every writer has had its turn, so a full queue belongs to a member that does not read.
        if number % 4 == 3 {
            server.wait_until_idle();
        }
        if gone.len() >= count {
            break;
        }
    }
    gone.sort();
    gone
}

#[test]
fn each_of_several_slow_members_is_disconnected_once() {
    // Room for the talk until all writers have had their turn, and for a goodbye of each.
    let server = subject!("06").serve(["--queue", "16"]);
    let mut witness = join(&server, "witness");
    let mut speaker = join(&server, "speaker");
    let mut peers = Vec::new();
    // Alternating, so that a wrong place in the list belongs to a member that reads.
    for pair in 0..PAIRS {
        peers.push(join_deaf(&server, &format!("deaf{pair}"), 2 * pair));
        peers.push(join(&server, &format!("reads{pair}")));
    }
    hear(&mut witness, &format!("reads{} joined the chat", PAIRS - 1));
    let gone = talk(&server, &mut speaker, &mut witness, PAIRS);
    let expected = (0..PAIRS).map(|pair| format!("deaf{pair} left the chat"));
    server.check(
        expected.eq(gone.iter().cloned()),
        &format!("Six members did not read. These goodbyes came: {}.", gone.join(", ")),
        "disconnect-slow-members",
        "In disconnect_slow, take every connection in `slow` out of the room. The members that stay get each goodbye once.",
    );
}

#[test]
fn no_line_waits_for_full_queues() {
    const DEAF: usize = 12;
    // The goodbyes of all of them fit into the queue of a member that reads.
    let server = subject!("06").serve(["--queue", "32"]);
    let _deaf: Vec<Peer> =
        (0..DEAF).map(|number| join_deaf(&server, &format!("deaf{number:02}"), number)).collect();
    let mut witness = join(&server, "witness");
    let mut speaker = join(&server, "speaker");
    hear(&mut witness, "speaker joined the chat");
    let gone = talk(&server, &mut speaker, &mut witness, DEAF);
    server.check(
        gone.len() == DEAF,
        &format!("Twelve members did not read. These goodbyes came: {}.", gone.join(", ")),
        "disconnect-slow-members",
        "In disconnect_slow, take every connection in `slow` out of the room. The members that stay get each goodbye once.",
    );
}

/// A room with members that do not read, each with `step` lines more to receive than the one before.
struct Staggered {
    server: Server,
    witness: Peer,
    speaker: Peer,
    deaf: Vec<Peer>,
}

impl Staggered {
    fn new(lab: &Subject, step: usize) -> Staggered {
        let server = lab.serve(["--queue", "16"]);
        let witness = join(&server, "witness");
        let mut speaker = join(&server, "speaker");
        let member = |number| join_deaf(&server, &deaf_name(number), number);
        let deaf: Vec<Peer> = (0..STAGGERED).map(member).collect();
        for number in 0..STAGGERED {
            let line = format!("/msg {} {}\n", deaf_name(number), "x".repeat(950));
            for _ in 0..number * step {
                speaker.send(line.as_bytes());
                server.wait_until_idle();
            }
        }
        Staggered { server, witness, speaker, deaf }
    }
}

fn deaf_name(number: usize) -> String {
    format!("deaf{number:02}")
}

fn goodbye(number: usize) -> String {
    format!("{} left the chat", deaf_name(number))
}

/// How many members of a room do not read, and in how many rooms a chain of goodbyes is tried.
const STAGGERED: usize = 6;
const ROOMS: usize = 4;

/// Enough newcomers that the announcement of one finds a queue full.
const NEWCOMERS: usize = 40;

#[test]
fn a_member_that_stays_has_lost_no_line() {
    let lab = subject!("06");
    for _ in 0..ROOMS {
        // The goodbye of the first finds the queue of the second full, and so on.
        let Staggered { server, mut witness, mut speaker, mut deaf } = Staggered::new(&lab, 1);
        let (last, gone) = talk_until_one_left(&server, &mut speaker, &mut witness);
        for (number, deaf) in deaf.iter_mut().enumerate() {
            if !gone.contains(&goodbye(number)) {
                expect_lines_behind(deaf, &last, &gone);
            }
        }
    }
}

#[test]
fn a_newcomer_finds_none_that_its_coming_disconnects() {
    let lab = subject!("06");
    let Staggered { server, mut witness, mut speaker, deaf: _deaf } = Staggered::new(&lab, 4);
    talk_until_one_left(&server, &mut speaker, &mut witness);
    // Each announcement is a line more in every queue.
    let mut newcomers: Vec<(String, Peer)> =
        (0..NEWCOMERS).map(|number| newcomer(&server, &format!("new{number}"))).collect();
    let seen = hear(&mut witness, &format!("new{} joined the chat", NEWCOMERS - 1));
    for left in seen.iter().filter(|line| line.ends_with(" left the chat")) {
        let name = left.split(' ').next().unwrap_or_default();
        for (welcome, newcomer) in &mut newcomers {
            if welcome.contains(name) {
                hear(newcomer, left);
            }
        }
    }
}

/// Joins as `name`. Returns its welcome, too.
fn newcomer(server: &Server, name: &str) -> (String, Peer) {
    let mut peer = server.connect(name);
    peer.expect(PROMPT).send(format!("{name}\n").as_bytes());
    let welcome = peer.line();
    server.wait_until_idle();
    peer.says(
        "list-after-the-announcement",
        "In join, call `list_except` after `send_to_members`, under the same lock. The announcement disconnects members whose queue is full, and this newcomer found one in its list.",
    );
    (welcome, peer)
}

/// Says one line after the other, until `witness` has received a goodbye. Returns the last line as
/// members receive it, and all goodbyes.
fn talk_until_one_left(
    server: &Server,
    speaker: &mut Peer,
    witness: &mut Peer,
) -> (String, Vec<String>) {
    for number in 0..MANY {
        let text = format!("{number:05} {}", "x".repeat(950));
        let said = format!("speaker: {text}");
        // The second line is for the witness alone. It follows all goodbyes of the first.
        speaker.send(format!("{text}\n/msg witness end\n").as_bytes());
        hear(witness, &said);
        let gone = hear(witness, "[private] speaker: end");
        if !gone.is_empty() {
            return (said, gone);
        }
        server.wait_until_idle();
    }
    (String::new(), Vec::new())
}

/// Expects that a member receives all lines up to `last`, and then all of `goodbyes`.
fn expect_lines_behind(member: &mut Peer, last: &str, goodbyes: &[String]) {
    member.says(
        "disconnect-until-none-is-slow",
        "In disconnect_slow, take one connection after the other out of `slow`, until it is empty. A goodbye may find further queues full, and a member that stays must lose no line.",
    );
    while member.line() != last {}
    for goodbye in goodbyes {
        member.expect(format!("{goodbye}\n").as_bytes());
    }
}
