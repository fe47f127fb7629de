//! Members that do not read, or read too slowly.

use super::{BEHIND, MEMBERS, TALK, enter, hear, join};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};
use testkit::{Deadline, Peer, poll_until, scale_deadline, show_time, subject};

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
            let sentence = format!("It held up the room for {}.", show_time(start.elapsed()));
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
