//! Crowds of step slow: many members speak, leave or join at the same moment.

use super::super::people::{PROMPT, join_any};
use std::collections::BTreeSet;
use testkit::{Peer, Server, subject};

/// Members that speak at the same moment, and the lines that each of them sends in one piece.
const SPEAKERS: usize = 12;
const BURST: usize = 40;

/// Members that join or leave at the same moment.
const CROWD: usize = 32;

/// Receives each line of `expected` once, in any order.
fn expect_in_any_order(
    server: &Server,
    member: &mut Peer,
    mut expected: BTreeSet<String>,
    story: &str,
) {
    while !expected.is_empty() {
        let line = member.line();
        let sentence = format!(
            "{story} A member that reads received {line:?}, which is none of the lines that it still expected."
        );
        server.check(expected.remove(&line), &sentence, "each-line-of-a-burst-once", "Check the locks in say, leave and join. All three put lines into queues, so use `lock_when_queues_have_room`.");
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
    listener.says("a-burst-is-no-slow-reader", "In say, lock with `lock_when_queues_have_room`. When members speak faster than threads write, queues are full although each member reads.");
    let lines = |name: &String| (0..BURST).map(|number| format!("{name}: {number}")).collect();
    let expected: BTreeSet<String> = names.iter().flat_map::<Vec<String>, _>(lines).collect();
    let story = format!("{SPEAKERS} members spoke at the same moment.");
    expect_in_any_order(&server, &mut listener, expected, &story);
}

#[test]
fn when_many_leave_at_once_no_reading_member_is_disconnected() {
    let mut server = subject!("06").serve(["--queue", "2"]);
    let mut stay: Vec<Peer> =
        (0..8).map(|number| join_any(&server, &format!("stay{number}"))).collect();
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
        member.says("wait-for-room-to-leave", "Check the lock that `leave` takes. A goodbye is a line in every queue, so wait until the queues have room (`lock_when_queues_have_room`).");
        let two = |name: &String| [format!("{name}: bye"), format!("{name} left the chat")];
        let expected = names.iter().flat_map(two).collect();
        let story = format!("{CROWD} members spoke and left at the same moment, and 8 stayed.");
        expect_in_any_order(&server, member, expected, &story);
    }
}

#[test]
fn when_many_join_at_once_no_reading_member_is_disconnected() {
    let mut server = subject!("06").serve(["--queue", "2"]);
    let mut here: Vec<Peer> =
        (0..8).map(|number| join_any(&server, &format!("here{number}"))).collect();
    for member in &mut here[..7] {
        while member.line() != "here7 joined the chat" {}
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
        member.says("wait-for-room-to-join", "Check the lock that `join` takes. An announcement is a line in every queue, so wait until the queues have room (`lock_when_queues_have_room`).");
        let expected = names.iter().map(|name| format!("{name} joined the chat")).collect();
        let story = format!("{CROWD} clients joined at the same moment.");
        expect_in_any_order(&server, member, expected, &story);
    }
}
