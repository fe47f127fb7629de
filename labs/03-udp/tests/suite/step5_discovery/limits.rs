//! When discover ends, and how much it keeps.

use super::super::groups::{
    END_WITH_STATUS_0, NO_GROUPS, discover, expect_no_more, group, in_time,
};
use super::super::{FLOODED, ends_in_a_flood};
use super::{LONG, SHORT};
use std::net::UdpSocket;
use std::time::Duration;
use testkit::{MulticastGroup, Subject, show_time, subject, test_time, test_time_arg};

/// Most answers that discover keeps, MAX_FOUND.
const KEPT: usize = 1024;

const KEEP_AT_MOST: (&str, &str) = (
    "keep-at-most-max-found",
    "In `discover`, keep at most MAX_FOUND answers. Otherwise a stranger decides how much memory you use.",
);

const KEEP_NO_FEWER: (&str, &str) = (
    "keep-no-fewer-than-max-found",
    "In `discover`, insert an answer as long as you have fewer than MAX_FOUND. The last one is kept, too, and a repeated answer takes no room.",
);

/// How many datagrams the receive queue of a socket holds, at least.
const QUEUE: usize = 128;

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
    let ended = ends_in_a_flood(&mut found, start, seconds, |_| {
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
        "In `discover`, compute each deadline once, from the start of `discover`. A new timeout for each datagram never ends.",
    );
    found.says(END_WITH_STATUS_0.0, END_WITH_STATUS_0.1).expect_exit(0);
    check_listened_on(lab, took, time);
    Some(())
}

fn check_listened_on(lab: &Subject, took: Duration, time: Duration) {
    lab.check(
        took >= time,
        &format!("With --timeout {} it took {}.", show_time(time), show_time(took)),
        "listen-until-the-end",
        "In `discover`, listen until the time is over, also when MAX_FOUND answers are kept. More announcers may answer late.",
    );
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
fn names_without_end_are_not_all_kept() {
    in_time(&subject!("03"), 2.0 * SHORT, keeps_some_of_many_names);
}

/// `None` if not all names came in time.
fn keeps_some_of_many_names(lab: &Subject, group: &MulticastGroup, seconds: f64) -> Option<()> {
    let (mut member, time) = (group.member("liar"), test_time(seconds));
    let mut found = discover(lab, group, seconds);
    let start = found.wait_until_started();
    member.expect(b"WHO");
    // Not a row for each name.
    let liar = UdpSocket::bind("127.0.0.1:0").expect("a free port");
    for batch in 0..=KEPT / QUEUE {
        // It reads them together, which costs less than to wake it for each.
        let frozen = found.pause();
        for number in 0..QUEUE {
            // The names of the first batch are one name, and take the room of one.
            let name = if batch == 0 { 0 } else { batch * QUEUE + number };
            liar.send_to(format!("HERE {name}").as_bytes(), member.peer()).ok()?;
        }
        if frozen {
            found.resume();
        }
        member.wait_until_read();
        let title = format!("after {} datagrams with names", (batch + 1) * QUEUE);
        member.start_scenario(&title).send(format!("HERE (batch {batch})").as_bytes());
        if start.elapsed() > time {
            return None;
        }
    }
    let ran = found.run_time(start, time * 2);
    let exit = found.says(KEEP_AT_MOST.0, KEEP_AT_MOST.1).expect_exit(0);
    check_kept(lab, &String::from_utf8_lossy(&exit.stdout));
    check_listened_on(lab, ran.at_most, time);
    Some(())
}

/// Checks that discover kept the first of the names, and no more.
fn check_kept(lab: &Subject, printed: &str) {
    let count = printed.lines().count();
    let (id, think) = if count < KEPT { KEEP_NO_FEWER } else { KEEP_AT_MOST };
    // A name for each datagram, except in the first batch, and another name after each batch.
    let names = KEPT + 1 + KEPT / QUEUE + 1;
    let sentence = format!("Discover got {names} different answers, and printed {count}.");
    lab.check(count == KEPT, &sentence, id, think);
    // In the order of names, it comes before most others.
    let last = format!("(batch {})", KEPT / QUEUE);
    lab.check(
        !printed.contains(&last),
        &format!("Discover kept the answer {last:?}, which came after {KEPT} others."),
        "keep-the-first-answers",
        "In `discover`, ignore a new answer if you have MAX_FOUND already. A list that you shorten later has no limit before that.",
    );
}

#[test]
fn an_error_of_the_socket_ends_discover() {
    let Some(lab) = subject!("03").with_fault("recvfrom,recvmsg:error=EBADF") else { return };
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    discover(&lab, &group, LONG)
        .says(
            "return-an-error-of-recv-from",
            "In `discover`, go on after a timeout, `Interrupted` and a refusal only. Return every other error, because a broken socket gets no answers.",
        )
        .expect_error(&["cannot meet at"]);
}

#[test]
fn a_question_that_cannot_be_sent_is_an_error() {
    let lab = subject!("03");
    let Some(group) = group(&lab) else {
        return lab.skip(NO_GROUPS);
    };
    // Without SO_BROADCAST, sendto(2) refuses this address (udp(7)).
    let port = group.address().rsplit(':').next().map(str::to_owned).unwrap_or_default();
    let nowhere = format!("255.255.255.255:{port}");
    lab.run(["discover", "--group", &nowhere, "--timeout", &test_time_arg(0.03)])
        .says(
            "return-the-error-of-sendto",
            "In `discover`, return the error of `send_to` with `?`. An empty list would mean that no program is there.",
        )
        .expect_error(&["cannot meet at", &nowhere]);
}
