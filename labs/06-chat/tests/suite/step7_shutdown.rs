//! Step shutdown: at Ctrl-C, each member gets a last line.

use super::people::{PROMPT, enter, join, join_any, lines, room};
use common::shutdown::GRACE;
use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::Path;
use std::time::Instant;
use testkit::{Peer, Server, Subject, show_all, subject};

/// Clients that join at the same moment.
const JOINING: usize = 48;

/// Twice as many lines as the socket of a member that does not read takes, and their length.
const LONG_LINES: usize = 200;
const LONG: usize = 1_000;

/// Members that speak at the same moment. One of them speaks to itself. All others speak to the room,
/// so that the log has a line of each of them that waits for the lock behind close.
const SPEAKING: usize = 8;

const WITHOUT_GOODBYES: &str = "In close, empty the list before you push LAST_WORDS. Then no member gets the goodbye of another.";

const LAST_WORDS_TO_ALL: &str = "In close, push LAST_WORDS to each member. Then drop each outbox.";

const VISITORS_ARE_CUT: &str =
    "In close, cut the outbox of each visitor. It has no name, but its connection must end, too.";

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
            .says("last-words-without-goodbyes", WITHOUT_GOODBYES)
            .says_if_closed("queue-sends-the-last-words", "In close, push LAST_WORDS into each outbox and then drop it, without `cut`. Its writer sends what waits, and closes the connection.")
            .expect(b"The server is closing.\n");
    }
    let is_idle = server.wait_until_idle();
    for (member, name) in members.iter_mut().zip(["alice", "bob", "carol"]) {
        server.check(
            !is_idle || member.has_received(),
            &format!("{name} received its last line. Now all threads of the server sleep, and none has closed the connection."),
            "the-writer-hangs-up",
            "In close, drop the outboxes of `take_members`, which ends the queues. In handle_connection, call `close::lingering_shared` in the writer's thread, after write_lines, because the reader waits.",
        );
        member.expect_end();
    }
    drop(members);
    let exit = server.says("stop-when-all-are-gone", "In close, drop each outbox. Then each writer ends and closes its connection, and the server waits for nothing.").expect_stopped();
    server.check(
        !exit.stderr.contains("does not read"),
        "At Ctrl-C, the log on stderr says that a member does not read.",
        "closed-is-not-dropped",
        "In close, call `close` on the state. In handle_connection, return `End::Dropped` only if the room is open (`is_open`). After close, no member is in a list.",
    );
}

#[test]
fn who_goes_on_talking_hears_it_too() {
    let mut server = subject!("06").serve(["--queue", "1000"]);
    let mut late = enter(server.connect_non_reading("late"), "late", "nobody else");
    let mut alice = join(&server, "alice", "late");
    let mut bob = join(&server, "bob", "late, alice");
    alice.expect(b"bob joined the chat\n");
    say_long_lines(&mut bob, &mut alice);
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    alice
        .says(
            "send-last-words-first",
            "In close, push LAST_WORDS to each member, and cut none. The writer sends them before it closes the connection.",
        )
        .expect(b"The server is closing.\n");
    server.wait_until_idle();
    let received = late.rest();
    server.check(
        received.ends_with(b"\nThe server is closing.\n"),
        "A member that read late did not get the last words behind the lines that waited for it.",
        "send-last-words-first",
        "In close, push LAST_WORDS to each member, and cut none. The writer sends them before it closes the connection.",
    );
    bob.says("read-on-after-the-last-words", "In handle_connection, close with `close::lingering_shared`, which reads until the client closes. Unread input turns a close into a reset, which destroys the last words.")
        .send(&b"but I was just\n".repeat(2000))
        .expect(b"The server is closing.\n")
        .says_if_more("last-words-without-goodbyes", WITHOUT_GOODBYES)
        .expect_end();
    alice
        .says("no-lines-after-the-end", "In close, take all members out of the room (`take_members`). In say, send nothing if `state.member(from)` is None.")
        .expect_end();
}

#[test]
fn what_waits_for_a_client_that_left_is_sent_before_the_server_stops() {
    let mut server = subject!("06").serve(["--queue", "1000"]);
    let mut late = enter(server.connect_non_reading("late"), "late", "nobody else");
    let mut alice = join(&server, "alice", "late");
    let mut bob = join(&server, "bob", "late, alice");
    alice.expect(b"bob joined the chat\n");
    say_long_lines(&mut bob, &mut alice);
    late.half_close();
    alice.expect(b"late left the chat\n");
    // Now only the writer of this one client is left.
    bob.expect(b"late left the chat\n").half_close().expect_end();
    alice.expect(b"bob left the chat\n").half_close().expect_end();
    drop((alice, bob));
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server.wait_until_idle();
    let owed = "alice joined the chat\nbob joined the chat\n".len() + LONG_LINES * "bob: \n".len();
    late.says("wait-for-the-writer", "In handle_connection, wait for the writer, as `thread::scope` does. The process ends with its main thread, and the lines of a writer that runs are lost.")
        .pass_on((owed + LONG_LINES * LONG) as u64, &mut io::sink())
        .expect_end();
    drop(late);
    server.expect_stopped();
}

#[test]
fn who_is_speaking_at_the_end_is_no_error() {
    let lab = subject!("06");
    if !cfg!(unix) {
        return lab.skip(NO_SIGNALS);
    }
    // Eight times as many lines at most, because the log has room for 4,096 that wait for the disk.
    lab.undisturbed(|factor| speak_at_the_end(&lab, (40.0 * factor.min(8.0)) as usize));
}

