//! Step leaving: many ways out, and one goodbye.

use super::people::{
    LINGERING_CLOSE, PROMPT, WORDS_BEFORE_THE_CLOSE, expect_end_after_last_words, expect_line,
    join, lines, room,
};
use testkit::{Peer, show, show_all, subject};

const ANNOUNCE_IN_ONE_PLACE: &str = "Announce a goodbye in remove_member only, and only if `position` finds the member. Several threads may notice that one member is gone.";

const FIND_AND_REMOVE: &str = "In remove_member, find the place of `id` and remove it under the same lock. A place changes when another member leaves.";

const END_OF_INPUT_LEAVES: &str = "Check that handle_connection calls leave when converse returns `End::Closed`, and that remove_member sends the goodbye with `push_to_members`.";

const END_OF_INPUT_ENDS_TALK: &str = "In talk, return `End::Closed` for `Line::End`. The server computes without a pause, because each further read returns `Line::End` immediately.";

const LAST_WORDS_AT_THE_PROMPT: &str = "In ask, return `End::TooLong` for `Line::TooLong`. If it does, handle_connection must pass `End::last_words` to leave, and close only when the queue is sent.";

const REMOVE_BEFORE_THE_GOODBYE: &str = "In remove_member, remove the member first, and push its goodbye after that. A member does not get its own goodbye.";

const LAST_WORDS_IF_SOME: &str = "In leave, push last words only if `last_words` is Some, and push nothing else. `End::last_words` returns None for an end of input.";

const TOO_LONG_HAS_LAST_WORDS: &str = "In handle_connection, pass `End::last_words` to leave, and close only when the queue is sent. Check also that talk returns `End::TooLong` for `Line::TooLong`.";

const CLOSE_AFTER_LEAVING: &str = "In handle_connection, close with `close::lingering_shared` after leave. The client waits for the FIN.";

#[test]
fn who_closes_the_connection_has_left() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob, mut carol] = room(&server, ["alice", "bob", "carol"]);
    bob.half_close();
    let (id, think) = match server.sleeps() {
        true => ("end-of-input-leaves", END_OF_INPUT_LEAVES),
        false => ("end-of-input-ends-talk", END_OF_INPUT_ENDS_TALK),
    };
    for other in [&mut alice, &mut carol] {
        other.says(id, think);
        expect_line(
            other,
            "bob left the chat",
            "goodbye-of-the-protocol",
            "In remove_member, compare the goodbye with the protocol in the brief.",
        );
    }
    let behind = bob.says("close-after-leaving", CLOSE_AFTER_LEAVING).rest();
    let (id, think) = match behind.ends_with(b"left the chat\n") {
        true => ("remove-before-the-goodbye", REMOVE_BEFORE_THE_GOODBYE),
        false => ("last-words-if-some", LAST_WORDS_IF_SOME),
    };
    server.check(
        behind.is_empty(),
        &format!("bob closed its side, and the server sent it {}.", show(&behind)),
        id,
        think,
    );
    alice.says("announce-in-one-place", ANNOUNCE_IN_ONE_PLACE).expect_silence();
}

#[test]
fn who_resets_the_connection_has_left() {
    let mut server = subject!("06").serve([]);
    let [mut alice, bob, mut carol] = room(&server, ["alice", "bob", "carol"]);
    bob.reset();
    for other in [&mut alice, &mut carol] {
        other
            .says(
                "leave-before-returning-an-error",
                "In handle_connection, keep the result of converse without `?`, and call leave before you return it. A reset is an error of read(2).",
            )
            .expect(b"bob left the chat\n");
    }
    alice.says("announce-in-one-place", ANNOUNCE_IN_ONE_PLACE).expect_silence();
    server
        .says("return-the-error", "In handle_connection, return the outcome of converse, also an error, if leave returns true. In leave, return true if `remove` found the connection.")
        .expect_log("reset");
}

