//! Step commands: a line that begins with `/` is for the server.

use super::people::{PROMPT, ROOMY, enter, expect_end_after_last_words, join, join_any, room};
use std::fs;
use testkit::{Deadline, Peer, Server, large_send_buffers, poll_until, show_all, subject};

/// Clients that join and leave while a member asks for the list, and how often it asks.
const GUESTS: usize = 16;
const QUESTIONS: usize = 30;

/// Members that speak and ask at the same moment, and how often each of them does.
const ASKERS: usize = 8;
const BURST: usize = 6;

const GO_TO_EXECUTE: &str = "In talk, give each line that begins with `/` to execute, also `/` alone, and do not say it. Return if execute returns `Break`.";

const ANSWER_ONE_MEMBER: &str = "In `who`, answer with `send_to`. A command and its answer are between one member and the server.";

const UNKNOWN_TO_NO_OTHER: &str =
    "In execute, answer an unknown command with `Room::answer`. No other member gets it.";

const TEXT_STAYS_AS_IT_IS: &str = "In Command::parse, the text is the rest behind the space after the name. `trim`, `split` and `split_whitespace` lose spaces. In whisper, pass it on unchanged.";

const ERROR_TO_THE_SENDER: &str = "In execute and whisper, send an error only to the member that sent the line, by `Room::answer` or `send_to(from, ..)`. No other member gets it.";

const NO_OTHER: &str = "In whisper, use `send_to` for one member. No other member gets the line, and the sender gets no copy.";

/// Expects that a member which a private message is not for receives neither it nor the command.
fn expect_no_message(server: &Server, other: &mut Peer) {
    server.wait_until_idle();
    if other.has_received() {
        let line = other.line();
        server.check(
            !line.starts_with("[private]"),
            &format!("{line:?} was for one member, and another one received it."),
            "private-line-to-no-other",
            NO_OTHER,
        );
        server.check(
            false,
            &format!("A command went to another member: {line:?}."),
            "commands-go-to-execute",
            GO_TO_EXECUTE,
        );
    }
}

/// Expects that the server is idle and that no other member has received a command, which is no line
/// of the room. A line that begins with `answer` has the advice behind it.
fn expect_no_command(server: &Server, other: &mut Peer, (answer, id, think): (&str, &str, &str)) {
    server.wait_until_idle();
    if other.has_received() {
        let line = other.line();
        let (id, think) = match line.starts_with(answer) {
            true => (id, think),
            false => ("commands-go-to-execute", GO_TO_EXECUTE),
        };
        server.check(false, &format!("Another member received {line:?}."), id, think);
    }
}

#[test]
fn who_lists_the_others_in_the_order_of_joining() {
    let server = subject!("06").serve([]);
    let [mut alice, mut zoe, mut bob] = room(&server, ["alice", "zoe", "Bob"]);
    zoe.send(b"/who\n");
    expect_no_command(&server, &mut alice, ("Here: ", "answer-one-member", ANSWER_ONE_MEMBER));
    zoe.says(
        "who-lists-the-others",
        "Check that talk gives a line that begins with `/` to execute, and that execute calls `who`. In `who`, send `Here: ` and `list_except(id)`.",
    )
    .expect(b"Here: alice, Bob\n");
    bob.says("answer-one-member", ANSWER_ONE_MEMBER)
        .send(b"/who\r\n")
        .expect(b"Here: alice, zoe\n");
    alice.says("answer-one-member", ANSWER_ONE_MEMBER).expect_silence();
    bob.says(
        "ignore-words-behind-who",
        "In Command::parse, ignore the words behind `/who` and `/quit`. Only the first word says which command it is.",
    )
    .send(b"/who is here\n")
    .expect(b"Here: alice, zoe\n");
    drop((zoe, bob));
    alice.line();
    alice.line();
    alice
        .says(
            "list-of-no-members",
            "In `who`, use `list_except`, as join does. Its list of no members is `nobody else`.",
        )
        .send(b"/who\n")
        .expect(b"Here: nobody else\n");
}

