//! Step shutdown: Ctrl-C, and the whole room is told.

use super::people::{PROMPT, room};
use common::shutdown::GRACE;
use std::fs;
use std::time::Instant;
use testkit::subject;

const NO_SIGNALS: &str = "this system has no signals";

#[test]
fn all_members_are_told() {
    let mut server = subject!("06").serve([]);
    let mut members = room(&server, ["alice", "bob", "carol"]);
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    for member in &mut members {
        member
            .says("server-closing-last-line", "`The server is closing.` is the last line for everybody: nobody hears that the others leave")
            .expect(b"The server is closing.\n")
            .expect_end();
    }
    drop(members);
    server.says("gone-wait", "when all are gone there is nothing to wait for").expect_stopped();
}

#[test]
fn who_goes_on_talking_hears_it_too() {
    let mut server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    alice
        .says(
            "last-words-connection-program",
            "the last words must be out before the connection, or the program, ends",
        )
        .expect(b"The server is closing.\n");
    bob.says("comes-last-words-read", "what comes in after the last words must be read and thrown away, or closing is a reset, and a reset destroys last words")
        .send(&b"but I was just\n".repeat(2000))
        .expect(b"The server is closing.\n")
        .expect_end();
    alice
        .says("room-closed-said-now", "the room is closed: nothing that is said in it now is heard")
        .expect_end();
}

#[test]
fn a_visitor_at_the_prompt_is_sent_away() {
    let mut server = subject!("06").serve([]);
    let mut visitor = server.connect("visitor");
    visitor.expect(PROMPT);
    let asked = Instant::now();
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    visitor
        .says(
            "name-member-connection-end",
            "who has no name is not a member, but has a connection that must end as well",
        )
        .expect_end();
    server.check(
        asked.elapsed() < GRACE * 3 / 4,
        "A visitor at the prompt kept the server from stopping, until its patience was over.",
        "name-member-connection-end",
        "who has no name is not a member, but has a connection that must end as well",
    );
}

#[test]
fn the_log_is_complete_when_the_server_stops() {
    let lab = subject!("06");
    let folder = lab.folder();
    let path = folder.path().join("chat.log");
    let mut server = lab.serve(["--log", &path.to_string_lossy()]);
    let [mut alice, bob] = room(&server, ["alice", "bob"]);
    drop(bob);
    alice.expect(b"bob left the chat\n");
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    alice.expect(b"The server is closing.\n").expect_end();
    drop(alice);
    server.expect_stopped();
    let log = fs::read_to_string(&path).unwrap_or_default();
    let texts: Vec<&str> =
        log.lines().map(|line| line.split_once(' ').map_or(line, |(_, text)| text)).collect();
    let due = [
        "alice joined the chat",
        "bob joined the chat",
        "bob left the chat",
        "The server is closing.",
    ];
    server.check(
        texts == due,
        &format!("Two joined, one left, the server closed; the log holds {log:?}."),
        "joins-goodbyes-last-words", "joins, goodbyes and the last words are what the room hears, so they are in the log; and who stays to the end does not leave",
    );
}