#[test]
fn who_is_too_long_hears_why_and_has_left() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    // More bytes than the server reads, so a plain close would reset the connection.
    bob.says("answer-a-line-that-is-too-long", "In ask and talk, return `End::TooLong` for `Line::TooLong`, and let leave push the last words. The newline of such a line may never come.")
        .says_if_closed("too-long-has-last-words", TOO_LONG_HAS_LAST_WORDS)
        .send(&[b'x'; 50_000])
        .expect(b"ERROR line too long\n");
    expect_end_after_last_words(&server, &mut bob);
    alice
        .says(
            "too-long-leaves-too",
            "In handle_connection, call leave for `End::TooLong`, too. In talk, pass on no part of a line that is too long.",
        )
        .expect(b"bob left the chat\n")
        .says("announce-in-one-place", ANNOUNCE_IN_ONE_PLACE)
        .expect_silence();
}

#[test]
fn who_is_too_long_and_waits_hears_it() {
    let server = subject!("06").serve([]);
    let mut alice = join(&server, "alice", "nobody else");
    // No newline follows, and no other byte.
    alice
        .says("too-long-without-a-newline", "In talk, read lines with `common::line::read`. 1,025 bytes without an ending are too long, and no further byte may come.")
        .says_if_closed("too-long-has-last-words", TOO_LONG_HAS_LAST_WORDS)
        .send(&[b'x'; 1025])
        .expect(b"ERROR line too long\n")
        .says("close-after-leaving", CLOSE_AFTER_LEAVING)
        .expect_end();
}

#[test]
fn one_byte_more_is_too_long() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    bob.says(
        "limit-holds-with-a-newline",
        "In talk, return `End::TooLong` for a line of 1,025 bytes, also if its newline has arrived. The limit is 1,024 bytes without the ending.",
    )
    .says_if_closed("too-long-has-last-words", TOO_LONG_HAS_LAST_WORDS)
    .send(&[[b'x'; 1025].as_slice(), b"\n"].concat())
    .expect(b"ERROR line too long\n")
    .says("close-after-leaving", CLOSE_AFTER_LEAVING)
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
            "limit-at-the-prompt",
            "In ask, return `End::TooLong` for `Line::TooLong`. Without a limit, a visitor decides how much memory the server uses.",
        )
        .says_if_closed("last-words-at-the-prompt", LAST_WORDS_AT_THE_PROMPT)
        .expect(PROMPT)
        .send(&[b'x'; 50_000])
        .expect(b"ERROR line too long\n")
        .says("lingering-close", LINGERING_CLOSE)
        .expect_end();
    alice.says("no-goodbye-without-a-name", "In leave, call `remove` once, and announce nothing yourself. It finds a visitor in the lobby, and remove_member announces members only.").expect_silence();
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
            "no-goodbye-without-a-name",
            "In leave, call `remove` once, and announce nothing yourself. It finds a visitor in the lobby, and remove_member announces members only.",
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
            "lines-before-the-end-count",
            "In talk, handle every whole line before you return `End::Closed`. A line without its ending is dropped.",
        )
        .expect(b"bob: so long\n")
        .expect(b"bob left the chat\n")
        .says("announce-in-one-place", ANNOUNCE_IN_ONE_PLACE)
        .expect_silence();
}

#[test]
fn no_line_follows_the_last_words() {
    const SPEAKERS: usize = 6;
    const LAST_WORDS: &[u8] = b"ERROR line too long";
    let mut server = subject!("06").serve(["--queue", "1000"]);
    let names =
        ["alice", "bob", "carol", "dan", "erin", "frank", "gone0", "gone1", "gone2", "gone3"];
    let mut members = room(&server, names);
    // Frozen, the server finds all lines when it goes on. So a speaker's thread waits for the lock
    // whenever the thread of a member that leaves releases it.
    server.pause();
    let (speakers, leaving) = members.split_at_mut(SPEAKERS);
    for speaker in speakers {
        speaker.send(&b"hello\n".repeat(50));
    }
    for member in &mut *leaving {
        member.send(&b"bye\n".repeat(20)).send(&[b'x'; 1025]);
    }
    server.resume();
    for member in leaving {
        let heard = member.says("lingering-close", LINGERING_CLOSE).rest();
        let has_last_words = heard.split(|byte| *byte == b'\n').any(|line| line == LAST_WORDS);
        server.check(
            has_last_words,
            "A member sent too long a line, and never received `ERROR line too long`.",
            "last-words-before-the-close",
            WORDS_BEFORE_THE_CLOSE,
        );
        let last = heard.strip_suffix(b"\n").unwrap_or(&heard).rsplit(|byte| *byte == b'\n').next();
        server.check(
            last == Some(LAST_WORDS),
            &format!("The last line of a member that sent too long a line was {}.", show(last.unwrap_or_default())),
            "last-words-behind-all-lines",
            "In leave, remove the member first, and push the last words into its outbox after that. Between two locks, another thread can send it a line.",
        );
    }
}

