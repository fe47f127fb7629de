//! Step discovery: one question to a whole group.

use super::groups::{
    ASK_THROUGH_THE_INTERFACE, NO_GROUPS, announce, discover, expect_no_more, group, in_time,
    listened,
};
use super::{FLOODED, ends_in_a_flood};
use std::time::{Duration, Instant};
use testkit::{
    Deadline, MulticastGroup, Subject, UdpPeer, poll_until, show_all, show_time, subject, test_time,
};

/// How long `discover` listens in most tests.
const SHORT: f64 = 0.3;

/// A time that no test waits for.
const LONG: f64 = 30.0;

#[test]
fn an_announcer_answers_who_asks_the_group() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    let server = announce(&lab, &group, "printer");
    let mut caller = group.sender("caller");
    caller
        .says("join-the-group", "In `join`, bind to the group's address, not to `interface`, and then call `join_multicast_v4`. In `announce`, answer `WHO` with `HERE ` and the name.")
        .send(b"WHO")
        .expect(b"HERE printer");
    let from = caller.last_sender();
    caller.check(
        from == server.address(),
        &format!(
            "The announcer says that it listens on {}, and answered from {from}.",
            server.address()
        ),
        "answer-through-own",
        "In `announce`, answer through `own`, not through `member`. `discover` prints the address from which the answer came.",
    );
    caller.expect_silence();
}

#[test]
fn only_the_asker_gets_the_answer() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    let _server = announce(&lab, &group, "printer");
    let (mut member, mut caller) = (group.member("member"), group.sender("caller"));
    caller.send(b"WHO").expect(b"HERE printer");
    member
        .says(
            "answer-the-asker-only",
            "In `announce`, send the answer to the sender of the question only, not to the group.",
        )
        .expect(b"WHO");
    member.expect_silence();
}

#[test]
fn nothing_but_the_question_is_answered() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    let _server = announce(&lab, &group, "printer");
    let mut caller = group.sender("caller");
    caller.says("answer-only-the-question", "In `announce`, answer only a datagram that equals QUESTION. Two programs that answer answers never stop.");
    for other in [b"HERE scanner".as_slice(), b"", b"who", b"WHO?", b"WHO\n", b"\xff\xff"] {
        caller.send(other);
    }
    caller.expect_silence();
    caller.send(b"WHO").expect(b"HERE printer");
    caller.expect_silence();
}

#[test]
fn several_announcers_share_the_port_and_all_answer() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    let _servers = ["one", "two", "three"].map(|name| announce(&lab, &group, name));
    let mut caller = group.sender("caller");
    caller.says(
        "every-member-gets-a-copy",
        "In `join`, set SO_REUSEADDR before bind, and bind to the group's address. Then every member gets a copy of each datagram.",
    );
    caller.send(b"WHO");
    let mut answers = [1, 2, 3].map(|_| String::from_utf8_lossy(&caller.receive()).into_owned());
    answers.sort();
    caller.check(
        answers == ["HERE one", "HERE three", "HERE two"],
        &format!("Three announcers answered {}.", show_all(&answers)),
        "answer-with-the-name",
        "In `announce`, answer with the given `name`.",
    );
}

#[test]
fn ctrl_c_stops_the_announcer_who_is_asked() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    let mut server = announce(&lab, &group, "going");
    let other = announce(&lab, &group, "staying");
    if !server.interrupt() {
        return server.skip("this system has no signals");
    }
    server
        .says("announce-checks-shutdown", "In `announce`, check `shutdown.is_requested()` after each `recv_from`. After Ctrl-C, an empty datagram to the group wakes it.")
        .expect_stopped_at_once();
    // The empty datagram that woke the one went to the group, and so to the other as well.
    let mut caller = group.sender("caller");
    caller
        .says(
            "ignore-an-empty-datagram",
            "In `announce`, ignore an empty datagram unless `shutdown.is_requested()`. It wakes another announcer of the same group.",
        )
        .send(b"WHO");
    caller.expect(b"HERE staying");
    other.check(
        !other.has_ended(),
        "The other announcer has ended, too.",
        "only-shutdown-stops",
        "In `announce`, return only if `shutdown.is_requested()`.",
    );
}

#[test]
fn who_is_there_is_found() {
    in_time(&subject!("03"), SHORT, finds_three_announcers);
}

fn finds_three_announcers(lab: &Subject, group: &MulticastGroup, seconds: f64) -> Option<()> {
    let servers = ["two", "one", "Grüße von nebenan"].map(|name| announce(lab, group, name));
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
        if server.run_delay()? - before? + found.run_delay()? > time / 2 {
            return None;
        }
    }
    found.says(
        "collect-until-the-end",
        "In `discover`, collect answers until the time is over, and sort them by name, then by address.",
    );
    let [two, one, neighbour] = &servers;
    for (name, server) in [("Grüße von nebenan", neighbour), ("one", one), ("two", two)] {
        found.expect_line(&format!("{name} at {}", server.address()));
    }
    expect_no_more(&mut found);
    Some(())
}

#[test]
fn the_question_is_asked_again_for_it_may_be_lost() {
    in_time(&subject!("03"), 2.0 * SHORT, asks_three_times);
}

