//! Step broadcast: a line goes to all other members, in one order for all, and never back.

use super::people::{PROMPT, ROOMY, expect_line, join, lines, room};
use std::collections::BTreeSet;
use std::fs;
use testkit::{Deadline, Peer, Server, poll_until, show_all, subject};

/// How many lines of several listeners are compared at a time.
const COMPARED: usize = 100;

#[test]
fn a_line_goes_to_all_others() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob, mut carol] = room(&server, ["alice", "Bob", "carol"]);
    bob.send(b"hello,  all \n");
    for other in [&mut alice, &mut carol] {
        other.says("say-sends-to-all-others", "In talk, give each line to say. In say, send `NAME: TEXT` and a newline to all other members (`send_to_members`).");
        expect_line(
            other,
            "Bob: hello,  all ",
            "pass-the-text-on-unchanged",
            "In clean, talk and say, trim nothing, because spaces are part of the text. In say, send `NAME: TEXT`, with the name as it was given.",
        );
    }
}

#[test]
fn a_line_does_not_come_back() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b"hello\n");
    bob.expect(b"alice: hello\n");
    alice
        .says(
            "not-to-the-sender",
            "In say, pass `Some(from)` to send_to_members. The sender does not get its own line.",
        )
        .expect_silence();
}

#[test]
fn a_line_may_come_in_pieces_and_several_in_one() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send_byte_by_byte(b"one\r\n").send(b"two\nthree\r\nfo").send(b"ur\n");
    for text in ["one", "two", "three", "four"] {
        bob.says(
            "lines-end-at-newlines",
            "In talk, read each line with `common::line::read`. A read may return a part of a line, or several lines.",
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
        .says("one-reader-for-the-connection", "In ask, read through `reader` only. A second BufReader would take the bytes behind the name, which are the first message.")
        .expect(b"carol joined the chat\n")
        .expect(b"carol: hello\n");
}

#[test]
fn an_empty_line_says_nothing() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    alice.send(b"\n\r\n  \nhello\n");
    bob.says(
        "ignore-empty-lines",
        "In talk, skip an empty line. It is an Enter without a text. Spaces are a text, and pass unchanged.",
    )
    .expect(b"alice:   \nalice: hello\n");
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
        "not-to-visitors",
        "In say and join, use send_to_members. A connection without a name is in the lobby, and gets no line of the room.",
    );
    stranger.expect_silence();
    stranger
        .says(
            "no-lines-from-before",
            "In join, send the newcomer its welcome only. It gets no line from before it joined.",
        )
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
        bob.says("longest-line-is-allowed", "In talk, pass on a line of 1,024 bytes. Its ending, `\\n` or `\\r\\n`, does not count.")
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
        bob.says("replace-control-characters", "In clean, replace every control character (`char::is_control`) by U+FFFD. An escape code could clear a screen or forge another member's line.")
            .expect(format!("alice: {heard}\n").as_bytes());
    }
}

#[test]
fn what_is_not_utf8_is_replaced_and_the_rest_stays() {
    let server = subject!("06").serve([]);
    let [mut alice, mut bob] = room(&server, ["alice", "bob"]);
    // Format characters are no control characters: right-to-left override, byte order mark.
    let text = "Grüße, 世界! \u{1f980} \u{202e}\u{feff}";
    alice.send(format!("{text}\n").as_bytes());
    bob.says("keep-all-other-characters", "In clean, keep all characters that are not control characters. Text that is valid UTF-8 stays as it is.")
        .expect(format!("alice: {text}\n").as_bytes());
    alice
        .says(
            "invalid-utf8-is-no-end",
            "In talk, read bytes with `line::read`, and close for no byte. `lines`, `read_line` and `from_utf8` fail at bytes that are not UTF-8.",
        )
        .send(b"caf\xe9 \xff \xc3\xbc!\n")
        .expect_silence();
    bob.says(
        "replace-invalid-utf8",
        "In clean, use `String::from_utf8_lossy`. Bytes that are not UTF-8 become U+FFFD.",
    )
    .expect("alice: caf\u{fffd} \u{fffd} ü!\n".as_bytes());
}

#[test]
fn all_hear_the_same_in_the_same_order() {
    let mut server = subject!("06").serve(ROOMY);
    // More lines than one thread sends before another thread has the CPU. More than a thousand of
    // one speaker, because a limit for floods is often that.
    let speakers = [("ann", 1_100), ("ben", 200), ("cem", 200)];
    let all: usize = speakers.iter().map(|(_, count)| count).sum();
    // A thread reaches the last member late. It leaves its own member out, and is one step ahead behind
    // it. So a listener between two speakers sees another order, unless a line is one event.
    let [mut first, ann, mut middle, ben, cem, mut last] =
        room(&server, ["first", "ann", "middle", "ben", "cem", "last"]);
    let mut talking = [ann, ben, cem];
    all_at_once(&mut server, &mut talking, |speaker| {
        (0..speakers[speaker].1).map(|number| format!("number {number}\n")).collect()
    });
    let think =
        "In say, send each line to all other members. No line is lost, and none comes twice.";
    for listener in [&mut first, &mut middle, &mut last] {
        listener.says("every-line-to-every-member", think);
    }
    let mut heard = Vec::new();
    while heard.len() < all {
        // Compared before all lines are sent. A program that takes the lock more often is slow.
        let count = COMPARED.min(all - heard.len());
        let part = lines(&mut first, count);
        expect_numbered(&server, &part, &speakers);
        for listener in [&mut middle, &mut last] {
            let also = lines(listener, count);
            expect_numbered(&server, &also, &speakers);
            expect_same(
                &server,
                "Two members received the lines in different orders:",
                (&part, &also),
                "one-lock-for-all-queues",
                "In say, hold the room's lock until the line is in all queues. The order of the lines is the order of the locks.",
            );
        }
        heard.extend(part);
    }
    for (speaker, count) in speakers {
        expect_order_of(&server, speaker, count, &heard);
    }
}

