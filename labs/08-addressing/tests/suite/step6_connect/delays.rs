//! Delays and deadlines of step connect.

use super::pairs::{hole_and_closed, hole_and_server, two_holes};
use super::{LONG, SECOND, THIRD, connect, with_two};
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use testkit::{BlackHole, RunTime, Subject, show_all, subject, test_time, test_time_arg};

#[test]
fn an_address_that_does_not_answer_costs_a_delay() {
    let Some(lab) = with_two(subject!("08")) else { return };
    if BlackHole::at(SocketAddr::new(SECOND, 0)).is_none() {
        return lab.skip("this machine has no address that never answers");
    }
    lab.undisturbed(|_| goes_on_after_the_delay(&lab));
}

/// `None` if this machine was too busy to tell.
fn goes_on_after_the_delay(lab: &Subject) -> Option<()> {
    let (hole, mut host) = hole_and_server(lab).expect("a port is free at both");
    let target = format!("two.test:{}", hole.port());
    let mut client = connect(lab, [&target[..], "--timeout", LONG, "--delay", "0.01", "hello"]);
    let (id, think) = (
        "start-the-next-after-the-delay",
        "In `connect_first`, wait at most `policy.delay` before you start the next try. Keep the first one going.",
    );
    client.says(id, think);
    let start = client.wait_until_started();
    // A client that does not look at --delay waits for 0.25 s.
    let limit = Duration::from_millis(150);
    let time = client.time_until(start, limit * 3, || !host.has_no_client_waiting());
    client.check(
        !time.reaches(limit)?,
        "The second try did not begin within 0.15 s, and --delay is 0.01 s.",
        id,
        think,
    );
    let mut peer = host.says(id, think).accept();
    peer.says(
        "do-not-join-the-tries",
        "In `connect_first`, return the first connection immediately. Do not join the threads of the other tries, which wait for a long time.",
    )
    .expect(b"hello\n")
    .expect_end()
    .send(b"hi\n")
    .half_close();
    client.expect_line(&format!("connected to {} from {}", host.address(), peer.peer_addr()));
    client.expect_line("Received: hi").expect_exit(0);
    Some(())
}

#[test]
fn no_try_begins_before_its_time() {
    let Some(lab) = with_two(subject!("08")) else { return };
    if BlackHole::at(SocketAddr::new(SECOND, 0)).is_none() {
        return lab.skip("this machine has no address that never answers");
    }
    // More than the 0.25 s of RFC 8305, so that a client with this constant begins too early.
    lab.undisturbed(|factor| waits_for_the_delay(&lab, 0.4 * factor));
}

/// `None` if this machine was too busy to tell.
fn waits_for_the_delay(lab: &Subject, seconds: f64) -> Option<()> {
    let (hole, mut host) = hole_and_server(lab).expect("a port is free at both");
    let target = format!("two.test:{}", hole.port());
    let (delay, limit) = (seconds.to_string(), Duration::from_secs_f64(seconds));
    let start = Instant::now();
    let client = connect(lab, [&target[..], "--timeout", LONG, "--delay", &delay]);
    let starting = client.wait_until_started() - start;
    let longest = starting + limit * 4;
    let time = client.time_until(start, longest, || !host.has_no_client_waiting());
    let (id, think) = (
        "wait-for-the-delay",
        "In `connect_first`, the second try begins `policy.delay` after the first one, which may still get its answer.",
    );
    let sentence = format!("The second try began before the --delay of {delay} s was over.");
    // The delay may begin before the first try has a socket. Only a wait after that is a proof of it,
    // because a slow start is no delay.
    let time = RunTime { at_least: time.at_least.saturating_sub(starting), ..time };
    client.check(time.reaches(limit)?, &sentence, id, think);
    host.says(id, think).accept();
    Some(())
}