#[test]
fn the_list_agrees_with_the_lines_before_it() {
    let mut server = subject!("06").serve(ROOMY);
    let mut asker = join(&server, "asker", "nobody else");
    let mut guests: Vec<Peer> = (0..GUESTS).map(|_| server.connect("guest")).collect();
    for guest in &mut guests {
        guest.expect(PROMPT);
    }
    // Frozen, the server finds all names, ends and questions when it goes on. The room's lock is fair.
    // So other members join and leave between any two locks of the member that asks.
    server.pause();
    for (number, guest) in guests.iter_mut().enumerate() {
        guest.send(format!("guest{number}\n").as_bytes()).half_close();
    }
    asker.send(&b"/who\n".repeat(QUESTIONS));
    server.pause_repeatedly();
    asker.says("answer-each-question", "In talk, execute one command after the other. Each `/who` gets one answer, whatever other members do.");
    let mut here: Vec<String> = Vec::new();
    for _ in 0..QUESTIONS + 2 * GUESTS {
        let line = asker.line();
        if let Some(name) = line.strip_suffix(" joined the chat") {
            here.push(name.to_owned());
        } else if let Some(name) = line.strip_suffix(" left the chat") {
            here.retain(|other| other != name);
        } else {
            expect_list(&server, &here, &line);
        }
    }
}

/// Expects that `line` is the list of the members that are `here`.
fn expect_list(server: &Server, here: &[String], line: &str) {
    let list = if here.is_empty() { "nobody else".to_owned() } else { here.join(", ") };
    server.check(
        line == format!("Here: {list}"),
        &format!("Clients joined and left while a member sent `/who`. By the lines before the answer, these are here: {}. The answer is {line:?}.", show_all(here)),
        "list-and-answer-under-one-lock",
        "In `who`, lock once, for `list_except` and for `send_to`. Between two locks another member can join or leave, and the list is old.",
    );
}

#[test]
fn a_private_message_is_for_one() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob, mut carol] = room(&server, ["alice", "Bob", "carol"]);
    alice.send(b"/msg bOB meet me  at /nine \n");
    expect_no_message(&server, &mut carol);
    bob.says(
        "private-line-to-one-member",
        "In whisper, send `[private] FROM: TEXT` to the member that `member_called` finds, in any case.",
    )
    .expect(b"[private] alice: ")
    .says("text-stays-as-it-is", TEXT_STAYS_AS_IT_IS)
    .expect(b"meet me  at /nine \n");
    for other in [&mut alice, &mut carol] {
        other.says("private-line-to-no-other", NO_OTHER).expect_silence();
    }
    alice
        .says(
            "private-line-to-oneself",
            "In whisper, treat the sender like every other member. It may send itself a line.",
        )
        .send(b"/msg alice note\n")
        .expect(b"[private] alice: note\n");
    alice
        .says("spaces-are-a-text", "In Command::parse, look only if the text is empty. Spaces are a text, and pass unchanged.")
        .send(b"/msg alice   \n")
        .expect(b"[private] alice:   \n");
}

#[test]
fn a_private_message_is_cleaned_too() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b"/msg bob \x1b[2J\xff\n");
    bob.says(
        "clean-before-the-command",
        "In talk, clean each line before you look for a command. With one place for all texts, none is forgotten.",
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
        &format!("After a private and a public message the log is {:?}.", read()),
        "private-lines-are-not-logged",
        "In whisper, use `send_to`, which does not write the log. The log has the lines that all members get.",
    );
}

#[test]
fn a_message_to_nobody_is_an_error() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice
        .says("answer-for-an-unknown-name", "In whisper, answer the sender with `ERROR nobody here is called NAME` if `member_called` returns None.")
        .send(b"/msg carol are you there?\n")
        .expect(b"ERROR nobody here is called carol")
        .says("end-the-answer", "In whisper, end the answer with `\\n`. `send_to` and `Room::answer` send a line unchanged.")
        .expect(b"\n");
    bob.says("error-to-the-sender", ERROR_TO_THE_SENDER).expect_silence();
}

#[test]
fn a_message_without_a_text_is_an_error() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    for incomplete in ["/msg", "/msg ", "/msg bob", "/msg bob ", "/msg  bob"] {
        alice
            .says("message-needs-name-and-text", "In Command::parse, return `Incomplete` unless name and text each have at least one character. Use no index without a check.")
            .send(format!("{incomplete}\n").as_bytes())
            .expect(b"ERROR usage: /msg NAME TEXT\n");
    }
    bob.says("error-to-the-sender", ERROR_TO_THE_SENDER).expect_silence();
}

