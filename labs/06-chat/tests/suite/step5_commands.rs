//! Step commands: a line that begins with `/` is for the server.

use super::people::{enter, join, room};
use std::fs;
use testkit::{Deadline, Peer, poll_until, subject};

#[test]
fn who_lists_the_others_in_the_order_of_joining() {
    let server = subject!("06").serve([]);
    let [mut alice, mut zoe, mut bob] = room(&server, ["alice", "zoe", "Bob"]);
    zoe.says(
        "names-order-joining",
        "`Here: ` and the names of all others, in the order of joining",
    )
    .send(b"/who\n")
    .expect(b"Here: alice, Bob\n");
    bob.says("command-member-server", "a command is between a member and the server")
        .send(b"/who\r\n")
        .expect(b"Here: alice, zoe\n");
    alice
        .says("command-member-server", "a command is between a member and the server")
        .expect_silence();
    drop((zoe, bob));
    alice.line();
    alice.line();
    alice
        .says("alone-welcome", "alone, as in the welcome: nobody else")
        .send(b"/who\n")
        .expect(b"Here: nobody else\n");
}

#[test]
fn a_private_message_is_for_one() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob, mut carol] = room(&server, ["alice", "Bob", "carol"]);
    alice.send(b"/msg bOB meet me  at /nine \n");
    bob.says(
        "private-text-name-whatever",
        "`[private] FROM: TEXT` to the one of that name, whatever the case; the text as it stands",
    )
    .expect(b"[private] alice: meet me  at /nine \n");
    for other in [&mut alice, &mut carol] {
        other
            .says("hears-sent", "nobody but that one hears it, not even who sent it")
            .expect_silence();
    }
}

#[test]
fn a_private_message_is_cleaned_too() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b"/msg bob \x1b[2J\xff\n");
    bob.says(
        "text-cleaned-comes-way",
        "every text is cleaned where it comes in, so that no way out can be forgotten",
    )
    .expect("[private] alice: \u{fffd}[2J\u{fffd}\n".as_bytes());
}

#[test]
fn a_private_message_is_not_in_the_log() {
    let lab = subject!("06");
    let folder = lab.folder();
    let path = folder.path().join("chat.log");
    let server = lab.serve(["--log", &path.to_string_lossy()]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b"/msg bob the key is under the mat\n").send(b"said aloud\n");
    bob.expect(b"[private] alice: the key is under the mat\n").expect(b"alice: said aloud\n");
    let read = || fs::read_to_string(&path).unwrap_or_default();
    poll_until(Deadline::usual(), || read().contains("said aloud"));
    server.check(
        read().contains("said aloud") && !read().contains("under the mat"),
        &format!("After a private and a public message the log holds {:?}.", read()),
        "log-room-hears-room",
        "the log has what the room hears, and the room does not hear private messages",
    );
}

#[test]
fn a_message_to_nobody_is_an_error() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice
        .says("sent-learn-got", "who sent it must learn that nobody got it")
        .send(b"/msg carol are you there?\n")
        .expect(b"ERROR nobody here is called carol\n");
    bob.expect_silence();
}

#[test]
fn a_message_without_a_text_is_an_error() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    for incomplete in ["/msg", "/msg ", "/msg bob", "/msg bob ", "/msg  bob"] {
        alice
            .says("name-text-error-panic", "a name and a text, or an error: no panic, and no guess")
            .send(format!("{incomplete}\n").as_bytes())
            .expect(b"ERROR usage: /msg NAME TEXT\n");
    }
    bob.expect_silence();
}

#[test]
fn quit_is_answered_and_announced() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    // What comes behind it is not read any more, and must not turn the end into a reset.
    bob.says(
        "goodbye-last-line-close",
        "`Goodbye.` is the last line; then close in order, for what came behind /quit lies unread",
    )
    .send(&[b"/quit\n".as_slice(), &[b'x'; 50_000]].concat())
    .expect(b"Goodbye.\n")
    .expect_end();
    alice
        .says("left-once-said-behind", "left once, and nothing is said behind /quit")
        .expect(b"bob left the chat\n")
        .expect_silence();
}

#[test]
fn what_is_no_command_is_an_error() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    for (sent, word) in [
        ("/x", "/x"),
        ("/", "/"),
        ("/whom", "/whom"),
        ("/quitting time", "/quitting"),
        ("/WHO", "/WHO"),
        ("//", "//"),
        ("/\u{1b}[2J now", "/\u{fffd}[2J"),
    ] {
        alice
            .says("first-word-space-three", "the first word, up to a space, must be one of the three as it stands; the answer repeats it, clean")
            .send(format!("{sent}\n").as_bytes())
            .expect(format!("ERROR unknown command {word} (try /who, /msg, /quit)\n").as_bytes());
    }
    bob.says("hears-was-mistyped", "nobody else hears what was mistyped").expect_silence();
}

#[test]
fn a_slash_inside_a_text_is_text() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b" /who\nand/or\n");
    bob.says("line-begins-command", "only a line that begins with / is a command")
        .expect(b"alice:  /who\n")
        .expect(b"alice: and/or\n");
}

#[test]
fn who_asks_and_does_not_read_is_dropped() {
    let server = subject!("06").serve(["--queue", "8"]);
    let mut witness = join(&server, "witness", "nobody else");
    let mut deaf = enter(server.connect_non_reading("deaf"), "deaf", "witness");
    witness.expect(b"deaf joined the chat\n");
    // A long answer for each question.
    ask_until_gone(&mut deaf, &mut witness);
    witness
        .says("answers-wait-queue-lines", "answers wait in the same queue as all lines, and when it is full its member is dropped")
        .expect(b"deaf left the chat\n")
        .expect_silence();
}

/// Asks and asks, and reads no answer, until the witness has something to hear.
fn ask_until_gone(deaf: &mut Peer, witness: &mut Peer) {
    let question = format!("/{}\n", "x".repeat(950)).repeat(10);
    for _ in 0..2_000 {
        deaf.send(question.as_bytes());
        if witness.has_received() {
            return;
        }
    }
}
