//! Step slow: a queue for each member, and a thread that empties it.

mod chain;
mod crowds;

use super::people::{PROMPT, enter, enter_any, join, join_any, lines, room};
use std::ops::Range;
use std::time::Duration;
use testkit::{Deadline, Peer, Server, large_send_buffers, poll_until, show_all, subject};

/// Three times as many lines as the buffers hold for a member that does not read.
const MANY: usize = 300;

/// How long a line may be on its way before the test asks what the server does, and how long from
/// one queue to another.
const USUAL_WAY: Duration = Duration::from_millis(5);
const SHORT_WAY: Duration = Duration::from_millis(1);

/// Members that do not read. Each wakes a thread of the server every 20 ms, so with many more of them
/// its threads would never all sleep.
const DEAF: usize = 8;

/// How many visitors send names that are refused.
const REFUSED: usize = 24;

/// How many lines are sent one by one to a member that reads.
const ONE_BY_ONE: usize = 12;

/// Twice as many lines as the socket of a member that does not read takes, and how many of them are
/// sent in one piece. Each queue of such a talk has room for those.
const MORE_THAN_A_SOCKET: usize = 200;
const BATCH: usize = 50;

const NO_WAIT_UNDER_THE_LOCK: &str = "In push, use `try_send`. A write under the room's lock, or another wait there, also a short one, holds up all members.";

/// Line `number` of a talk: nearly a kilobyte, to fill buffers.
fn long(number: usize) -> String {
    format!("{number:05} {}", "x".repeat(1_000))
}

/// Three members, in this order: one that does not read, one that reads, one that speaks.
fn deaf_witness_speaker(server: &Server) -> (Peer, Peer, Peer) {
    let deaf = enter(server.connect_non_reading("deaf"), "deaf", "nobody else");
    let mut witness = join(server, "witness", "deaf");
    let speaker = join(server, "speaker", "deaf, witness");
    witness.expect(b"speaker joined the chat\n");
    (deaf, witness, speaker)
}

/// Sends the lines `numbers`, and waits until `witness` has received them. Returns the lines between.
fn say(
    server: &Server,
    speaker: &mut Peer,
    witness: &mut Peer,
    numbers: Range<usize>,
) -> Vec<String> {
    let lines: String = numbers.clone().map(|number| long(number) + "\n").collect();
    speaker.send(lines.as_bytes());
    numbers.flat_map(|number| receive(server, witness, number)).collect()
}

/// Sends `count` lines, some at a time. They fit into the queue of `witness`, which receives them.
fn say_many(server: &Server, speaker: &mut Peer, witness: &mut Peer, count: usize) -> Vec<String> {
    let say = |first| say(server, speaker, witness, first..count.min(first + BATCH));
    (0..count).step_by(BATCH).flat_map(say).collect()
}

/// Waits until `witness` has received line `number`. Returns the lines before it.
fn receive(server: &Server, witness: &mut Peer, number: usize) -> Vec<String> {
    let expected = format!("speaker: {}", long(number));
    let mut before = Vec::new();
    loop {
        advise_by_activity(server, witness);
        match witness.line() {
            line if line == expected => return before,
            line => before.push(line),
        }
    }
}

/// Gives `witness` the advice for a line that does not come, by what the server does. A server that
/// sleeps may rightly wait for a queue, without the lock.
fn advise_by_activity(server: &Server, witness: &mut Peer) {
    witness.says("no-write-under-the-lock", NO_WAIT_UNDER_THE_LOCK);
    let has_come = poll_until(Deadline::after(USUAL_WAY), || witness.has_received());
    if !has_come && !server.sleeps() {
        witness.says("disconnect-slow-ends", "In disconnect_slow, take each connection off `slow` (`pop_front`), or the loop never ends. In push, use `try_send`, and do not repeat it.");
    }
}

