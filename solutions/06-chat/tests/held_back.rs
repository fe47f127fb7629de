//! Tests that only the instructor has: a full room, rude members, and clients of other authors.

#[path = "held_back/full_queues.rs"]
mod full_queues;

use std::fs;
use std::sync::Barrier;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use testkit::{Deadline, Peer, Server, poll_until, scale_deadline, subject};

const PROMPT: &[u8] = b"Enter your name: ";

/// How many members a full room has, and how many lines each of them says.
const MEMBERS: usize = 100;
const LINES: usize = 20;

const A_BURST_IS_NO_SLOW_READER: &str = "In say, lock with `lock_when_queues_have_room`. When members speak faster than threads write, queues are full although each member reads.";

/// More lines of a kilobyte than the queue and the buffers of a member hold.
const TALK: usize = 600;

/// How many of these lines a member that reads may be behind. A queue holds more.
const BEHIND: usize = 100;

/// A member that asks which members are here, and leaves.
const PYTHON_MEMBER: &str = r"
import socket, sys

with socket.create_connection(('127.0.0.1', int(sys.argv[1])), timeout=5) as server:
    chat = server.makefile('rw', encoding='utf-8', newline='')
    assert chat.read(17) == 'Enter your name: '
    server.sendall('monty\r\nGrüße\r\n/who\r\n/quit\r\n'.encode())
    for line in chat:
        sys.stdout.write(line)
";

/// Joins as `name`. The list of the welcome does not matter.
fn join(server: &Server, name: &str) -> Peer {
    enter(server.connect(name), name)
}