#[test]
fn an_address_that_was_never_tried_has_timed_out() {
    let Some(lab) = with_two(subject!("08")) else { return };
    let Some((first, _second)) = two_holes() else {
        return lab.skip("this machine has no address that never answers");
    };
    let target = format!("two.test:{}", first.port());
    let timeout = test_time_arg(0.1);
    let mut client = connect(&lab, [&target[..], "--timeout", &timeout, "--delay", LONG]);
    let (id, think) = (
        "report-the-rest-at-the-deadline",
        "In `connect_first`, call `report` at the deadline for each address without an outcome. It has timed out, also if it was never tried.",
    );
    client.says(id, think);
    let exit = client.expect_error(&["2 addresses failed"]);
    let mut lines: Vec<&str> =
        exit.stderr.lines().filter(|line| line.starts_with("127.")).collect();
    // They time out together, and in any order.
    lines.sort_unstable();
    let expected = [SECOND, THIRD].map(|ip| format!("{ip}:{}: timed out", first.port()));
    let (found, due) = (show_all(&lines), show_all(&expected));
    let sentence = format!("The failed addresses are {found}, and {due} were expected.");
    lab.check(lines == expected, &sentence, id, think);
}

#[test]
fn an_earlier_try_goes_on() {
    let Some(lab) = with_two(subject!("08")) else { return };
    if BlackHole::at(SocketAddr::new(SECOND, 0)).is_none() {
        return lab.skip("this machine has no address that never answers");
    }
    lab.undisturbed(|factor| waits_for_both(&lab, 0.05 * factor));
}

/// `None` if this machine was too busy to tell.
fn waits_for_both(lab: &Subject, seconds: f64) -> Option<()> {
    let (hole, closed) = hole_and_closed().expect("a port is free at both");
    let target = format!("two.test:{}", hole.port());
    let (delay, limit) = (test_time_arg(seconds), test_time(seconds * 8.0));
    let mut client = connect(lab, [&target[..], "--timeout", LONG, "--delay", &delay]);
    let start = client.wait_until_started();
    let (id, think) = (
        "keep-earlier-tries",
        "In `connect_first`, a try ends when it fails or at the deadline of all tries. The delay only starts another one.",
    );
    client.says(id, think).expect_log(&format!("{}: connection refused", closed.address()));
    client.check(
        client.run_time(start, limit).reaches(limit)?,
        "The client gave up while its first address might still have answered.",
        id,
        think,
    );
    Some(())
}

#[test]
fn all_tries_together_have_one_timeout() {
    let Some(lab) = with_two(subject!("08")) else { return };
    if BlackHole::at(SocketAddr::new(SECOND, 0)).is_none() {
        return lab.skip("this machine has no address that never answers");
    }
    lab.undisturbed(|factor| gives_up_in_time(&lab, 0.4 * factor));
}

/// `None` if this machine was too busy to tell.
fn gives_up_in_time(lab: &Subject, seconds: f64) -> Option<()> {
    let (hole, _second) = two_holes().expect("a port is free at both");
    let (timeout, limit) = (test_time_arg(seconds), test_time(seconds));
    let target = format!("two.test:{}", hole.port());
    // The second try begins in time, and must not get a timeout of its own. With one, the client
    // runs for 1.6 times its timeout, which is more than the limit below.
    let delay = test_time_arg(seconds * 0.6);
    let mut client = connect(lab, [&target[..], "--timeout", &timeout, "--delay", &delay]);
    // The client's clock begins when it has resolved the name, and not when it was started.
    let start = client.wait_until_started();
    let (id, think) = (
        "one-deadline-for-all-tries",
        "In `connect_first`, compute one deadline for all tries. Each try gets only the time that is left.",
    );
    let time = client.run_time(start, limit * 3);
    let is_late = time.reaches(limit * 3 / 2)?;
    client.check(
        !is_late,
        &format!(
            "The client ran for more than {:.1} s, and its --timeout is {timeout} s.",
            seconds * 1.5
        ),
        id,
        think,
    );
    client
        .says(id, think)
        .expect_log(&format!("{}: timed out", hole.address()))
        .expect_error(&["2 addresses failed"]);
    Some(())
}
