//! Step broadcast: a line goes to all others, in one order for all, and never back.

use super::people::{PROMPT, ROOMY, join, lines, room};
use std::collections::BTreeSet;
use std::fs;
use testkit::{Deadline, Peer, Server, poll_until, subject};

#[test]
fn a_line_goes_to_all_others() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob, mut carol] = room(&server, ["alice", "Bob", "carol"]);
    bob.send(b"hello,  all \n");
    for other in [&mut alice, &mut carol] {
        other
            .says(
                "name-text-name-was",
                "`NAME: TEXT` to all others; the name as it was given, the text as it stands",
            )
            .expect(b"Bob: hello,  all \n");
    }
}

#[test]
fn a_line_does_not_come_back() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b"hello\n");
    bob.expect(b"alice: hello\n");
    alice
        .says("sender-knows-said-sender", "the sender knows what it said: all but the sender")
        .expect_silence();
}

#[test]
fn a_line_may_come_in_pieces_and_several_in_one() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send_byte_by_byte(b"one\r\n").send(b"two\nthree\r\nfo").send(b"ur\n");
    for text in ["one", "two", "three", "four"] {
        bob.says(
            "cut-stream-newlines-wherever",
            "cut the stream at the newlines, wherever the reads end",
        )
        .expect(format!("alice: {text}\n").as_bytes());
    }
}

#[test]
fn a_message_in_the_same_packet_as_the_name_is_heard() {
    let server = subject!("06").serve([]);
    let mut alice = join(&server, "alice", "nobody else");
    server.connect("carol").send(b"carol\nhello\n").expect(PROMPT);
    alice
        .says("was-read-behind-name", "what was read behind the name is the first message: one reader from the prompt to the end")
        .expect(b"carol joined the chat\n")
        .expect(b"carol: hello\n");
}

#[test]
fn an_empty_line_says_nothing() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b"\n\r\nhello\n");
    bob.says("pressed-enter-pass", "somebody pressed Enter: there is nothing to pass on")
        .expect(b"alice: hello\n");
}

#[test]
fn nobody_hears_the_room_before_they_have_a_name() {
    let server = subject!("06").serve([]);
    let mut stranger = server.connect("stranger");
    stranger.expect(PROMPT);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b"a secret\n");
    bob.expect(b"alice: a secret\n");
    stranger.says(
        "name-room-neither-talk",
        "who has no name is not in the room: neither talk nor announcements",
    );
    stranger.expect_silence();
    stranger
        .says("was-said-come-later", "and what was said before does not come later, either")
        .send(b"mallory\n")
        .expect(b"Welcome, mallory. Here: alice, bob\n")
        .expect_silence();
}

#[test]
fn the_longest_line_fits() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    let longest = "x".repeat(1024);
    for ending in ["\n", "\r\n"] {
        alice.send(format!("{longest}{ending}").as_bytes());
        bob.says("1-024-bytes-allowed", "1,024 bytes are allowed, and the ending does not count")
            .expect(format!("alice: {longest}\n").as_bytes());
    }
}

#[test]
fn nobody_paints_on_anothers_terminal() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    for (sent, heard) in [
        ("\x1b[2J\x07ding", "\u{fffd}[2J\u{fffd}ding"),
        ("now\rbob: I owe you ten", "now\u{fffd}bob: I owe you ten"),
        ("a\tb\0c\x7f", "a\u{fffd}b\u{fffd}c\u{fffd}"),
        // U+009B is an escape code too, in one character.
        ("\u{9b}31m red \u{85}", "\u{fffd}31m red \u{fffd}"),
    ] {
        alice.send(format!("{sent}\n").as_bytes());
        bob.says("control-characters-char-control", "control characters (char::is_control) become U+FFFD, or a text could clear the screen or forge a line")
            .expect(format!("alice: {heard}\n").as_bytes());
    }
}

