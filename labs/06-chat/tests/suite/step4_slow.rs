//! Step slow: a queue for each member, and a thread that empties it.

use super::people::{enter, join, lines};
use testkit::{Peer, Server, subject};

/// Several times as many lines as the queues here and the system hold for one who does not read.
const MANY: usize = 2_000;

/// Line `number` of a talk: a kilobyte, to fill buffers.
fn long(number: usize) -> String {
    format!("{number:05} {}", "x".repeat(950))
}

/// Three members, in this order: one who does not read, one who hears, one who speaks.
fn deaf_witness_speaker(server: &Server) -> (Peer, Peer, Peer) {
    let deaf = enter(server.connect_non_reading("deaf"), "deaf", "nobody else");
    let mut witness = join(server, "witness", "deaf");
    let speaker = join(server, "speaker", "deaf, witness");
    witness.expect(b"speaker joined the chat\n");
    (deaf, witness, speaker)
}

/// Says line `number`; `witness` hears it, and whatever comes before it is returned.
fn say(speaker: &mut Peer, witness: &mut Peer, number: usize) -> Vec<String> {
    speaker.send(format!("{}\n", long(number)).as_bytes());
    let due = format!("speaker: {}", long(number));
    let mut before = Vec::new();
    witness.says("read-hold-write-hold", "whoever does not read must hold up nobody: no write while you hold the room's lock, and no lost line for anybody else");
    loop {
        match witness.line() {
            line if line == due => return before,
            line => before.push(line),
        }
    }
}

/// Talks until the witness hears that all of `gone` have left: each once, and nothing else.
fn talk_until_left(server: &Server, speaker: &mut Peer, witness: &mut Peer, gone: &[&str]) {
    let mut announced = Vec::new();
    for number in 0..MANY {
        announced.extend(say(speaker, witness, number));
        // Before the next fills a queue, every writer has had its turn: who is full does not read.
        if number % 4 == 3 {
            server.wait_until_idle();
        }
        if announced.len() >= gone.len() {
            break;
        }
    }
    announced.sort();
    let due: Vec<String> = gone.iter().map(|name| format!("{name} left the chat")).collect();
    server.check(
        announced == due,
        &format!("A speaker talked on and on, and {} did not read. Besides the talk a witness heard {announced:?}.", gone.join(" and ")),
        "member-queue-full-dropped", "a member whose queue is full is dropped, and the others hear that it left: once",
    );
}

#[test]
fn who_does_not_read_is_dropped() {
    let server = subject!("06").serve(["--queue", "8"]);
    let (_deaf, mut witness, mut speaker) = deaf_witness_speaker(&server);
    talk_until_left(&server, &mut speaker, &mut witness, &["deaf"]);
    speaker
        .says(
            "hears-spoke-line-was",
            "everybody hears it, also who spoke the line that was too many",
        )
        .expect(b"deaf left the chat\n")
        .expect_silence();
    let _again = join(&server, "deaf", "witness, speaker");
    witness
        .says(
            "was-dropped-gone-name",
            "who was dropped is gone: its name is free, and nothing of it comes after",
        )
        .expect(b"deaf joined the chat\n")
        .expect_silence();
}

#[test]
fn several_who_do_not_read_are_all_dropped() {
    // Room for the talk until all writers have had their turn, and for a goodbye of each.
    let server = subject!("06").serve(["--queue", "16"]);
    let mut here: Vec<&str> = Vec::new();
    let (mut deaf, mut hearing) = (Vec::new(), Vec::new());
    // In turns: whoever takes one for another drops somebody who reads. And so many that some of
    // their queues are full at the same line.
    for [does_not, reads] in
        [["one", "witness"], ["two", "speaker"], ["six", "ann"], ["ten", "bob"], ["nine", "eve"]]
    {
        let others = if here.is_empty() { "nobody else".to_owned() } else { here.join(", ") };
        deaf.push(enter(server.connect_non_reading(does_not), does_not, &others));
        here.push(does_not);
        hearing.push(join(&server, reads, &here.join(", ")));
        here.push(reads);
    }
    let [witness, speaker, ..] = &mut hearing[..] else { unreachable!("five have joined") };
    while witness.line() != "eve joined the chat" {}
    talk_until_left(&server, speaker, witness, &["nine", "one", "six", "ten", "two"]);
    join(&server, "next", "witness, speaker, ann, bob, eve");
}