fn enter(mut peer: Peer, name: &str) -> Peer {
    peer.says("prompt-name-welcome", "Check that ask sends the prompt, and join the welcome. If both do, check that write_lines flushes when the queue is empty.")
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
fn one_who_never_reads_is_dropped_and_ninety_nine_hear_all() {
    let server = subject!("06").serve([]);
    let mut speaker = join(&server, "speaker");
    let mut witness = join(&server, "witness");
    let members: Vec<Peer> =
        (3..MEMBERS).map(|number| join(&server, &format!("member{number}"))).collect();
    // It joins last, because each acknowledged segment would let its send buffer grow.
    let _deaf = enter(server.connect_non_reading("deaf"), "deaf");
    let heard: Vec<AtomicUsize> = members.iter().map(|_| AtomicUsize::new(0)).collect();
    let goodbyes: Vec<usize> = thread::scope(|scope| {
        let heard = &heard;
        let listen = |(member, heard)| scope.spawn(move || listen_to_the_end(member, heard));
        let listeners: Vec<_> = members.into_iter().zip(heard).map(listen).collect();
        for number in 0..TALK {
            speaker.send(format!("{number} {}\n", "x".repeat(900)).as_bytes());
            hear(&mut witness, &format!("speaker: {number} "));
            if number % BEHIND == 0 {
                // At the pace of the slowest listener, because our threads wait for a CPU, too.
                let slowest = || heard.iter().map(|count| count.load(Ordering::Relaxed)).min();
                poll_until(Deadline::usual(), || slowest() > Some(number));
            }
        }
        listeners
            .into_iter()
            .map(|listener| listener.join().expect("it received all lines"))
            .collect()
    });
    server.check(
        goodbyes.iter().all(|heard| *heard == 1),
        &format!("One member read nothing. The other 97 received this many goodbyes: {goodbyes:?}."),
        "disconnect-slow-members",
        "In disconnect_slow, take every connection in `slow` out of the room. The members that stay get each goodbye once.",
    );
}

/// Receives the whole talk, in order, and counts its lines in `heard`. Returns the number of
/// goodbyes of `deaf`.
fn listen_to_the_end(mut member: Peer, heard: &AtomicUsize) -> usize {
    member.says(
        "other-members-lose-no-line",
        "In disconnect_slow, disconnect the members in `slow` only. All other members get every line, in order.",
    );
    let mut goodbyes = 0;
    for number in 0..TALK {
        let others = hear(&mut member, &format!("speaker: {number} "));
        goodbyes += others.iter().filter(|line| *line == "deaf left the chat").count();
        heard.store(number + 1, Ordering::Relaxed);
    }
    goodbyes
}

#[test]
fn memory_stays_flat_while_somebody_does_not_read() {
    let server = subject!("06").serve([]);
    let mut witness = join(&server, "witness");
    let mut speaker = join(&server, "speaker");
    witness.expect(b"speaker joined the chat\n");
    let text = "x".repeat(1000);
    let mut talk = |from: usize, to: usize| {
        for number in from..to {
            speaker.send(format!("{number} {text}\n").as_bytes());
            hear(&mut witness, &format!("speaker: {number} "));
        }
    };
    talk(0, 2000);
    let Some(before) = server.resources() else {
        return server.skip("no /proc to see the memory in");
    };
    // Eight members join, do not read, and are disconnected. Meanwhile 20 MB are sent.
    let deaf: Vec<Peer> = (0..8)
        .map(|number| {
            let name = format!("deaf{number}");
            let deaf = enter(server.connect_non_reading(&name), &name);
            talk(2000 + number * 2500, 4500 + number * 2500);
            deaf
        })
        .collect();
    let after = server.resources().map_or(0, |now| now.peak_memory);
    let grown = after.saturating_sub(before.peak_memory);
    server.check(
        grown < 8 << 20,
        &format!(
            "After 20 MB of talk beside members that do not read, {grown} bytes more are in use."
        ),
        "waiting-lines-have-a-limit",
        "In push, use the bounded queue, and share one `Arc<str>` among all queues. Memory must not grow with a member that does not read.",
    );
    drop(deaf);
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
fn one_who_reads_a_little_now_and_then_is_dropped_too() {
    let server = subject!("06").serve(["--queue", "64"]);
    let mut trickle = enter(server.connect_non_reading("trickle"), "trickle");
    let mut witness = join(&server, "witness");
    let mut speaker = join(&server, "speaker");
    trickle.expect(b"witness joined the chat\n").expect(b"speaker joined the chat\n");
    let start = Instant::now();
    for number in 0..3000 {
        speaker.send(format!("{number} {}\n", "x".repeat(900)).as_bytes());
        let before = hear(&mut witness, &format!("speaker: {number} "));
        if before.iter().any(|line| line == "trickle left the chat") {
            let slow = start.elapsed() > scale_deadline(Duration::from_secs(5));
            let sentence = format!("It held up the room for {:?}.", start.elapsed());
            return server.check(
                !slow,
                &sentence,
                "waiting-has-a-limit",
                "Check that you wait for queues in `lock_when_queues_have_room` only. It waits for a writer for half a second at most.",
            );
        }
        // It reads one line of twenty, so it is never stuck for long, and always further behind.
        if number % 20 == 0 {
            trickle.line();
        }
    }
    let sentence = "A member that reads one line of twenty is still here after 3,000 lines.";
    server.check(false, sentence, "disconnect-slow-members", "In disconnect_slow, take every connection in `slow` out of the room. The members that stay get each goodbye once.");
}

#[test]
fn a_dropped_member_does_not_take_the_next_of_its_name_along() {
    let server = subject!("06").serve(["--queue", "8"]);
    let deaf = enter(server.connect_non_reading("same"), "same");
    let mut witness = join(&server, "witness");
    let mut speaker = join(&server, "speaker");
    witness.expect(b"speaker joined the chat\n");
    for _ in 0..2000 {
        speaker.send(format!("{}\n", "x".repeat(900)).as_bytes());
        hear(&mut witness, "speaker: ");
        if speaker.has_received() {
            break;
        }
    }
    speaker.says("disconnect-slow-members", "In disconnect_slow, take every connection in `slow` out of the room. The members that stay get each goodbye once.").expect(b"same left the chat\n");
    let _again = join(&server, "SAME");
    speaker.expect(b"SAME joined the chat\n");
    deaf.reset();
    speaker
        .says("leave-by-id", "In leave, remove the connection by its id, not by its name. The threads of a disconnected member may end late.")
        .expect_silence();
}

#[test]
fn netcat_is_a_member() {
    let lab = subject!("06");
    let Some(netcat) = lab.netcat() else { return };
    let server = lab.serve([]);
    let mut alice = join(&server, "alice");
    let mut netcat = netcat.run(["127.0.0.1", &server.address().port().to_string()]);
    netcat.write_stdin(b"neko\nhello from nc\n");
    alice.expect(b"neko joined the chat\n").expect(b"neko: hello from nc\n");
    alice.send(b"hello, nc\n/quit\n").expect(b"Goodbye.\n").expect_end();
    netcat
        .says("follow-the-protocol", "Compare each line with the protocol in the brief. nc sends and prints lines as they are.")
        .expect_line("Enter your name: Welcome, neko. Here: alice")
        .expect_line("alice: hello, nc")
        .expect_line("alice left the chat")
        .write_stdin(b"/quit\n")
        .expect_line("Goodbye.")
        .close_stdin()
        .expect_exit(0);
}

#[test]
fn pythons_socket_is_a_member() {
    let lab = subject!("06");
    let Some(python) = lab.python(PYTHON_MEMBER) else { return };
    let server = lab.serve([]);
    let mut alice = join(&server, "alice");
    let mut python = python.run([server.address().port().to_string().as_str()]);
    alice
        .expect(b"monty joined the chat\n")
        .expect("monty: Grüße\n".as_bytes())
        .expect(b"monty left the chat\n");
    python
        .says(
            "answers-keep-their-order",
            "In talk, execute one command after the other. The answers have the order of the commands.",
        )
        .expect_line("Welcome, monty. Here: alice")
        .expect_line("Here: alice")
        .expect_line("Goodbye.")
        .expect_exit(0);
}

#[test]
fn two_of_our_own_clients_talk() {
    let lab = subject!("06");
    let server = lab.serve([]);
    let address = server.address().to_string();
    let mut alice = lab.run(["join", "--connect", &address, "--name", "alice"]);
    alice.expect_line("Welcome, alice. Here: nobody else");
    let mut bob = lab.run(["join", "--connect", &address, "--name", "bob"]);
    bob.expect_line("Welcome, bob. Here: alice");
    alice.expect_line("bob joined the chat").write_stdin(b"hello, bob\n");
    bob.expect_line("alice: hello, bob").write_stdin(b"/msg alice hello yourself\n/who\n");
    // The answer to `/who` contains Alice, so she leaves only after it.
    bob.expect_line("Here: alice");
    alice.expect_line("[private] bob: hello yourself").close_stdin();
    bob.expect_line("alice left the chat");
    alice.expect_line("Goodbye.").expect_exit(0);
    let mut other = lab.run(["join", "--connect", &address, "--name", "BOB"]);
    other.expect_error(&["the name is refused", "taken"]);
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