#[test]
fn what_is_not_utf8_is_replaced_and_the_rest_stays() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send("Grüße, 世界! \u{1f980}\n".as_bytes());
    bob.says("text-utf-8-goes", "text that is UTF-8 goes through as it is")
        .expect("alice: Grüße, 世界! \u{1f980}\n".as_bytes());
    alice.send(b"caf\xe9 \xff!\n");
    bob.says(
        "bytes-utf-8-become",
        "bytes that are not UTF-8 become U+FFFD: they are nobody's reason to panic or to leave",
    )
    .expect("alice: caf\u{fffd} \u{fffd}!\n".as_bytes());
}

#[test]
fn all_hear_the_same_in_the_same_order() {
    let mut server = subject!("06").serve(ROOMY);
    let speakers = ["ann", "ben", "cem"];
    // One listener at each end of the list: whoever goes through it one by one comes to the last
    // one late.
    let [mut first, mut others @ .., mut last] =
        room(&server, ["first", "ann", "ben", "cem", "last"]);
    // More than one thread gets done before it is another's turn on the CPU.
    let each = 1500;
    all_at_once(&mut server, &mut others, |_| {
        (0..each).map(|number| format!("number {number}\n")).collect()
    });
    let think = "whatever is said must arrive: to each of the others, each line";
    let heard = lines(first.says("whatever-said-arrive-line", think), each * speakers.len());
    let also = lines(last.says("whatever-said-arrive-line", think), each * speakers.len());

    expect_same(
        &server,
        "Two members heard lines in different order:",
        (&heard, &also),
        "lock-queues-held-line",
        "one lock for all queues, held until the line is in each of them",
    );
    for speaker in speakers {
        let prefix = format!("{speaker}: ");
        let is_theirs = |line: &&String| line.starts_with(&prefix);
        let of_one: Vec<String> = heard.iter().filter(is_theirs).cloned().collect();
        let due: Vec<String> =
            (0..each).map(|number| format!("{speaker}: number {number}")).collect();
        expect_same(
            &server,
            &format!("{speaker} counted from 0 on, and was heard otherwise:"),
            (&of_one, &due),
            "none-lost-none-comes",
            "none is lost, none comes twice, and each speaker's lines keep their order",
        );
    }
}

/// Fails at the first line that is not the same in both.
fn expect_same(server: &Server, what: &str, both: (&[String], &[String]), id: &str, think: &str) {
    let (ours, theirs) = both;
    let len = ours.len().max(theirs.len());
    let Some(place) = (0..len).find(|place| ours.get(*place) != theirs.get(*place)) else {
        return;
    };
    let line =
        |lines: &[String]| lines.get(place).map_or("nothing".to_owned(), |l| format!("{l:?}"));
    let (one, other) = (line(ours), line(theirs));
    server.check(false, &format!("{what} line {} is {one}, and {other}.", place + 1), id, think);
}

#[test]
fn lines_of_many_speakers_do_not_mix() {
    let mut server = subject!("06").serve(ROOMY);
    let [mut listener, mut speakers @ ..] = room(&server, ["listener", "s0", "s1", "s2", "s3"]);
    let each = 600;
    // All begin a line before any of them ends it.
    let begin = |number: usize| format!("speaker {number} s");
    for (number, speaker) in speakers.iter_mut().enumerate() {
        speaker.send(begin(number).as_bytes()).wait_until_read();
    }
    all_at_once(&mut server, &mut speakers, |speaker| {
        let said: String =
            (0..each).map(|number| format!("speaker {speaker} says {number}\n")).collect();
        said[begin(speaker).len()..].to_owned()
    });
    listener.says(
        "whatever-said-arrive-line",
        "whatever is said must arrive: to each of the others, each line",
    );
    for line in lines(&mut listener, each * speakers.len()) {
        server.check(
            is_whole(&line),
            &format!("Four speakers said `speaker N says M`; a listener heard this: {line:?}"),
            "name-text-newline-line",
            "name, text and newline are one line: build it whole, and hand it over at once",
        );
    }
}

/// Whether it is `sN: speaker N says M`.
fn is_whole(line: &str) -> bool {
    let words: Vec<&str> = line.split(' ').collect();
    let [name, "speaker", speaker, "says", number] = words[..] else { return false };
    name == format!("s{speaker}:") && number.parse::<usize>().is_ok()
}

