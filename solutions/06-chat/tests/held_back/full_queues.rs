//! One line finds several full queues.
//!
//! The kernel gives a socket more room with each segment. Here all members that do not read receive
//! as many segments before the talk, so their queues are full at nearly the same line. `/who` serves
//! for it, which a student writes after step slow. So these tests are not in the suite.

use super::{PROMPT, enter, hear, join};
use testkit::{Peer, Server, Subject, subject};

/// The advice if a member is disconnected twice, wrongly or not at all.
const DISCONNECT_SLOW: (&str, &str) = (
    "disconnect-slow-members",
    "In disconnect_slow, take every connection in `slow` out of the room. The members that stay get each goodbye once.",
);

/// Pairs of members that join one after the other: one does not read, the other one reads.
const PAIRS: usize = 6;

/// How many rooms are tried until one line has disconnected several members.
const ROOMS: usize = 4;

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

/// The goodbyes that a member received.
struct Goodbyes {
    /// In alphabetical order.
    lines: Vec<String>,
    /// The largest number that one line of the talk caused.
    most_at_once: usize,
}

/// Talks until `witness` has received `count` goodbyes.
fn talk(server: &Server, speaker: &mut Peer, witness: &mut Peer, count: usize) -> Goodbyes {
    let mut gone = Goodbyes { lines: Vec::new(), most_at_once: 0 };
    for number in 0..MANY {
        speaker.send(format!("{number:05} {}\n", "x".repeat(950)).as_bytes());
        let lines = hear(witness, &format!("speaker: {number:05} "));
        gone.most_at_once = gone.most_at_once.max(lines.len());
        gone.lines.extend(lines);
        // Now every writer has had its turn, so a full queue belongs to a member that does not read.
        if number % 4 == 3 {
            server.wait_until_idle();
        }
        if gone.lines.len() >= count {
            break;
        }
    }
    gone.lines.sort();
    gone
}

#[test]
fn each_of_several_slow_members_is_disconnected_once() {
    let lab = subject!("06");
    // Mostly one line finds all queues full. On a busy machine, the sockets of these members may take
    // different numbers of lines. Then each leaves at a line of its own, and no place can be wrong.
    for _ in 0..ROOMS {
        if goodbyes_at_once(&lab) > 1 {
            return;
        }
    }
    lab.skip("no line found several queues full on this machine");
}

/// In a new room, talks until all members that do not read have left. Returns how many left at once.
fn goodbyes_at_once(lab: &Subject) -> usize {
    // Room for the talk until all writers have had their turn, and for a goodbye of each.
    let server = lab.serve(["--queue", "16"]);
    let mut witness = join(&server, "witness");
    let mut speaker = join(&server, "speaker");
    let mut peers = Vec::new();
    // Alternating, so that a wrong place in the list belongs to a member that reads.
    for pair in 0..PAIRS {
        peers.push(join_deaf(&server, &format!("deaf{pair}"), 2 * pair));
        peers.push(join(&server, &format!("reads{pair}")));
    }
    hear(&mut witness, &format!("reads{} joined the chat", PAIRS - 1));
    // A wrong place may also be none. Then a panic under the lock ends all talk.
    let (id, think) = DISCONNECT_SLOW;
    witness.says(id, think);
    let gone = talk(&server, &mut speaker, &mut witness, PAIRS);
    let expected = (0..PAIRS).map(|pair| format!("deaf{pair} left the chat"));
    server.check(
        expected.eq(gone.lines.iter().cloned()),
        &format!("Six members did not read. These goodbyes came: {}.", gone.lines.join(", ")),
        id,
        think,
    );
    gone.most_at_once
}

/// How many members of a staggered room do not read, and how many lines each of them has to receive
/// beyond those of the one before.
const STAGGERED: usize = 6;
const STEP: usize = 4;

/// The length of the queues in a staggered room.
const QUEUE: usize = 16;

/// Enough newcomers that the announcement of one finds a queue full.
const NEWCOMERS: usize = 40;

/// A room with members that do not read, whose queues are full one after the other.
struct Staggered {
    server: Server,
    witness: Peer,
    speaker: Peer,
    _deaf: Vec<Peer>,
}

impl Staggered {
    fn new(lab: &Subject) -> Staggered {
        let server = lab.serve(["--queue", &QUEUE.to_string()]);
        let witness = join(&server, "witness");
        let mut speaker = join(&server, "speaker");
        let member = |number| join_deaf(&server, &deaf_name(number), number);
        let deaf: Vec<Peer> = (0..STAGGERED).map(member).collect();
        for number in 0..STAGGERED {
            let line = format!("/msg {} {}\n", deaf_name(number), "x".repeat(950));
            for _ in 0..number {
                speaker.send(line.repeat(STEP).as_bytes()).wait_until_read();
                server.wait_until_idle();
            }
        }
        Staggered { server, witness, speaker, _deaf: deaf }
    }
}

fn deaf_name(number: usize) -> String {
    format!("deaf{number:02}")
}

#[test]
fn a_newcomer_finds_none_that_its_coming_disconnects() {
    let Staggered { server, mut witness, mut speaker, _deaf } = Staggered::new(&subject!("06"));
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

/// Says one line after the other, until `witness` has received a goodbye.
fn talk_until_one_left(server: &Server, speaker: &mut Peer, witness: &mut Peer) {
    for number in 0..MANY {
        let text = format!("{number:05} {}", "x".repeat(950));
        // The second line is for the witness alone. It follows all goodbyes of the first.
        speaker.send(format!("{text}\n/msg witness end\n").as_bytes());
        hear(witness, &format!("speaker: {text}"));
        if !hear(witness, "[private] speaker: end").is_empty() {
            return;
        }
        // Before the queue of a slow writer can be full.
        if number % (QUEUE / 4) == 0 {
            server.wait_until_idle();
        }
    }
}
