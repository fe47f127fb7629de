//! When discover sends its questions.

use super::super::groups::{ASK_THROUGH_THE_INTERFACE, discover, in_time, listened};
use super::SHORT;
use std::time::{Duration, Instant};
use testkit::{MulticastGroup, Process, Subject, UdpPeer, show_time, subject, test_time};

const ASK_EVENLY: (&str, &str) = (
    "ask-evenly",
    "In `discover`, end the thirds at `time / 3`, `time * 2 / 3` and `time`, also if a datagram comes before. A full network loses several datagrams in a row.",
);

#[test]
fn the_question_is_asked_again_for_it_may_be_lost() {
    in_time(&subject!("03"), 2.0 * SHORT, asks_three_times);
}

fn asks_three_times(lab: &Subject, group: &MulticastGroup, seconds: f64) -> Option<()> {
    let (mut member, time) = (group.member("member"), test_time(seconds));
    let mut found = discover(lab, group, seconds);
    let start = found.wait_until_started();
    member.says("ask-through-the-interface", ASK_THROUGH_THE_INTERFACE).expect(b"WHO").says(
        "ask-three-times",
        "In `discover`, send the question three times. One lost datagram must not hide an announcer.",
    );
    found.wait_until_idle();
    found.time_until(start, time / 4, || member.has_received());
    if member.has_received() {
        check_not_before(&member, time / 3, start, "second", ASK_EVENLY);
        // The second question may have been in time, and we were late.
        return None;
    }
    // It makes no third longer.
    member.send(b"no answer");
    if start.elapsed() > time / 3 {
        return None;
    }
    // The kernel may end a wait late, and long waits show that least.
    let is_short = seconds < 4.0 * SHORT;
    let late = expect_question(&mut member, &found, start, time) > time * 5 / 12;
    check_not_before(&member, time / 3, start, "second", ASK_EVENLY);
    if late && is_short {
        return None;
    }
    check_in_time(&member, !late, "second", time / 3);
    member.send(b"HERE late");
    let answered = Instant::now();
    let late = expect_question(&mut member, &found, start, time) > time * 3 / 4;
    let think = "In `discover`, receive until the third is over, also after an answer. An answer ends neither a third nor the search.";
    check_not_before(&member, time * 2 / 3, start, "third", ("an-answer-ends-no-third", think));
    if late && is_short {
        return None;
    }
    check_in_time(&member, !late, "third", time * 2 / 3);
    listened(&found, start, answered, time)?;
    found.says(
        "collect-in-each-third",
        "In `discover`, collect answers after each of the three questions, and keep those that came before.",
    );
    found.expect_line(&format!("late at {}", member.address())).expect_exit(0);
    Some(())
}

/// Expects the next question. Returns how long `found` waited before it, at least.
fn expect_question(
    member: &mut UdpPeer,
    found: &Process,
    start: Instant,
    time: Duration,
) -> Duration {
    let waited = found.time_until(start, time * 2, || member.has_received() || found.has_ended());
    member.expect(b"WHO");
    waited.at_least
}

/// Checks that a question that has just been seen came not much later than `due`, a time after the
/// start.
fn check_in_time(member: &UdpPeer, is_in_time: bool, which: &str, due: Duration) {
    member.check(
        is_in_time,
        &format!("The {which} question came much later than {} after the start.", show_time(due)),
        "end-each-third-in-time",
        "In `discover`, end the thirds at `time / 3`, `time * 2 / 3` and `time`, counted from the start of `discover`. Before each `recv_from`, set only the remaining time.",
    );
}

/// Checks that a question that has just been seen did not come before `due`, a time after `start`.
fn check_not_before(
    member: &UdpPeer,
    due: Duration,
    start: Instant,
    which: &str,
    (id, think): (&str, &str),
) {
    let asked = start.elapsed();
    member.check(
        asked >= due,
        &format!(
            "The {which} question came {} after the start; it was due after {}.",
            show_time(asked),
            show_time(due)
        ),
        id,
        think,
    );
}