#[test]
fn of_many_who_join_at_once_each_is_seen_once_by_all() {
    let count = 32;
    let mut server = subject!("06").serve(ROOMY);
    let names: BTreeSet<String> = (0..count).map(|number| format!("member{number}")).collect();
    let mut peers: Vec<Peer> = names.iter().map(|name| server.connect(name)).collect();
    for peer in &mut peers {
        peer.expect(PROMPT);
    }
    server.pause();
    for (peer, name) in peers.iter_mut().zip(&names) {
        peer.send(format!("{name}\n").as_bytes());
    }
    server.pause_repeatedly();
    for (peer, name) in peers.iter_mut().zip(&names) {
        peer.says(
            "joins-either-newcomer-list",
            "everybody who joins is either in the newcomer's list or announced to it",
        );
        let mut seen = names_in(&peer.line(), name, &server);
        while seen.len() < count - 1 {
            let line = peer.line();
            let newcomer = line.strip_suffix(" joined the chat").unwrap_or(&line).to_owned();
            seen.push(newcomer);
        }
        let missing: Vec<&String> =
            names.iter().filter(|other| *other != name && !seen.contains(*other)).collect();
        server.check(
            missing.is_empty(),
            &format!("{count} joined at the same moment. {name} was told {} names, and these are not among them: {missing:?}.", seen.len()),
            "add-newcomer-list-tell", "to add the newcomer, to list the others and to tell them is one event: do all three under one lock",
        );
    }
    peers[0].says("announced-was-list", "nobody is announced who was in the list").expect_silence();
}

/// The names in `Welcome, NAME. Here: A, B`.
fn names_in(welcome: &str, name: &str, server: &Server) -> Vec<String> {
    let list = welcome.strip_prefix(&format!("Welcome, {name}. Here: "));
    server.check(
        list.is_some(),
        &format!("The first line that {name} heard is {welcome:?}."),
        "welcome-comes-first-room",
        "the welcome comes first: nothing of the room may come before it",
    );
    let names = list.unwrap_or_default().split(", ").filter(|name| *name != "nobody else");
    names.map(str::to_owned).collect()
}

#[test]
fn the_log_has_what_the_room_hears() {
    let lab = subject!("06");
    let folder = lab.folder();
    let path = folder.path().join("chat.log");
    fs::write(&path, "an earlier run\n").expect("the folder is ours");
    let server = lab.serve(["--log", &path.to_string_lossy()]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b"hello\x1b[2J\n");
    bob.expect("alice: hello\u{fffd}[2J\n".as_bytes());

    let due = "alice joined the chat\nbob joined the chat\nalice: hello\u{fffd}[2J\n";
    let read = || fs::read_to_string(&path).unwrap_or_default();
    poll_until(Deadline::usual(), || read().lines().count() > 3);
    let log = read();
    let (old, new) = log.split_once('\n').unwrap_or_default();
    let texts: String = new.lines().map(|line| format!("{}\n", without_time(line))).collect();
    server.check(
        old == "an earlier run" && texts == due,
        &format!("The log held one line; after two joined and one spoke it holds {log:?}."),
        "line-room-hears-goes",
        "each line that the room hears goes to the log too, once, in the same order",
    );
}

/// What stands behind a time like 2026-05-01T12:00:00Z; all of it if there is none.
fn without_time(line: &str) -> &str {
    match line.split_once(' ') {
        Some((time, text)) if time.len() == 20 && time.ends_with('Z') => text,
        _ => line,
    }
}

/// All of `peers` say what `texts` has for their number, as much at the same moment as can be:
/// the server is frozen until all has been sent.
fn all_at_once(server: &mut Server, peers: &mut [Peer], texts: impl Fn(usize) -> String) {
    server.pause();
    for (number, peer) in peers.iter_mut().enumerate() {
        peer.send(texts(number).as_bytes());
    }
    server.pause_repeatedly();
}