/// Expects that each of `heard` is a numbered line of a speaker.
fn expect_numbered(server: &Server, heard: &[String], speakers: &[(&str, usize)]) {
    for line in heard {
        server.check(
            speakers.iter().any(|(speaker, _)| is_numbered(line, speaker)),
            &format!("Three speakers sent lines `number N`, and a listener received {line:?}."),
            "build-the-whole-line",
            "In say, build the whole line with `format!`, and send it in one call. Otherwise the lines of two members mix.",
        );
    }
}

/// Expects that the `count` lines of `speaker` are among those that a member `heard`, in order.
fn expect_order_of(server: &Server, speaker: &str, count: usize, heard: &[String]) {
    let prefix = format!("{speaker}: ");
    let is_theirs = |line: &&String| line.starts_with(&prefix);
    let of_one: Vec<String> = heard.iter().filter(is_theirs).cloned().collect();
    let expected: Vec<String> =
        (0..count).map(|number| format!("{speaker}: number {number}")).collect();
    expect_same(
        server,
        &format!("The numbered lines of {speaker} came in another order:"),
        (&of_one, &expected),
        "keep-a-speakers-order",
        "In talk, handle one line after the other, and start no thread for a line. The lines of one speaker keep their order.",
    );
}

/// Whether it is `SPEAKER: number N`.
fn is_numbered(line: &str, speaker: &str) -> bool {
    let text = line.strip_prefix(speaker).and_then(|rest| rest.strip_prefix(": number "));
    text.is_some_and(|number| number.parse::<usize>().is_ok())
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
    let each = 100;
    // Each speaker has begun a line before the first line ends.
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
        "every-line-to-every-member",
        "In say, send each line to all other members. No line is lost, and none comes twice.",
    );
    for line in lines(&mut listener, each * speakers.len()) {
        server.check(
            is_whole(&line),
            &format!("Four speakers sent lines `speaker N says M`, and a listener received {line:?}."),
            "build-the-whole-line",
            "In say, build the whole line with `format!`, and send it in one call. Otherwise the lines of two members mix.",
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
    let count = 16;
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
            "list-or-announcement",
            "In join, announce the newcomer, make the list and add it under one lock. Otherwise another member can join between the two, unseen.",
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
            &format!("{count} clients joined at the same moment. {name} received {} names, and these are missing: {}.", seen.len(), show_all(&missing)),
            "list-or-announcement", "In join, announce the newcomer, make the list and add it under one lock. Otherwise another member can join between the two, unseen.",
        );
    }
    peers[0].says("announce-once", "In join, announce a newcomer once. A member that is in the list of the welcome is not announced again.").expect_silence();
}

/// The names in `Welcome, NAME. Here: A, B`.
fn names_in(welcome: &str, name: &str, server: &Server) -> Vec<String> {
    let list = welcome.strip_prefix(&format!("Welcome, {name}. Here: "));
    server.check(
        list.is_some(),
        &format!("The first line that {name} received is {welcome:?}."),
        "welcome-before-other-lines",
        "In join, add the member and send its welcome under one lock. No line of the room may come before the welcome.",
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

    let expected = "alice joined the chat\nbob joined the chat\nalice: hello\u{fffd}[2J\n";
    let read = || fs::read_to_string(&path).unwrap_or_default();
    poll_until(Deadline::usual(), || read().lines().count() > 3);
    let log = read();
    let (old, new) = log.split_once('\n').unwrap_or_default();
    let texts: String = new.lines().map(|line| format!("{}\n", without_time(line))).collect();
    server.check(
        old == "an earlier run" && texts == expected,
        &format!("The log had one line. After two members joined and one sent a line it is {log:?}. Expected after the first line, without the times: {expected:?}."),
        "log-the-lines-of-the-room",
        "In say and join, call send_to_members once, with the whole line. It also writes the log, which has each line of the room once, cleaned.",
    );
}

/// The text behind a time like 2026-05-01T12:00:00Z, or the whole line if it has no time.
fn without_time(line: &str) -> &str {
    match line.split_once(' ') {
        Some((time, text)) if time.len() == 20 && time.ends_with('Z') => text,
        _ => line,
    }
}

/// Each of `peers` sends the text that `texts` has for its number. The server is frozen until all
/// bytes are sent, so they arrive at the same moment.
fn all_at_once(server: &mut Server, peers: &mut [Peer], texts: impl Fn(usize) -> String) {
    server.pause();
    for (number, peer) in peers.iter_mut().enumerate() {
        peer.send(texts(number).as_bytes());
    }
    server.pause_repeatedly();
}
