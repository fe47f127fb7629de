//! Step discovery: one question to a whole group.

mod announcer;
mod limits;
mod rhythm;

use super::groups::{
    ASK_THROUGH_THE_INTERFACE, NO_GROUPS, announce, discover, end_after_a_timeout, expect_no_more,
    group, in_time, listened,
};
use std::fs;
use std::time::Instant;
use testkit::{
    Deadline, MulticastGroup, Process, Subject, poll_until, show_all, subject, test_time,
};

/// How long `discover` listens in most tests.
const SHORT: f64 = 0.3;

/// A time that no test waits for.
const LONG: f64 = 30.0;

#[test]
fn who_is_there_is_found() {
    in_time(&subject!("03"), SHORT, finds_two_announcers);
}

fn finds_two_announcers(lab: &Subject, group: &MulticastGroup, seconds: f64) -> Option<()> {
    let servers = ["one", "Grüße von nebenan"].map(|name| announce(lab, group, name));
    let before = servers.each_ref().map(|server| {
        server.wait_until_idle();
        server.run_delay()
    });
    let member = group.member("member");
    let time = test_time(seconds);
    let mut found = discover(lab, group, seconds);
    found.run_time(found.wait_until_started(), time * 2);
    member.check(
        member.has_received(),
        "Discover has ended, and no question reached the group on the interface 127.0.0.1.",
        "ask-through-the-interface",
        ASK_THROUGH_THE_INTERFACE,
    );
    for (server, before) in servers.iter().zip(before) {
        server.wait_until_idle();
        // An answer takes as long as both programs waited for a CPU.
        if server.run_delay()?.saturating_sub(before?) + found.run_delay()? > time / 2 {
            return None;
        }
    }
    let [one, neighbour] = &servers;
    let wanted = [("Grüße von nebenan", neighbour), ("one", one)];
    let wanted = wanted.map(|(name, server)| format!("{name} at {}", server.address()));
    expect_found(&mut found, &wanted);
    Some(())
}

/// Expects that `found` prints `wanted`, and finds out what is wrong with other lines.
fn expect_found(found: &mut Process, wanted: &[String]) {
    let (id, think) = end_after_a_timeout(found);
    found.says(id, think);
    let stdout = String::from_utf8_lossy(&found.expect_exit(0).stdout).into_owned();
    let lines: Vec<&str> = stdout.lines().collect();
    let (id, think) = if lines.is_empty() {
        (
            "receive-from-every-address",
            "In `discover`, collect what follows `HERE `, until the time is over. In `caller`, do not connect the socket, because answers come from many addresses.",
        )
    } else if wanted.iter().any(|line| !lines.contains(&line.as_str())) {
        (
            "collect-until-the-end",
            "In `discover`, collect answers until the time is over. A name is what follows `HERE `, and the address is that of the sender.",
        )
    } else if lines.len() > wanted.len() {
        (
            "valid-names-once",
            "In `discover`, return each program once. Each answers three times, and a `BTreeSet` holds each value once.",
        )
    } else {
        (
            "sort-what-is-found",
            "In `discover`, sort by name, then by address. `Found` is `Ord` in this order.",
        )
    };
    found.check(
        lines == *wanted,
        &format!("Discover printed {}. Expected: {}.", show_all(&lines), show_all(wanted)),
        id,
        think,
    );
}

#[test]
fn each_is_found_once_and_in_order() {
    in_time(&subject!("03"), SHORT, sorts_answers);
}

fn sorts_answers(lab: &Subject, group: &MulticastGroup, seconds: f64) -> Option<()> {
    let mut member = group.member("member");
    let mut found = discover(lab, group, seconds);
    let start = found.wait_until_started();
    member.expect(b"WHO");
    let here = member.address();
    let mut other = lab.unrelated_sender("other", member.peer());
    let there = other.address();
    for answer in [b"HERE b".as_slice(), b"HERE a", b"HERE b", b"HERE B"] {
        member.send(answer);
    }
    // The same name at another address is another program.
    other.send(b"HERE a").send(b"HERE a");
    listened(&found, start, Instant::now(), test_time(seconds))?;
    let mut lines = [format!("a at {here}"), format!("a at {there}")];
    // Addresses are in the order of their numbers.
    lines.sort_by_key(|line| line.rsplit(':').next().and_then(|port| port.parse::<u16>().ok()));
    found.says("each-once-and-sorted", "In `discover`, insert name and address into a `BTreeSet`. Equal pairs count once, and the order is by name, then by address.");
    found.expect_line(&format!("B at {here}"));
    lines.iter().for_each(|line| {
        found.expect_line(line);
    });
    found.expect_line(&format!("b at {here}"));
    expect_no_more(&mut found);
    Some(())
}

#[test]
fn what_is_no_proper_answer_is_ignored() {
    in_time(&subject!("03"), SHORT, ignores_what_is_no_answer);
}

