//! A chain of step slow: the goodbye of one slow member finds the queue of the next one full.

use super::super::people::{enter_any, join};
use super::{long, say};
use testkit::{Peer, Server, Subject, subject};

/// Members that do not read. The first half of them sends one line, which the others receive.
const DEAF: usize = 8;

/// The length of the queues.
const QUEUE: usize = 16;

/// Lines that disconnect nobody. The sockets of these members take 30 lines or more, by kernel. After
/// each of the next lines all writers have their turn, so that the queues stay equal.
const FEW: usize = 16;

/// Several times as many lines as queues and sockets hold.
const MANY: usize = 600;

/// A line that disconnects fewer members may have found the queue of no other member nearly full. The
/// sockets of equal members can take different numbers of lines on a busy machine.
const CHAIN: usize = 3;

/// How many rooms are tried until a chain was long enough.
const ROOMS: usize = 4;

#[test]
fn who_stays_has_lost_no_line() {
    let lab = subject!("06");
    for _ in 0..ROOMS {
        if goodbyes_of_one_line(&lab) >= CHAIN {
            return;
        }
    }
    lab.skip("in this run, no goodbye found further queues full");
}

/// In a new room, talks until a line finds queues full. Expects that the members that stay have
/// received all lines, and returns how many members left.
fn goodbyes_of_one_line(lab: &Subject) -> usize {
    let server = lab.serve(["--queue", &QUEUE.to_string()]);
    let names: Vec<String> = (0..DEAF).map(|number| format!("deaf{number:02}")).collect();
    let mut deaf: Vec<Peer> =
        names.iter().map(|name| enter_any(server.connect_non_reading(name), name)).collect();
    let mut witness = join(&server, "witness", &names.join(", "));
    let mut speaker = join(&server, "speaker", &format!("{}, witness", names.join(", ")));
    witness.expect(b"speaker joined the chat\n");
    for number in 0..FEW {
        say(&server, &mut speaker, &mut witness, number);
        // Before the queue of a slow writer can be full.
        if (number + 1) % (QUEUE / 2) == 0 {
            server.wait_until_idle();
        }
    }
    // No member gets its own line, so the queues of the first half are one line behind the others.
    for (number, member) in deaf[..DEAF / 2].iter_mut().enumerate() {
        member.send(format!("{}\n", long(number)).as_bytes());
        witness.expect(format!("{}: {}\n", names[number], long(number)).as_bytes());
    }
    let (last, goodbyes) = talk_until_one_left(&server, &mut speaker, &mut witness);
    for (name, member) in names.iter().zip(&mut deaf) {
        if !goodbyes.contains(&format!("{name} left the chat")) {
            expect_lines_behind(member, &last, &goodbyes);
        }
    }
    goodbyes.len()
}

/// Sends line `number`, and waits until each writer has written it or waits for its member. Returns
/// the other lines that `witness` received.
fn say_to_idle(
    server: &Server,
    speaker: &mut Peer,
    witness: &mut Peer,
    number: usize,
) -> Vec<String> {
    let mut others = say(server, speaker, witness, number);
    server.wait_until_idle();
    while witness.has_received() {
        others.push(witness.line());
    }
    others
}

/// Talks until one line, or its goodbyes, found queues full. Returns this line and the goodbyes.
fn talk_until_one_left(
    server: &Server,
    speaker: &mut Peer,
    witness: &mut Peer,
) -> (String, Vec<String>) {
    for number in FEW..MANY {
        let goodbyes = say_to_idle(server, speaker, witness, number);
        if !goodbyes.is_empty() {
            return (format!("speaker: {}", long(number)), goodbyes);
        }
    }
    server.check(
        false,
        &format!("{DEAF} members read nothing, and all of them are in the room after {MANY} lines."),
        "disconnect-slow-members",
        "In disconnect_slow, take every connection in `slow` out of the room. The members that stay get each goodbye once.",
    );
    Default::default()
}

/// Expects that a member receives `last`, and then all `goodbyes`.
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
