//! Tests that only the instructor has: a full room, rude members, and clients of other authors.

#[path = "held_back/full_queues.rs"]
mod full_queues;
#[path = "held_back/programs.rs"]
mod programs;
#[path = "held_back/slow_members.rs"]
mod slow_members;

use std::sync::Barrier;
use std::{fs, thread};
use testkit::{Deadline, Peer, Server, poll_until, subject};

const PROMPT: &[u8] = b"Enter your name: ";

/// How many members a full room has, and how many lines each of them says.
const MEMBERS: usize = 100;
const LINES: usize = 5;

const A_BURST_IS_NO_SLOW_READER: &str = "In say, lock with `lock_when_queues_have_room`. When members speak faster than threads write, queues are full although each member reads.";

/// More lines of a kilobyte than the queue and the buffers of a member hold.
const TALK: usize = 600;

/// How many of these lines a member that reads may be behind. A queue holds more.
const BEHIND: usize = 100;

/// Joins as `name`. The list of the welcome does not matter.
fn join(server: &Server, name: &str) -> Peer {
    enter(server.connect(name), name)
}

fn enter(mut peer: Peer, name: &str) -> Peer {
    peer.says("prompt-name-welcome", "Check that `ask` sends the prompt, and that `join` sends the welcome after `add_member`. If you have begun step slow, check that write_lines runs, and flushes.")
        .expect(PROMPT)
        .send(format!("{name}\n").as_bytes());
    let welcome = peer.line();
    if !welcome.starts_with(&format!("Welcome, {name}. Here: ")) {
        peer.expect(b"a welcome");
    }
    peer
}

/// Waits for the line that begins with `wanted`. Returns the lines before it.
fn hear(peer: &mut Peer, wanted: &str) -> Vec<String> {
    let mut before = Vec::new();
    loop {
        match peer.line() {
            line if line.starts_with(wanted) => return before,
            line => before.push(line),
        }
    }
}

#[test]
fn a_hundred_members_hear_the_same_in_the_same_order() {
    let lab = subject!("06");
    let folder = lab.folder();
    let path = folder.path().join("chat.log");
    let mut server = lab.serve(["--log", &path.to_string_lossy()]);
    let names: Vec<String> = (0..MEMBERS).map(|number| format!("member{number}")).collect();
    let members: Vec<Peer> = names.iter().map(|name| join(&server, name)).collect();
    let together = Barrier::new(MEMBERS);
    let heard: Vec<Vec<String>> = thread::scope(|scope| {
        let together = &together;
        let talk = |(member, name): (Peer, _)| scope.spawn(move || talk(member, name, together));
        let talks: Vec<_> = members.into_iter().zip(&names).map(talk).collect();
        talks.into_iter().map(|talk| talk.join().expect("it received all lines")).collect()
    });
    server.interrupt();
    server.expect_stopped();
    // The log has the order that the room had.
    let log = fs::read_to_string(&path).unwrap_or_default();
    let order: Vec<&str> = log.lines().filter_map(talk_in_log).collect();
    for (lines, name) in heard.iter().zip(&names) {
        let own = format!("{name}: ");
        let expected = order.iter().filter(|line| !line.starts_with(&own));
        server.check(
            order.len() == MEMBERS * LINES && expected.eq(lines),
            &format!("{name} received other lines than the log has, or in another order."),
            "one-lock-for-all-queues",
            "In say, hold the room's lock until the line is in all queues. The order of the lines is the order of the locks.",
        );
    }
}

/// Sends its lines at the same moment as all other members, and returns the lines of those.
fn talk(mut member: Peer, name: &String, together: &Barrier) -> Vec<String> {
    together.wait();
    for number in 0..LINES {
        member.send(format!("line {number} of {name}\n").as_bytes());
    }
    member.says("a-burst-is-no-slow-reader", A_BURST_IS_NO_SLOW_READER);
    let mut heard = Vec::new();
    while heard.len() < (MEMBERS - 1) * LINES {
        heard.extend(Some(member.line()).filter(|line| !line.ends_with(" joined the chat")));
    }
    heard
}

/// The line of a member, if this line of the log is one.
fn talk_in_log(line: &str) -> Option<&str> {
    Some(line.split_once(' ')?.1).filter(|text| text.contains(": line "))
}