#[test]
fn nothing_of_who_was_dropped_is_left() {
    let server = subject!("06").serve(["--queue", "8"]);
    let mut witness = join(&server, "witness", "nobody else");
    let mut speaker = join(&server, "speaker", "witness");
    witness.expect(b"speaker joined the chat\n");
    say(&mut speaker, &mut witness, 0);
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    let _deaf = enter(server.connect_non_reading("deaf"), "deaf", "witness, speaker");
    witness.expect(b"deaf joined the chat\n");
    talk_until_left(&server, &mut speaker, &mut witness, &["deaf"]);
    server.expect_given_back(
        &before,
        "One came who did not read, and was dropped",
        "writer-sleeps-write-reader",
        "its writer sleeps in a write and its reader in a read: cut the connection, and both wake",
    );
}

#[test]
fn who_reads_late_has_lost_nothing() {
    let count = 700;
    let server = subject!("06").serve(["--queue", "1000"]);
    let (mut late, mut witness, mut speaker) = deaf_witness_speaker(&server);
    (0..count).for_each(|number| drop(say(&mut speaker, &mut witness, number)));
    let think = "as many lines as --queue says may wait; when the member reads it gets them all, whole and in their order";
    late.says("lines-queue-says-wait", think)
        .expect(b"witness joined the chat\n")
        .expect(b"speaker joined the chat\n");
    for (number, line) in lines(&mut late, count).into_iter().enumerate() {
        let what = format!(
            "{} lines were said before one member read any. Then it heard a line other than {number:05} in the place of that.",
            count
        );
        server.check(
            line == format!("speaker: {}", long(number)),
            &what,
            "lines-queue-says-wait",
            think,
        );
    }
}

#[test]
fn what_waits_is_sent_before_the_end() {
    let count = 300;
    let server = subject!("06").serve(["--queue", "1000"]);
    let (mut late, mut witness, mut speaker) = deaf_witness_speaker(&server);
    (0..count).for_each(|number| drop(say(&mut speaker, &mut witness, number)));
    late.half_close();
    witness
        .says(
            "closed-side-leaves-once",
            "who has closed its side leaves at once, whatever waits for it",
        )
        .expect(b"deaf left the chat\n");
    let owed = late
        .says(
            "read-send-waits-queue",
            "it can still read: send what waits in its queue, then close",
        )
        .rest();
    let heard = owed.iter().filter(|byte| **byte == b'\n').count();
    server.check(
        heard == count + 2,
        &format!("{} lines waited for a member that closed its side; {heard} of them came before the end.", count + 2),
        "queue-ends-sender-dropped", "the queue ends when its sender is dropped; the writer first empties it, and closes then",
    );
}

#[test]
fn others_come_and_go_while_somebody_does_not_read() {
    let server = subject!("06").serve(["--queue", "10000"]);
    let (_deaf, mut witness, mut speaker) = deaf_witness_speaker(&server);
    // More than the system takes: whoever writes to the deaf one directly now stands still.
    (0..600).for_each(|number| drop(say(&mut speaker, &mut witness, number)));
    let mut newcomer = join(&server, "newcomer", "deaf, witness, speaker");
    witness.expect(b"newcomer joined the chat\n");
    newcomer
        .says(
            "full-socket-member-trouble",
            "a full socket is one member's trouble: the lock must be free for all others",
        )
        .half_close()
        .expect_end();
    witness.expect(b"newcomer left the chat\n");
}