/// Talks until the witness has received the goodbye of each of `gone`, once, and no other line. The
/// server has queues of `queue` lines.
fn talk_until_left(
    server: &Server,
    queue: usize,
    speaker: &mut Peer,
    witness: &mut Peer,
    gone: &[&str],
) {
    let mut announced = Vec::new();
    for first in (0..queue + MANY).step_by(queue / 2) {
        announced.extend(say(server, speaker, witness, first..first + queue / 2));
        // Every writer has its turn before a queue can be full, so a full queue belongs to a member
        // that does not read.
        server.wait_until_idle();
        if announced.len() >= gone.len() {
            break;
        }
    }
    expect_goodbyes(server, queue, gone, announced);
}

/// Expects that a talk of more lines than a queue of `queue` lines and a socket hold has `announced`
/// the goodbye of each of `gone`, once.
fn expect_goodbyes(server: &Server, queue: usize, gone: &[&str], mut announced: Vec<String>) {
    let mut expected: Vec<String> =
        gone.iter().map(|name| format!("{name} left the chat")).collect();
    announced.sort();
    expected.sort();
    server.check(
        !announced.is_empty(),
        &format!("One member spoke, and {} did not read. After {} lines, none of them has left the room.", gone.join(" and "), queue + MANY),
        "full-queue-is-full",
        "In push, return `Err(Full)` when `--queue` lines wait (`TrySendError::Full`). Then the room calls disconnect_slow, which takes the member out.",
    );
    server.check(
        announced == expected,
        &format!("One member spoke and {} did not read. Besides the talk, a member that reads received {}. Expected: {}.", gone.join(" and "), show_all(&announced), show_all(&expected)),
        "disconnect-slow-members", "In disconnect_slow, take every connection in `slow` out of the room. The members that stay get each goodbye once.",
    );
}

#[test]
fn who_does_not_read_is_dropped() {
    let mut server = subject!("06").serve(["--queue", "8"]);
    let (_deaf, mut witness, mut speaker) = deaf_witness_speaker(&server);
    talk_until_left(&server, 8, &mut speaker, &mut witness, &["deaf"]);
    speaker
        .says(
            "goodbye-to-all-that-stay",
            "In disconnect_slow, send the goodbye to all members that stay, also to the sender of the line that found the queue full.",
        )
        .expect(b"deaf left the chat\n")
        .expect_silence();
    let _again = join(&server, "deaf", "witness, speaker");
    witness
        .says(
            "disconnected-members-are-gone",
            "In disconnect_slow, call take_outbox once for each id. After that the name is free, and leave announces nothing more.",
        )
        .expect(b"deaf joined the chat\n")
        .expect_silence();
    server
        .says(
            "dropped-is-logged",
            "In disconnect_slow, call take_outbox and `cut` for each connection. In handle_connection, return `Ok(End::Dropped)` if leave returns false and the room is open.",
        )
        .expect_log("dropped, it does not read");
}

#[test]
fn many_full_queues_hold_up_no_line() {
    // The goodbyes of all of them fit into the queue of a member that reads.
    const QUEUE: usize = 64;
    let server = subject!("06").serve(["--queue", &QUEUE.to_string()]);
    let names: Vec<String> = (0..DEAF).map(|number| format!("deaf{number:02}")).collect();
    // A thread puts a line into the queues in the order of joining.
    let mut first = join_any(&server, "first");
    let _deaf: Vec<Peer> =
        names.iter().map(|name| enter_any(server.connect_non_reading(name), name)).collect();
    let mut last = join_any(&server, "last");
    let mut speaker = join_any(&server, "speaker");
    last.expect(b"speaker joined the chat\n");
    let mut announced = Vec::new();
    for number in 0..QUEUE + MANY {
        // One by one, so that the test looks while the server is at this line.
        say(&server, &mut speaker, &mut first, number..number + 1);
        expect_no_wait_between(&server, &mut last);
        announced.extend(receive(&server, &mut last, number));
        if (number + 1) % (QUEUE / 2) == 0 {
            server.wait_until_idle();
        }
        if announced.len() >= DEAF {
            break;
        }
    }
    let gone: Vec<&str> = names.iter().map(String::as_str).collect();
    expect_goodbyes(&server, QUEUE, &gone, announced);
}