fn asks_three_times(lab: &Subject, group: &MulticastGroup, seconds: f64) -> Option<()> {
    let (mut member, time) = (group.member("member"), test_time(seconds));
    let mut found = discover(lab, group, seconds);
    let start = found.wait_until_started();
    member
        .says(
            "ask-three-times",
            "In `discover`, send the question three times. One lost datagram must not hide an announcer.",
        )
        .expect(b"WHO");
    found.wait_until_idle();
    if member.has_received() {
        check_not_before(&member, time / 3, start, "second");
        // The second question may have been in time, and we were late.
        return None;
    }
    expect_question(&mut member, time).send(b"HERE late");
    let answered = Instant::now();
    expect_question(&mut member, time);
    check_not_before(&member, time * 2 / 3, start, "third");
    listened(&found, start, answered, time)?;
    found.expect_line(&format!("late at {}", member.address())).expect_exit(0);
    Some(())
}

/// Expects the next question within `time`, which may be longer than the deadline of `expect`.
fn expect_question(member: &mut UdpPeer, time: Duration) -> &mut UdpPeer {
    poll_until(Deadline::after(time), || member.has_received());
    member.expect(b"WHO")
}

/// Checks that a question that has just been seen did not come before `due`, a time after `start`.
fn check_not_before(member: &UdpPeer, due: Duration, start: Instant, which: &str) {
    let asked = start.elapsed();
    member.check(
        asked >= due,
        &format!(
            "The {which} question came {} after the start; it was due after {}.",
            show_time(asked),
            show_time(due)
        ),
        "ask-evenly",
        "In `discover`, spread the three questions evenly over the time. A full network loses several datagrams in a row.",
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
    let long = [b"HERE ".as_slice(), &[b'x'; 65]].concat();
    let longest = [b"HERE ".as_slice(), &[b'x'; 64]].concat();
    let improper: [&[u8]; 9] = [
        b"",
        b"WHO",
        b"HERE",
        b"HERE ",
        b"HERE \xff",
        b"HERE \x1b[2J",
        // CSI, which begins a sequence as ESC and `[` do.
        "HERE \u{9b}2J".as_bytes(),
        b"HERE a\nb at 127.0.0.1:1",
        &long,
    ];
    for answer in improper {
        member.send(answer);
    }
    member.send(&longest);
    listened(&found, start, Instant::now(), test_time(seconds))?;
    let address = member.address();
    found.says(
        "check-names-of-answers",
        "In `discover`, ignore an answer whose name is not valid (`is_name`). A control character could change the user's terminal.",
    );
    found.expect_line(&format!("{} at {address}", "x".repeat(64)));
    expect_no_more(&mut found);
    Some(())
}

#[test]
fn an_announcer_must_have_a_proper_name() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    for name in ["", "a\nb", "\u{7f}", "\u{9b}2J", &"x".repeat(65), &"\u{fc}".repeat(33)] {
        // A ladder for each.
        let lab = subject!("03");
        lab.try_serve_as("announce", "127.0.0.1:0", ["--name", name, "--group", &group.address()])
            .says("refuse-an-invalid-name", &format!("In `is_name`, return false for {name:?}. A name has 1 to 64 bytes and no control character."))
            .expect_exit(2);
    }
}

#[test]
fn it_takes_its_time_however_much_comes() {
    in_time(&subject!("03"), FLOODED, listens_in_a_flood);
}

/// `None` if the answers themselves paused.
fn listens_in_a_flood(lab: &Subject, group: &MulticastGroup, seconds: f64) -> Option<()> {
    let (mut member, time) = (group.member("chatterbox"), test_time(seconds));
    let mut found = discover(lab, group, seconds);
    let start = found.wait_until_started();
    member.expect(b"WHO");
    let ended = ends_in_a_flood(&found, start, seconds, || {
        member.send(b"HERE chatterbox");
        while member.look().is_some() {}
    })?;
    let took = start.elapsed();
    lab.check(
        ended,
        &format!(
            "An announcer goes on answering, and discover listens on; its --timeout is {}.",
            show_time(time)
        ),
        "one-deadline-for-discover",
        "In `discover`, compute each deadline once from `start`. A new timeout for each datagram never ends.",
    );
    found
        .says("end-with-status-0", "In `discover`, return `Ok` when the time is over, whether datagrams still come or not.")
        .expect_exit(0);
    lab.check(
        took >= time,
        &format!("With --timeout {} it took {}.", show_time(time), show_time(took)),
        "listen-until-the-end",
        "In `discover`, listen until the time is over. More announcers may answer late.",
    );
    Some(())
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
    let think = "In `discover`, go on after `Interrupted`. Ctrl-Z and `fg` interrupt a `recv_from` that has a timeout.";
    // It waits again, or it has ended.
    poll_until(Deadline::usual(), || found.wait_until_idle() || found.has_ended());
    if found.has_ended() {
        found.says("discover-goes-on-after-a-signal", think).expect_exit(0);
        lab.check(
            false,
            "A signal interrupted discover, and it ended before its time.",
            "discover-goes-on-after-a-signal",
            think,
        );
    }
}

#[test]
fn nobody_there_is_no_error() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    let mut found = discover(&lab, &group, 0.03);
    found.says(
        "no-answer-is-a-result",
        "In `discover`, return an empty list if no answer comes. An expired timeout is not an error.",
    );
    expect_no_more(&mut found);
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
