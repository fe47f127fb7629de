//! One line finds several full queues.
//!
//! The kernel gives a socket more room with each segment. Here all members that do not read receive
//! as many segments before the talk, so their queues are full at nearly the same line. `/who` serves
//! for it, which a student writes after step slow. So these tests are not in the suite.

use super::{enter, hear, join};
use testkit::{Peer, Server, subject};

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