#[test]
fn quit_is_answered_and_announced() {
    let mut server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    // The bytes behind /quit must not turn the close into a reset.
    bob.says(
        "goodbye-answers-quit",
        "In execute, return `Break(End::Quit)` for `/quit`, whatever words are behind it. In talk, return this End. In leave, push the last words.",
    )
    .send(&[b"/quit for today\n".as_slice(), &[b'x'; 50_000]].concat())
    .expect(b"Goodbye.\n");
    expect_end_after_last_words(&server, &mut bob);
    alice
        .says("nothing-after-quit", "In talk, return when execute returns `Break`. The lines behind `/quit` are not handled.")
        .expect(b"bob left the chat\n")
        .expect_silence();
    drop(bob);
    server.wait_until_idle();
    // A line of the log that follows all lines about bob.
    alice.reset();
    server.expect_log("reset");
    server.check(
        !server.stderr().contains("does not read"),
        "A member sent `/quit`, and the log on stderr says that it does not read.",
        "quit-leaves-once",
        "In execute, only return `Break(End::Quit)`. handle_connection calls leave, and takes a member that has left already for one that was disconnected.",
    );
}

#[test]
fn a_burst_of_questions_is_answered() {
    // A line fills the queue of each member, until all writers have had their turn.
    let mut server = subject!("06").serve(["--queue", "1"]);
    let names: Vec<String> = (0..ASKERS).map(|number| format!("asker{number}")).collect();
    let mut askers: Vec<Peer> = names.iter().map(|name| join_any(&server, name)).collect();
    server.pause();
    for (asker, name) in askers.iter_mut().zip(&names) {
        asker.send(format!("hello\n/who\n/msg {name} note\n").repeat(BURST).as_bytes());
    }
    server.resume();
    for asker in &mut askers {
        asker.says(
            "wait-for-room-to-answer",
            "In `who` and whisper, lock with `lock_when_queues_have_room`. A burst of lines fills the queue of a member that reads.",
        );
        let mut answers = 0;
        while answers < 2 * BURST {
            let line = asker.line();
            answers += usize::from(line.starts_with("Here: ") || line.starts_with("[private] "));
        }
    }
}

#[test]
fn what_is_no_command_is_an_error() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    let to_no_other = ("ERROR ", "unknown-command-to-no-other", UNKNOWN_TO_NO_OTHER);
    for (sent, word) in [
        ("/x", "/x"),
        ("/", "/"),
        ("/whom", "/whom"),
        ("/quitting time", "/quitting"),
        ("/WHO", "/WHO"),
        ("/who\tnow", "/who\u{fffd}now"),
        ("//", "//"),
        // A space of another width ends no word.
        ("/who\u{2003}now", "/who\u{2003}now"),
        ("/\u{1b}[2J now", "/\u{fffd}[2J"),
    ] {
        alice
            .says("compare-the-whole-first-word", "In Command::parse, compare the whole first word, up to a space, with the three commands. Case matters, and the answer repeats the word.")
            .send(format!("{sent}\n").as_bytes());
        expect_no_command(&server, &mut bob, to_no_other);
        alice.expect(format!("ERROR unknown command {word} (try /who, /msg, /quit)\n").as_bytes());
    }
}

#[test]
fn a_slash_inside_a_text_is_text() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b" /who\nand/or\n");
    bob.says(
        "commands-begin-with-a-slash",
        "In talk, execute only lines that begin with `/`. A slash inside a text is text.",
    )
    .expect(b"alice:  /who\n")
    .expect(b"alice: and/or\n");
}

#[test]
fn who_asks_and_does_not_read_is_dropped() {
    let lab = subject!("06");
    if let Some(reason) = large_send_buffers() {
        return lab.skip(&reason);
    }
    let server = lab.serve(["--queue", "8"]);
    let mut witness = join(&server, "witness", "nobody else");
    let mut deaf = enter(server.connect_non_reading("deaf"), "deaf", "witness");
    witness.expect(b"deaf joined the chat\n");
    deaf.says("answers-use-the-queue", "In execute, answer with `Room::answer`. Answers wait in the member's queue, and the server disconnects a member whose queue is full.");
    // Each question has a long answer.
    ask_until_gone(&mut deaf, &mut witness);
    witness
        .says("answers-use-the-queue", "In execute, answer with `Room::answer`. Answers wait in the member's queue, and the server disconnects a member whose queue is full.")
        .expect(b"deaf left the chat\n")
        .expect_silence();
}

/// Asks again and again, and reads no answer, until the witness has received something.
fn ask_until_gone(deaf: &mut Peer, witness: &mut Peer) {
    let question = format!("/{}\n", "x".repeat(950)).repeat(10);
    // Some 100 answers fill the sockets and the queue. If the questions came all together, the kernel
    // would give the socket room for 2,000.
    for _ in 0..100 {
        deaf.send(question.as_bytes()).wait_until_read();
        if witness.has_received() {
            return;
        }
    }
}