/// Many members speak `count` lines each, and Ctrl-C comes in the middle. `None` if it came too late.
fn speak_at_the_end(lab: &Subject, count: usize) -> Option<()> {
    let folder = lab.folder();
    let path = folder.path().join("chat.log");
    // No queue is ever full, so a member that speaks waits for nothing but the lock.
    let mut server = lab.serve(["--queue", "10000", "--log", &path.to_string_lossy()]);
    let names: Vec<String> = (0..SPEAKING).map(|number| format!("speaker{number}")).collect();
    let mut members: Vec<Peer> = names.iter().map(|name| join_any(&server, name)).collect();
    // Frozen, the server finds all lines when it goes on.
    server.pause();
    // More of these, so that some are left at the end.
    members[0].send("/msg speaker0 a note\n".repeat(2 * count).as_bytes());
    for member in &mut members[1..] {
        member.send("but I was just\n".repeat(count).as_bytes());
    }
    server.resume();
    wait_until_all_have_spoken(&mut members[0], &names[1..]);
    server.interrupt();
    for member in &mut members {
        member.says("last-words-to-all", LAST_WORDS_TO_ALL);
        while member.line() != "The server is closing." {}
        member
            .says("no-lines-after-the-end", "In close, take all members out of the room (`take_members`). In say, send nothing if `state.member(from)` is None.")
            .expect_end();
    }
    drop(members);
    server.expect_stopped();
    expect_last_in_log(&server, &path);
    let log = fs::read_to_string(&path).unwrap_or_default();
    (log.matches("but I was just").count() < (SPEAKING - 1) * count).then_some(())
}

/// `speaker` sends [`LONG_LINES`], some at a time, and `listener` receives them.
fn say_long_lines(speaker: &mut Peer, listener: &mut Peer) {
    let line = "x".repeat(LONG) + "\n";
    for _ in 0..LONG_LINES / 50 {
        speaker.send(line.repeat(50).as_bytes());
        lines(listener, 50);
    }
}

/// Waits until `listener` has received a line of each of `speakers`.
fn wait_until_all_have_spoken(listener: &mut Peer, speakers: &[String]) {
    let mut silent: BTreeSet<&str> = speakers.iter().map(String::as_str).collect();
    while !silent.is_empty() {
        let line = listener.line();
        silent.remove(line.split(": ").next().unwrap_or_default());
    }
}

/// Expects that no line of the log follows the last words.
fn expect_last_in_log(server: &Server, path: &Path) {
    let log = fs::read_to_string(path).unwrap_or_default();
    let last = log.lines().last().unwrap_or_default();
    server.check(
        last.ends_with("The server is closing."),
        &format!("Clients joined and spoke at Ctrl-C. The last line of the log is {last:?}."),
        "close-under-one-lock",
        "In close, take the lock once, for all of it. Between two locks, a member can speak, and a visitor can join and get no last words.",
    );
}

#[test]
fn who_is_joining_at_the_end_is_no_error() {
    let lab = subject!("06");
    let folder = lab.folder();
    let path = folder.path().join("chat.log");
    let mut server = lab.serve(["--queue", "1000", "--log", &path.to_string_lossy()]);
    let names: Vec<String> = (0..JOINING).map(|number| format!("late{number}")).collect();
    let mut visitors: Vec<Peer> = names.iter().map(|name| server.connect(name)).collect();
    for visitor in &mut visitors {
        visitor.expect(PROMPT);
    }
    // Frozen, the server finds Ctrl-C and all names when it goes on. The lock is fair, and close takes
    // it once. So close comes before the third tries of most visitors.
    server.pause();
    for (visitor, name) in visitors.iter_mut().zip(&names) {
        visitor.send(format!("no name\nno name\n{name}\n").as_bytes());
    }
    if !server.interrupt() {
        return server.skip(NO_SIGNALS);
    }
    server.resume();
    for visitor in &mut visitors {
        visitor
            .says(
                "no-joins-after-the-end",
                "In join, return Ok if `remove_visitor` returns None. After close, the connection is not in the lobby any more.",
            )
            .until_gone(&mut io::sink());
    }
    drop(visitors);
    server.expect_stopped();
    expect_last_in_log(&server, &path);
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
    visitor.says("visitors-are-cut", VISITORS_ARE_CUT).expect_end();
    server.check(
        asked.elapsed() < GRACE * 3 / 4,
        "A visitor at the prompt kept its connection until the server gave up waiting.",
        "visitors-are-cut",
        VISITORS_ARE_CUT,
    );
    // A server that waits for the visitor's FIN sleeps now.
    let is_idle = server.wait_until_idle();
    server.check(
        !is_idle || server.has_ended(),
        "A visitor at the prompt received the end. Now the server waits until the visitor closes, too.",
        "visitors-are-cut",
        VISITORS_ARE_CUT,
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
    let expected = [
        "alice joined the chat",
        "bob joined the chat",
        "bob left the chat",
        "The server is closing.",
    ];
    server.check(
        texts == expected,
        &format!("Two members joined, one left, and the server stopped. The log is {log:?}. Expected, without the times: {}.", show_all(expected)),
        "log-the-last-words", "In close, write LAST_WORDS to the log with `write_log`. The log has all joins and goodbyes, but none at the end.",
    );
}