fn ignores_what_is_no_answer(lab: &Subject, group: &MulticastGroup, seconds: f64) -> Option<()> {
    let mut member = group.member("member");
    let mut found = discover(lab, group, seconds);
    let start = found.wait_until_started();
    member.expect(b"WHO");
    let long = [b"HERE ".as_slice(), &[b'y'; 65]].concat();
    let longest = [b"HERE ".as_slice(), &[b'x'; 64]].concat();
    let improper: [&[u8]; 12] = [
        b"",
        b"WHO",
        b"HERE",
        b"HERE ",
        b"IS HERE inside",
        b"HEREafter",
        b"HERE \xff",
        b"HERE \x1b[2J",
        // CSI, which begins a sequence as ESC and `[` do.
        "HERE \u{9b}2J".as_bytes(),
        b"HERE a\nb at 127.0.0.1:1",
        b"HERE z\n",
        &long,
    ];
    for answer in improper {
        member.send(answer);
    }
    // A space is no control character.
    member.send(&longest).send(b"HERE  ");
    listened(&found, start, Instant::now(), test_time(seconds))?;
    found.says(
        "no-datagram-is-an-error",
        "In `discover`, ignore a datagram that is no answer, and go on. Also one that is not UTF-8 is no error.",
    );
    let stdout = String::from_utf8_lossy(&found.expect_exit(0).stdout).into_owned();
    let lines: Vec<&str> = stdout.lines().collect();
    let address = member.address();
    let wanted = [format!("  at {address}"), format!("{} at {address}", "x".repeat(64))];
    let (id, think) = advice_on_names(&stdout, &wanted);
    found.check(
        lines == wanted,
        &format!("Discover printed {}. Expected: {}.", show_all(&lines), show_all(&wanted)),
        id,
        think,
    );
    Some(())
}

/// How datagrams end that do not begin with `HERE `.
const NO_ANSWERS: [&str; 4] = ["WHO", "HERE", "inside", "after"];

/// What to check if discover printed `stdout` and not only the lines `wanted`.
fn advice_on_names(stdout: &str, wanted: &[String; 2]) -> (&'static str, &'static str) {
    // The name of 65 bytes, without its end.
    let is_cut = stdout.contains('y') && !stdout.contains(&"y".repeat(65));
    let has = |line: &str| stdout.lines().any(|printed| printed == line);
    if !is_cut && !stdout.contains('x') {
        (
            "a-name-may-have-64-bytes",
            "In `is_name`, accept names of 1 to MAX_NAME bytes, also one of exactly MAX_NAME.",
        )
    } else if is_cut || !has(&wanted[1]) {
        (
            "room-for-every-answer",
            "In `discover`, receive into a buffer of `echo::BUFFER_LEN` bytes. The kernel drops the rest of a longer datagram, and a cut name may look valid.",
        )
    } else if !has(&wanted[0]) || stdout.lines().any(|line| line.starts_with("z at")) {
        (
            "take-a-name-as-it-is",
            "In `discover`, do not trim a name before you check it (`is_name`). Spaces belong to it, and a newline makes it invalid.",
        )
    } else if NO_ANSWERS.iter().any(|name| stdout.contains(&format!("{name} at"))) {
        (
            "an-answer-begins-with-here",
            "In `discover`, ignore a datagram that does not begin with ANSWER, the space included (`strip_prefix`). Questions are no answers.",
        )
    } else if stdout.contains('\u{fffd}') && !stdout.contains('\u{1b}') {
        (
            "names-are-utf-8",
            "In `discover`, ignore an answer that is not UTF-8 (`str::from_utf8`). `from_utf8_lossy` makes another name of it.",
        )
    } else {
        (
            "check-names-of-answers",
            "In `discover`, ignore an answer whose name is not valid (`is_name`). A control character could change the user's terminal.",
        )
    }
}

#[test]
fn a_signal_does_not_end_the_listening() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    let mut member = group.member("member");
    let mut found = discover(&lab, &group, LONG);
    member.expect(b"WHO");
    found.wait_until_idle();
    if !found.pause() {
        return lab.skip("this system has no signals");
    }
    found.resume();
    let id = "discover-goes-on-after-a-signal";
    let think = "In `discover`, go on after `Interrupted`. Ctrl-Z and `fg` interrupt a `recv_from` that has a timeout.";
    // It waits again, or it has ended.
    poll_until(Deadline::usual(), || found.wait_until_idle() || found.has_ended());
    if found.has_ended() {
        found.says(id, think).expect_exit(0);
        lab.check(false, "A signal interrupted discover, and it ended before its time.", id, think);
    }
    // A signal that ends a third makes discover ask again.
    member.says(id, think).expect_silence();
}

#[test]
fn the_question_names_its_interface_on_every_system() {
    let Some((lab, folder)) = subject!("03").traced("setsockopt") else { return };
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    discover(&lab, &group, 0.03).expect_exit(0);
    let calls = || fs::read_to_string(folder.path().join("trace")).unwrap_or_default();
    // strace(1) writes this last.
    poll_until(Deadline::usual(), || calls().contains("+++ exited with 0 +++"));
    lab.check(
        calls().contains("IP_MULTICAST_IF"),
        "Discover asked a group, and did not set IP_MULTICAST_IF.",
        "set-the-multicast-interface",
        "In `caller`, call `set_multicast_if_v4(&interface)`. Linux takes the interface of the bound address, but on most systems the routing table chooses one.",
    );
}

#[test]
fn an_interface_that_is_not_ours_is_an_error() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    // 198.51.100.0/24 is for documentation (RFC 5737): no machine has it.
    let address = group.address();
    let meeting = ["--group", &address, "--interface", "198.51.100.1"];
    let think = "In `caller` and `join`, use the given interface, and return the error of the system call that failed.";
    lab.run(["discover"].into_iter().chain(meeting))
        .says("return-the-errors-of-join", think)
        .expect_error(&["cannot meet at", &address, "198.51.100.1"]);
    lab.try_serve_as("announce", "127.0.0.1:0", ["--name", "x"].into_iter().chain(meeting))
        .says("return-the-errors-of-join", think)
        .expect_error(&["cannot meet at", &address, "198.51.100.1"]);
}