/// Expects that a line that the first member has received comes to the `last` one, too. A thread that
/// waits between the two waits under the room's lock.
fn expect_no_wait_between(server: &Server, last: &mut Peer) {
    if poll_until(Deadline::after(SHORT_WAY), || last.has_received()) {
        return;
    }
    let is_idle = server.wait_until_idle();
    server.check(
        !is_idle || last.has_received(),
        &format!("A member spoke, and the first member received the line. Now all threads of the server sleep, and a member that joined behind {DEAF} others has not received it."),
        "no-write-under-the-lock",
        NO_WAIT_UNDER_THE_LOCK,
    );
}

#[test]
fn nothing_of_who_was_dropped_is_left() {
    // More lines than a full socket may still take, if its connection is not cut.
    let server = subject!("06").serve(["--queue", "128"]);
    let mut witness = join(&server, "witness", "nobody else");
    let mut speaker = join(&server, "speaker", "witness");
    witness.expect(b"speaker joined the chat\n");
    say(&server, &mut speaker, &mut witness, 0..1);
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    let _deaf = enter(server.connect_non_reading("deaf"), "deaf", "witness, speaker");
    witness.expect(b"deaf joined the chat\n");
    talk_until_left(&server, 128, &mut speaker, &mut witness, &["deaf"]);
    server.expect_given_back(
        &before,
        "A member that did not read was disconnected",
        "cut-wakes-both-threads",
        "In disconnect_slow, call `cut` on the outbox. The writer sleeps in write(2) and the reader in read(2), and shutdown(2) wakes both.",
    );
}

#[test]
fn a_queue_of_one_line_is_enough() {
    let mut server = subject!("06").serve(["--queue", "1"]);
    let [mut alice, mut bob] = ["alice", "bob"].map(|name| {
        let mut peer = server.connect(name);
        peer.says(
            "writer-frees-its-place",
            "In write_lines, take each line out of the queue before you write it. The line that is being written is none of those that wait.",
        )
        .expect(PROMPT)
        .send(format!("{name}\n").as_bytes())
        .expect(format!("Welcome, {name}. Here: ").as_bytes());
        peer.line();
        peer.fold_rows(&format!("connects, joins as {name}"));
        peer
    });
    alice.expect(b"bob joined the chat\n");
    for text in ["one", "two", "three"] {
        alice.send(format!("{text}\n").as_bytes());
        bob.expect(format!("alice: {text}\n").as_bytes());
    }
    expect_refusals_and_prompts(&mut server);
}

/// A refused name has two answers, which may come as two lines. The writer takes one, so the other one
/// waits for its place in the queue.
fn expect_refusals_and_prompts(server: &mut Server) {
    let mut visitors: Vec<Peer> = (0..REFUSED).map(|_| server.connect("visitor")).collect();
    for visitor in &mut visitors {
        visitor.says(
            "visitors-have-queues-too",
            "In ask, answer with `Room::answer`, which waits until the visitor's queue has room.",
        );
        visitor.expect(PROMPT);
    }
    // Frozen, the server finds all names when it goes on, so that writers wait for a CPU.
    server.pause();
    for visitor in &mut visitors {
        visitor.send(b"no name\nno name\n");
    }
    server.resume();
    for visitor in &mut visitors {
        for _ in 0..2 {
            visitor.expect(b"ERROR ").line();
            visitor.expect(PROMPT);
        }
    }
}

#[test]
fn each_line_is_sent_when_it_is_in_the_queue() {
    let server = subject!("06").serve([]);
    server
        .connect("visitor")
        .says(
            "flush-when-the-queue-is-empty",
            "In write_lines, flush when the queue is empty, or use no `BufWriter`. In handle_connection, start the thread of write_lines before `converse`.",
        )
        .expect(PROMPT);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    for number in 0..ONE_BY_ONE {
        alice.send(format!("{number}\n").as_bytes()).wait_until_read();
        let is_idle = server.wait_until_idle();
        server.check(
            !is_idle || bob.has_received(),
            "A member spoke. Now all threads of the server sleep, and another member has not received the line.",
            "wait-for-a-line-not-for-a-time",
            "In write_lines, loop over `queue`, which waits for the next line. A thread that sleeps for a time and then looks sends each line late.",
        );
        bob.expect(format!("alice: {number}\n").as_bytes());
    }
}