#[test]
fn the_name_of_who_has_left_is_free() {
    let server = subject!("06").serve([]);
    let [mut alice, bob, _carol, _dan] = room(&server, ["alice", "bob", "carol", "dan"]);
    bob.reset();
    alice.says("leave-before-returning-an-error", "In handle_connection, keep the result of converse without `?`, and call leave before you return it. A reset is an error of read(2).").expect(b"bob left the chat\n");
    server
        .connect("BOB")
        .says(
            "remove-and-keep-the-order",
            "In remove_member, take the member off the list with `Vec::remove`. Then its name is free. `swap_remove` would change the order of the others.",
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
            .says("leave-before-returning-an-error", "In handle_connection, keep the result of converse without `?`, and call leave before you return it. A reset is an error of read(2).")
            .expect(b"gone_first left the chat\n");
    }
    // Frozen, the server finds both connections reset when it goes on.
    server.pause();
    [gone_next, gone_last].into_iter().for_each(Peer::reset);
    server.resume();
    speaker.send(b"one\n").send(b"two\n").send(b"three\n");
    for stayed in [&mut middle, &mut last] {
        stayed.says("find-and-remove-under-one-lock", FIND_AND_REMOVE);
        // The goodbyes may come between any two lines.
        let (mut goodbyes, talk): (Vec<String>, Vec<String>) =
            lines(stayed, 5).into_iter().partition(|line| line.ends_with(" left the chat"));
        goodbyes.sort();
        let heard = format!(
            "Two members left while one sent three lines, and a member that stayed received {}.",
            show_all(goodbyes.iter().chain(&talk))
        );
        let is_repeated = goodbyes.windows(2).any(|two| two[0] == two[1]);
        server.check(!is_repeated, &heard, "announce-in-one-place", ANNOUNCE_IN_ONE_PLACE);
        let is_whole = goodbyes == ["gone_last left the chat", "gone_next left the chat"]
            && talk == ["speaker: one", "speaker: two", "speaker: three"];
        server.check(is_whole, &heard, "find-and-remove-under-one-lock", FIND_AND_REMOVE);
    }
}

/// Sends a line that is too long, and expects the last words and the end.
fn send_too_long_a_line(guest: &mut Peer) {
    guest
        .says("too-long-has-last-words", TOO_LONG_HAS_LAST_WORDS)
        .send(&[b'x'; 1025])
        .expect(b"ERROR line too long\n")
        .says("close-after-leaving", CLOSE_AFTER_LEAVING)
        .expect_end();
}

#[test]
fn threads_and_descriptors_are_given_back() {
    let server = subject!("06").serve([]);
    let mut host = join(&server, "host", "nobody else");
    let mut visit = |how: usize| {
        let mut guest = join(&server, "guest", "host");
        guest.says("close-after-leaving", CLOSE_AFTER_LEAVING);
        host.expect(b"guest joined the chat\n");
        match how % 4 {
            0 => guest.reset(),
            1 => drop(guest.half_close().expect_end()),
            2 => send_too_long_a_line(&mut guest),
            _ => drop(guest.send(b"too early").half_close().expect_end()),
        }
        host.says(
            "leave-on-every-way-out",
            "In handle_connection, call leave on every way out: an end of input, a reset, a line that is too long. Use no `?` before it.",
        )
        .expect(b"guest left the chat\n");
        let mut nameless = server.connect("nameless");
        nameless.send(b"no name\nno name\nno name\n").half_close();
        nameless.says("close-after-leaving", CLOSE_AFTER_LEAVING).rest();
    };
    (0..4).for_each(&mut visit);
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    (0..12).for_each(visit);
    server.expect_given_back(
        &before,
        "12 members and 12 clients without a name came and left",
        "end-both-threads", "In handle_connection, wait for the writer, and keep no clone of the stream elsewhere. Each thread and each descriptor ends with its connection.",
    );
}
