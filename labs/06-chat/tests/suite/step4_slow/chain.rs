//! A chain of step slow: the goodbye of one slow member finds the queue of the next one full.

use super::super::people::{enter_any, join_any};
use super::{long, say};
use std::time::Duration;
use testkit::{Deadline, Peer, Server, Subject, poll_until, subject};

/// Members that do not read. The first half of them sends one line, which the others receive.
const DEAF: usize = 6;

/// The length of the queues.
const QUEUE: usize = 16;

/// Lines that disconnect no member, by all kernels: a socket takes 30 lines or more. After each of
/// the next lines all writers have their turn, so that the queues stay equal.
const FEW: usize = 16;

/// How many of the first lines are sent before all writers have had their turn.
const AT_A_TIME: usize = 8;

/// Three times as many lines as queues and sockets hold.
const MANY: usize = 300;

/// How many rooms are tried until a goodbye has found a full queue. The sockets of equal members can
/// take different numbers of lines on a busy machine.
const ROOMS: usize = 6;

/// Longer than the server needs to see that a socket takes no bytes. Until then, a thread that takes
/// members out of the room may wait for a full queue.
const STALLED: Duration = Duration::from_millis(60);

#[test]
fn who_stays_has_lost_no_line() {
    let lab = subject!("06");
    for _ in 0..ROOMS {
        if has_chain(&lab) {
            return;
        }
    }
    lab.skip("in this run, no goodbye found further queues full");
}

/// A room with a member that sends, one that receives, and many that do not read.
struct Room {
    server: Server,
    speaker: Peer,
    witness: Peer,
    deaf: Vec<(String, Peer)>,
    /// How many lines the speaker has sent.
    said: usize,
}

impl Room {
    fn new(lab: &Subject) -> Room {
        let server = lab.serve(["--queue", &QUEUE.to_string()]);
        let join = |number| {
            let name = format!("deaf{number:02}");
            let peer = enter_any(server.connect_non_reading(&name), &name);
            (name, peer)
        };
        let deaf = (0..DEAF).map(join).collect();
        let (mut witness, speaker) = (join_any(&server, "witness"), join_any(&server, "speaker"));
        witness.expect(b"speaker joined the chat\n");
        Room { server, speaker, witness, deaf, said: 0 }
    }

    /// Sends `count` lines, and waits until each writer has written them or waits for its member.
    /// Returns the other lines that `witness` received.
    fn say(&mut self, count: usize) -> Vec<String> {
        let mut others = Vec::new();
        // One by one, because a socket gets more room with each segment.
        for number in self.said..self.said + count {
            let numbers = number..number + 1;
            others.extend(say(&self.server, &mut self.speaker, &mut self.witness, numbers));
        }
        self.said += count;
        self.server.wait_until_idle();
        while self.witness.has_received() {
            others.push(self.witness.line());
        }
        others
    }

    /// Sends one line after the other, until one, or its goodbyes, found queues full. Returns the
    /// goodbyes.
    fn say_until_one_left(&mut self) -> Vec<String> {
        while self.said < MANY {
            let mut goodbyes = self.say(1);
            if !goodbyes.is_empty() {
                poll_until(Deadline::after(STALLED), || self.witness.has_received());
                self.server.wait_until_idle();
                while self.witness.has_received() {
                    goodbyes.push(self.witness.line());
                }
                return goodbyes;
            }
        }
        self.server.check(
            false,
            &format!("{DEAF} members read nothing, and all of them are in the room after {MANY} lines."),
            "disconnect-slow-members",
            "In disconnect_slow, take every connection in `slow` out of the room. The members that stay get each goodbye once.",
        );
        Vec::new()
    }

    /// The first half of those that do not read sends a line. No member gets its own line, so their
    /// queues are one line behind the others.
    fn let_one_half_speak(&mut self) {
        for (number, (name, member)) in self.deaf[..DEAF / 2].iter_mut().enumerate() {
            member.send(format!("{}\n", long(number)).as_bytes());
            self.witness.expect(format!("{name}: {}\n", long(number)).as_bytes());
        }
    }
}

/// In a new room, talks until a line finds queues full. Expects that the members that stay have
/// received all lines. Returns whether a goodbye has found a full queue, too. A line finds them in the
/// order of joining, which is that of the names, so a name out of order was found by a goodbye.
fn has_chain(lab: &Subject) -> bool {
    let mut room = Room::new(lab);
    while room.said < FEW {
        if !room.say(AT_A_TIME).is_empty() {
            return false;
        }
    }
    room.let_one_half_speak();
    let mut gone = Vec::new();
    let mut goodbyes = room.say_until_one_left();
    // One goodbye may fill queues, and then a next line finds several of them.
    while goodbyes.len() == 1 && gone.len() + 1 < DEAF {
        gone.append(&mut goodbyes);
        goodbyes = room.say_until_one_left();
    }
    let last = format!("speaker: {}", long(room.said - 1));
    gone.extend_from_slice(&goodbyes);
    for (name, member) in &mut room.deaf {
        if !gone.contains(&format!("{name} left the chat")) {
            expect_lines_behind(member, &last, &goodbyes);
        }
    }
    !goodbyes.is_sorted()
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
