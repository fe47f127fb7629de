//! Step leaving: many ways out, and one goodbye.

use super::people::{PROMPT, join, lines, room};
use testkit::{Peer, subject};

const ONCE: &str =
    "whoever leaves is taken off the list in one place; only who is still found there is announced";

#[test]
fn who_closes_the_connection_has_left() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob, mut carol] = room(&server, ["alice", "bob", "carol"]);
    bob.half_close();
    for other in [&mut alice, &mut carol] {
        other
            .says("read-0-bytes-goodbye", "a read of 0 bytes is a goodbye too")
            .expect(b"bob left the chat\n");
    }
    bob.says("left-listen-close-order", "nobody is left to listen to: close, in order")
        .expect_end();
    alice.says("leaves-taken-list-place", ONCE).expect_silence();
}

#[test]
fn who_resets_the_connection_has_left() {
    let server = subject!("06").serve([]);
    let [mut alice, bob, mut carol] = room(&server, ["alice", "bob", "carol"]);
    bob.reset();
    for other in [&mut alice, &mut carol] {
        other
            .says(
                "error-way-joining-leaving",
                "an error is a way out like any other: no `?` between joining and leaving",
            )
            .expect(b"bob left the chat\n");
    }
    alice.says("leaves-taken-list-place", ONCE).expect_silence();
}

#[test]
fn who_is_too_long_hears_why_and_has_left() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    // No newline, and more of it than is read: a plain close would reset the connection.
    bob.says("error-line-long-soon", "ERROR line too long, as soon as that is certain (common::line::read), and not when the newline comes; then close in order (common::close::hang_up), for unread input makes a plain close a reset")
        .send(&[b'x'; 50_000])
        .expect(b"ERROR line too long\n")
        .expect_end();
    alice
        .says(
            "was-long-heard-sent",
            "what was too long is heard by nobody, and who sent it leaves like everybody",
        )
        .expect(b"bob left the chat\n")
        .expect_silence();
}

#[test]
fn who_is_too_long_and_waits_hears_it() {
    let server = subject!("06").serve([]);
    let mut alice = join(&server, "alice", "nobody else");
    // Neither a newline nor anything else that could make a line of it.
    alice
        .says("1-025-bytes-ending", "1,025 bytes without an ending are too long, as soon as that is certain: to wait for one more byte is to wait for ever")
        .send(&[b'x'; 1025])
        .expect(b"ERROR line too long\n")
        .expect_end();
}

#[test]
fn one_byte_more_is_too_long() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    bob.says(
        "1-024-bytes-ending",
        "at most 1,024 bytes without the ending: also when the newline is there",
    )
    .send(&[[b'x'; 1025].as_slice(), b"\n"].concat())
    .expect(b"ERROR line too long\n")
    .expect_end();
    alice.expect(b"bob left the chat\n");
}

#[test]
fn an_endless_name_is_too_long() {
    let server = subject!("06").serve([]);
    let mut alice = join(&server, "alice", "nobody else");
    server
        .connect("endless")
        .says(
            "prompt-line-limit-decides",
            "at the prompt, too, a line has a limit: nobody decides how much we collect",
        )
        .expect(PROMPT)
        .send(&[b'x'; 50_000])
        .expect(b"ERROR line too long\n")
        .expect_end();
    alice.says("name-left", "it had no name, so nobody has left").expect_silence();
}

#[test]
fn who_had_no_name_leaves_without_a_word() {
    let server = subject!("06").serve([]);
    let mut alice = join(&server, "alice", "nobody else");
    let mut silent = server.connect("silent");
    silent.expect(PROMPT).half_close().expect_end();
    let mut rude = server.connect("rude");
    rude.expect(PROMPT);
    rude.reset();
    let mut nameless = server.connect("nameless");
    nameless.send(b"no name\nno name\nno name\n").half_close();
    nameless.rest();
    alice
        .says(
            "never-joined-leave-lobby",
            "who never joined does not leave: the lobby is not the room",
        )
        .expect_silence();
}

#[test]
fn what_was_said_before_leaving_is_heard() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    bob.send(b"so long\nand thanks").half_close();
    alice
        .says(
            "lines-came-end-count",
            "lines that came before the end count; what has no ending was never a line",
        )
        .expect(b"bob: so long\n")
        .expect(b"bob left the chat\n");
    alice.expect_silence();
}

#[test]
fn the_name_of_who_has_left_is_free() {
    let server = subject!("06").serve([]);
    let [mut alice, bob, _carol, _dan] = room(&server, ["alice", "bob", "carol", "dan"]);
    bob.reset();
    alice.says("error-way", "an error is a way out like any other").expect(b"bob left the chat\n");
    server
        .connect("BOB")
        .says(
            "left-list-keep-order",
            "who has left is in no list any more, and the others keep their order",
        )
        .expect(PROMPT)
        .send(b"BOB\n")
        .expect(b"Welcome, BOB. Here: alice, carol, dan\n");
    alice.expect(b"BOB joined the chat\n");
}

#[test]
fn those_who_stay_hear_everything() {
    let mut server = subject!("06").serve([]);
    let [mut speaker, gone_first, mut middle, gone_next, gone_last, mut last] =
        room(&server, ["speaker", "gone_first", "middle", "gone_next", "gone_last", "last"]);
    gone_first.reset();
    for stayed in [&mut speaker, &mut middle, &mut last] {
        stayed
            .says(
                "find-list-take-event",
                "to find somebody in the list and to take it off is one event: places change",
            )
            .expect(b"gone_first left the chat\n");
    }
    // Frozen, the server finds both gone at the same moment when it goes on.
    server.pause();
    [gone_next, gone_last].into_iter().for_each(Peer::reset);
    server.resume();
    speaker.send(b"one\n").send(b"two\n").send(b"three\n");
    for stayed in [&mut middle, &mut last] {
        // The goodbyes come when they come; the talk must be whole.
        let heard = talk_of(stayed, 5);
        let whole = heard == ["speaker: one", "speaker: two", "speaker: three"];
        server.check(
            whole,
            &format!("Three lines were said while three members vanished; one who stayed heard {heard:?}."),
            "find-list-take-event", "to find somebody in the list and to take it off is one event: places change",
        );
    }
}

/// Of the next `count` lines, those that somebody said.
fn talk_of(peer: &mut Peer, count: usize) -> Vec<String> {
    lines(peer, count).into_iter().filter(|line| !line.ends_with(" left the chat")).collect()
}

#[test]
fn threads_and_descriptors_are_given_back() {
    let server = subject!("06").serve([]);
    let mut host = join(&server, "host", "nobody else");
    let mut visit = |how: usize| {
        let mut guest = join(&server, "guest", "host");
        host.expect(b"guest joined the chat\n");
        match how % 2 {
            0 => guest.reset(),
            _ => drop(guest.half_close().expect_end()),
        }
        host.expect(b"guest left the chat\n");
    };
    (0..2).for_each(&mut visit);
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    (0..20).for_each(visit);
    server.expect_given_back(
        &before,
        "20 members came and left",
        "thread-connection-end-last", "every thread of a connection must end with it, and the last owner of its socket let go: who still holds one?",
    );
}