#[test]
fn who_reads_late_has_lost_nothing() {
    let mut server = subject!("06").serve(["--queue", "1000"]);
    let count = MORE_THAN_A_SOCKET;
    let (mut late, mut witness, mut speaker) = deaf_witness_speaker(&server);
    say_many(&server, &mut speaker, &mut witness, count);
    // A signal interrupts the write that waits for this member (EINTR).
    for _ in 0..10 {
        server.pause();
        server.resume();
        server.wait_until_idle();
    }
    let think = "In write_lines, send every line of the queue, whole (`write_all`) and in order. As many lines wait as `--queue` says.";
    late.says("queue-holds-its-lines", think)
        .expect(b"witness joined the chat\n")
        .expect(b"speaker joined the chat\n");
    for (number, line) in lines(&mut late, count).into_iter().enumerate() {
        let what = format!(
            "A member read nothing while {count} lines were sent. Then line {number:05} was missing or in another place."
        );
        server.check(
            line == format!("speaker: {}", long(number)),
            &what,
            "queue-holds-its-lines",
            think,
        );
    }
}

#[test]
fn a_queue_is_as_long_as_it_should_be() {
    let lab = subject!("06");
    if let Some(reason) = large_send_buffers() {
        return lab.skip(&reason);
    }
    let server = lab.serve(["--queue", "200"]);
    let (_deaf, mut witness, mut speaker) = deaf_witness_speaker(&server);
    // The socket of such a member takes about 100 of these lines. A queue of twice the length takes
    // more than all of them.
    let others = say_many(&server, &mut speaker, &mut witness, 390);
    server.wait_until_idle();
    server.check(
        others.contains(&"deaf left the chat".to_owned()) || witness.has_received(),
        "With `--queue 200`, a member that read nothing is still in the room after 390 lines.",
        "queue-has-this-limit",
        "In push, return `Err(Full)` when `--queue` lines wait. Use no second queue and no larger one.",
    );
}

#[test]
fn what_waits_is_sent_before_the_end() {
    let count = MORE_THAN_A_SOCKET;
    let server = subject!("06").serve(["--queue", "1000"]);
    let (mut late, mut witness, mut speaker) = deaf_witness_speaker(&server);
    say_many(&server, &mut speaker, &mut witness, count);
    late.half_close();
    witness
        .says(
            "leave-before-the-queue-is-empty",
            "In handle_connection, call leave as soon as converse returns. The writer sends the rest of the queue after that.",
        )
        .expect(b"deaf left the chat\n");
    // A server that closes too early has closed now.
    server.wait_until_idle();
    let owed = late
        .says(
            "send-the-queue-and-then-close",
            "In write_lines, send all lines of the queue before the connection closes. A client that has half-closed still reads.",
        )
        .rest();
    let heard = owed.iter().filter(|byte| **byte == b'\n').count();
    server.check(
        heard == count + 2,
        &format!("{} lines waited for a member that half-closed, and it received {heard} of them.", count + 2),
        "queue-ends-behind-its-lines", "In handle_connection, close when write_lines has returned. A queue ends when its sender is dropped and its lines are received.",
    );
}

#[test]
fn others_come_and_go_while_somebody_does_not_read() {
    let server = subject!("06").serve(["--queue", "10000"]);
    let (_deaf, mut witness, mut speaker) = deaf_witness_speaker(&server);
    // A thread that writes to the full socket directly waits now.
    say_many(&server, &mut speaker, &mut witness, MORE_THAN_A_SOCKET);
    let mut newcomer = join(&server, "newcomer", "deaf, witness, speaker");
    witness.expect(b"newcomer joined the chat\n");
    newcomer
        .says(
            "never-wait-in-push",
            "In push, return immediately. While one member's socket is full, other members need the room's lock.",
        )
        .half_close()
        .expect_end();
    witness.expect(b"newcomer left the chat\n");
}
