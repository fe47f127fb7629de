//! Crowds of step slow: many members speak, leave or join at the same moment.

use super::super::people::{PROMPT, join_any};
use std::collections::BTreeSet;
use testkit::{Peer, Server, subject};

/// Members that speak at the same moment, and the lines that each of them sends in one piece.
const SPEAKERS: usize = 8;
const BURST: usize = 20;

/// Members that join or leave at the same moment.
const CROWD: usize = 16;

/// Members that stay.
const STAY: usize = 4;

const EACH_LINE_ONCE: &str = "each-line-of-a-burst-once";

const CHECK_THE_LOCKS: &str = "Check the locks in say, leave and join. All three put lines into queues, so use `lock_when_queues_have_room`.";

const BURST_IS_NO_SLOW_READER: (&str, &str) = (
    "a-burst-is-no-slow-reader",
    "In say, lock with `lock_when_queues_have_room`. When members speak faster than threads write, queues are full although each member reads.",
);

const ROOM_TO_LEAVE: (&str, &str) = (
    "wait-for-room-to-leave",
    "Check the lock that `leave` takes. A goodbye is a line in every queue, so wait until the queues have room (`lock_when_queues_have_room`).",
);

const ROOM_TO_JOIN: (&str, &str) = (
    "wait-for-room-to-join",
    "Check the lock that `join` takes. An announcement is a line in every queue, so wait until the queues have room (`lock_when_queues_have_room`).",
);

/// Receives each line of `expected` once, in any order. The advice `think` is that for a member that
/// reads and was disconnected.
fn expect_in_any_order(
    server: &Server,
    member: &mut Peer,
    mut expected: BTreeSet<String>,
    story: &str,
    (id, think): (&str, &str),
) {
    member.says(id, think);
    while !expected.is_empty() {
        let line = member.line();
        let is_goodbye = line.ends_with(" left the chat");
        let (id, think) = if is_goodbye { (id, think) } else { (EACH_LINE_ONCE, CHECK_THE_LOCKS) };
        let sentence = format!(
            "{story} A member that reads received {line:?}, which is none of the lines that it still expected."
        );
        server.check(expected.remove(&line), &sentence, id, think);
    }
}

#[test]
fn a_burst_reaches_all_that_read() {
    let mut server = subject!("06").serve(["--queue", "4"]);
    let names: Vec<String> = (0..SPEAKERS).map(|number| format!("speaker{number:02}")).collect();
    let mut speakers: Vec<Peer> = names.iter().map(|name| join_any(&server, name)).collect();
    let mut listener = join_any(&server, "listener");
    // All threads that read wake at the same moment, and have much to read.
    server.pause();
    let burst: String = (0..BURST).map(|number| format!("{number}\n")).collect();
    for speaker in &mut speakers {
        speaker.send(burst.as_bytes());
    }
    server.resume();
    let lines = |name: &String| (0..BURST).map(|number| format!("{name}: {number}")).collect();
    let expected: BTreeSet<String> = names.iter().flat_map::<Vec<String>, _>(lines).collect();
    let story = format!("{SPEAKERS} members spoke at the same moment.");
    expect_in_any_order(&server, &mut listener, expected, &story, BURST_IS_NO_SLOW_READER);
}

#[test]
fn when_many_leave_at_once_no_reading_member_is_disconnected() {
    let mut server = subject!("06").serve(["--queue", "2"]);
    let mut stay: Vec<Peer> =
        (0..STAY).map(|number| join_any(&server, &format!("stay{number}"))).collect();
    let names: Vec<String> = (0..CROWD).map(|number| format!("go{number}")).collect();
    let mut go: Vec<Peer> = names.iter().map(|name| join_any(&server, name)).collect();
    for member in &mut stay {
        while member.line() != format!("go{} joined the chat", CROWD - 1) {}
    }
    // Frozen, the server finds all lines and all ends when it goes on.
    server.pause();
    for leaving in &mut go {
        leaving.send(b"bye\n").half_close();
    }
    server.resume();
    for member in &mut stay {
        let two = |name: &String| [format!("{name}: bye"), format!("{name} left the chat")];
        let expected = names.iter().flat_map(two).collect();
        let story =
            format!("{CROWD} members spoke and left at the same moment, and {STAY} stayed.");
        expect_in_any_order(&server, member, expected, &story, ROOM_TO_LEAVE);
    }
}

#[test]
fn when_many_join_at_once_no_reading_member_is_disconnected() {
    let mut server = subject!("06").serve(["--queue", "2"]);
    let mut here: Vec<Peer> =
        (0..STAY).map(|number| join_any(&server, &format!("here{number}"))).collect();
    for member in &mut here[..STAY - 1] {
        while member.line() != format!("here{} joined the chat", STAY - 1) {}
    }
    let names: Vec<String> = (0..CROWD).map(|number| format!("new{number}")).collect();
    let mut visitors: Vec<Peer> = names.iter().map(|name| server.connect(name)).collect();
    for visitor in &mut visitors {
        visitor.expect(PROMPT);
    }
    server.pause();
    for (visitor, name) in visitors.iter_mut().zip(&names) {
        visitor.send(format!("{name}\n").as_bytes());
    }
    server.resume();
    for member in &mut here {
        let expected = names.iter().map(|name| format!("{name} joined the chat")).collect();
        let story = format!("{CROWD} clients joined at the same moment.");
        expect_in_any_order(&server, member, expected, &story, ROOM_TO_JOIN);
    }
}