#[test]
fn ten_megabytes_without_a_newline_harm_nobody() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = ["alice", "bob"].map(|name| join(&server, name));
    alice.expect(b"bob joined the chat\n");
    let before = server.resources();
    for at_the_prompt in [true, false] {
        let mut endless = server.connect("endless");
        endless.expect(PROMPT);
        if !at_the_prompt {
            endless.send(b"endless\n");
            alice.expect(b"endless joined the chat\n");
            bob.expect(b"endless joined the chat\n");
        }
        // It may be cut off before, because the server need not read ten megabytes.
        endless.send(&vec![b'x'; 10 << 20]);
        drop(endless);
        if !at_the_prompt {
            alice.expect(b"endless left the chat\n");
            bob.expect(b"endless left the chat\n");
        }
        alice.send(b"still here\n");
        bob.says("endless-line-harms-one-member", "In ask and talk, return `End::TooLong` for `Line::TooLong`. An endless line ends its own connection and no other.")
            .expect(b"alice: still here\n");
    }
    if let (Some(before), Some(after)) = (before, server.resources()) {
        server.check(
            after.peak_memory < before.peak_memory + (4 << 20),
            &format!(
                "Twice 10 MB without a newline made the server grow from {before:?} to {after:?}."
            ),
            "collect-one-line-at-most",
            "In ask and talk, read lines with `common::line::read`. It never holds more than one line of 1,024 bytes.",
        );
    }
}

#[test]
fn any_bytes_at_all_harm_nobody() {
    let server = subject!("06").serve([]);
    let mut witness = join(&server, "witness");
    let all: Vec<u8> = (0..=255).filter(|byte| *byte != b'\n').collect();
    for round in 0_u8..8 {
        let name = format!("fuzz{round}");
        let mut fuzz = join(&server, &name);
        witness.expect(format!("{name} joined the chat\n").as_bytes());
        let mixed: Vec<u8> = all.iter().map(|byte| byte.rotate_left(u32::from(round))).collect();
        let text: Vec<u8> = mixed.into_iter().filter(|byte| *byte != b'\n').collect();
        fuzz.send(b"~").send(&text).send(b"\n").half_close();
        let heard = witness.line();
        let is_clean = !heard.contains(char::is_control);
        server.check(
            is_clean && heard.starts_with(&format!("{name}: ~")),
            &format!("A line held all bytes, and a member received {heard:?}."),
            "clean-any-bytes",
            "In clean, replace control characters and invalid UTF-8 by U+FFFD, whatever bytes are beside them.",
        );
        witness.expect(format!("{name} left the chat\n").as_bytes());
    }
}

#[test]
fn a_client_survives_a_flood_in_both_directions() {
    let lab = subject!("06").with_large_output(4 << 20);
    let server = lab.serve(["--queue", "100000"]);
    let mut other = join(&server, "other");
    let mut client =
        lab.run(["join", "--connect", &server.address().to_string(), "--name", "alice"]);
    client.expect_line("Welcome, alice. Here: other");
    other.expect(b"alice joined the chat\n");
    let flood = "x".repeat(900) + "\n";
    client.write_stdin(flood.repeat(2000).as_bytes());
    for _ in 0..2000 {
        other.send(flood.as_bytes());
    }
    for _ in 0..2000 {
        client
            .says(
                "both-directions-at-the-same-time",
                "In join, run listen and speak in two threads. Neither may wait for the other.",
            )
            .expect_line(&format!("other: {}", flood.trim_end()));
    }
    for _ in 0..2000 {
        other.expect(format!("alice: {flood}").as_bytes());
    }
}

#[test]
fn a_client_without_a_writer_is_closed() {
    // Each client needs two threads. With one of these numbers the last client gets its first thread
    // and not its second.
    for threads in [40, 41] {
        let Some(lab) = subject!("06").limit_threads(threads) else { return };
        let mut server = lab.serve([]);
        let mut clients: Vec<Peer> = (0..threads).map(|_| server.connect("client")).collect();
        server.wait_until_accepted();
        let is_answered =
            poll_until(Deadline::usual(), || clients.iter_mut().all(Peer::has_received));
        server.check(
            is_answered,
            "The system had no thread left, and a client received neither the prompt nor the end of its connection.",
            "leave-without-a-writer",
            "In handle_connection, call `leave` also when the writer cannot be started. Before it, a `?` or a panic leaves the visitor in the lobby, and its connection open.",
        );
    }
}
