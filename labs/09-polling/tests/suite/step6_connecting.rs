//! Step connecting: many connections under way, and one thread.

use super::clients::{ask, expect_idle};
use std::time::Instant;
use testkit::{
    BlackHole, ClosedPort, Deadline, Peer, Process, RunTime, Subject, poll_until, subject,
    test_time, test_time_arg,
};

/// A timeout that no passing test reaches.
const LONG: &str = "100";

const SEND: (&str, &str) = (
    "send-when-connected",
    "In `proceed`, after `outcome`, flush the output. In `interest`, ask for `write` until the connection is made.",
);

const UNDER_WAY: (&str, &str) = (
    "in-progress-is-no-error",
    "In `start`, `EINPROGRESS` means that the connection is under way. Return the socket, and let the poller wait for it.",
);

const SO_ERROR: (&str, &str) = (
    "ask-so-error",
    "In `outcome`, call `take_error`. Writable means that connecting is over, and SO_ERROR tells how it ended. In `continue_one`, print the `reason` of the error.",
);

const DEADLINE: (&str, &str) = (
    "end-at-the-deadline",
    "In `ask`, compute the deadline once, from `timeout`. Wait no longer than the time left until it, and end when none is left.",
);

const NO_TIME_OF_ITS_OWN: (&str, &str) = (
    "no-limit-in-start",
    "In `start`, call `connect` on a non-blocking socket. `connect_timeout` waits, and its limit is not that of the user.",
);

const NO_ANSWER: &str = "this machine has no address that never answers";

#[test]
fn ask_prints_each_answer() {
    let lab = subject!("09");
    let mut host = lab.scripted_server("host");
    let address = host.address();
    let mut client = lab.run(["ask", "--timeout", LONG, "--connect", &address, "one", "two"]);
    let mut peer = host.says(UNDER_WAY.0, UNDER_WAY.1).accept();
    peer.says(SEND.0, SEND.1).expect(b"one\ntwo\n").send(b"1\n2\n");
    client
        .says("tell-each-line", "In `continue_one`, tell each whole line. After the last expected one, the conversation ends.")
        .expect_line(&format!("{address}: 1"))
        .expect_line(&format!("{address}: 2"))
        .expect_exit(0);
    peer.expect_gone();
}

#[test]
fn a_closed_port_is_refused() {
    let lab = subject!("09");
    let closed = ClosedPort::new();
    let address = closed.address();
    let mut client = lab.run(["ask", "--timeout", LONG, "--connect", address, "one"]);
    client
        .says(SO_ERROR.0, SO_ERROR.1)
        .expect_log(&format!("{address}: connection refused"))
        .expect_exit(1);
}

#[test]
fn a_server_that_does_not_answer_times_out() {
    let Some(hole) = BlackHole::new() else { return subject!("09").skip(NO_ANSWER) };
    let lab = subject!("09");
    lab.undisturbed(|factor| {
        let (timeout, limit) = (test_time_arg(0.1 * factor), test_time(0.1 * factor));
        let begun = Instant::now();
        let mut client =
            lab.run(["ask", "--timeout", &timeout, "--connect", &hole.address(), "one"]);
        let started = client.wait_until_started();
        let time = client.run_time(started, limit * 4);
        let is_late = time.reaches(limit * 3)?;
        lab.check(
            !is_late,
            "The client waited for three times its --timeout.",
            "wait-only-until-the-deadline",
            "In `ask`, wait no longer than the time left until the deadline. In `start`, the socket is non-blocking before `connect`. `connect_timeout` would wait.",
        );
        // Its clock may have begun before it had a socket.
        let time = RunTime { at_most: begun.elapsed(), ..time };
        let has_waited = time.reaches(limit)?;
        let (id, think) = (
            "wait-until-it-is-writable",
            "In `start`, make the socket non-blocking before `connect`. In `interest`, wait for `write` until it is connected. In `ask`, a question that is left at the deadline has timed out.",
        );
        client.says(id, think).expect_log(&format!("{}: timed out", hole.address())).expect_exit(1);
        lab.check(has_waited, "The client did not wait until its time was over.", id, think);
        Some(())
    });
}

#[test]
fn a_server_that_is_silent_times_out() {
    let lab = subject!("09");
    lab.undisturbed(|factor| {
        let mut asked = ask_in_time(&lab, 0.1 * factor)?;
        asked.client.says(DEADLINE.0, DEADLINE.1);
        asked.client.expect_log(&format!("{}: timed out", asked.address)).expect_exit(1);
        Some(())
    });
}

#[test]
fn a_server_that_sends_slowly_times_out() {
    let lab = subject!("09");
    lab.undisturbed(|factor| {
        let timeout = 0.1 * factor;
        let mut asked = ask_in_time(&lab, timeout)?;
        // Three times the timeout, if the client does not end the conversation.
        let dribble = asked.peer.dribble(&[b'x'; 9], test_time(timeout / 3.0));
        let was_cut_off = dribble.was_cut_off(9, test_time(timeout))?;
        let delay = asked.client.run_delay();
        // A client that waited for a CPU so long may be late.
        if !was_cut_off && delay.is_none_or(|delay| delay >= test_time(timeout)) {
            return None;
        }
        let sentence = "The client waited for three times its --timeout, because bytes came.";
        asked.client.check(was_cut_off, sentence, DEADLINE.0, DEADLINE.1);
        asked.client.says(DEADLINE.0, DEADLINE.1);
        asked.client.expect_log(&format!("{}: timed out", asked.address)).expect_exit(1);
        Some(())
    });
}

/// A client that has asked one server of ours for one line.
struct Asked {
    client: Process,
    peer: Peer,
    address: String,
}

/// `None` if the timeout of the client may have been over before its question was here.
fn ask_in_time(lab: &Subject, timeout: f64) -> Option<Asked> {
    let mut host = lab.scripted_server("host");
    let (address, begun) = (host.address(), Instant::now());
    let arg = test_time_arg(timeout);
    let client = lab.run(["ask", "--timeout", &arg, "--connect", &address, "one"]);
    let mut peer = host.accept();
    let has_come = poll_until(Deadline::usual(), || peer.has_received());
    if has_come && begun.elapsed() >= test_time(timeout) {
        return None;
    }
    peer.expect(b"one\n");
    Some(Asked { client, peer, address })
}

#[test]
fn the_loop_sleeps_while_a_server_is_silent() {
    let lab = subject!("09");
    let server = lab.serve(["--fetch-timeout", LONG]);
    let mut host = lab.scripted_server("host");
    let mut peer = server.connect("peer");
    peer.send(format!("fetch {}\n", host.address()).as_bytes());
    let _silent = host.says(UNDER_WAY.0, UNDER_WAY.1).accept();
    let sleep = (
        "write-interest-until-it-is-sent",
        "In `Dial::interest`, ask for `write` until the connection is made, and then while the output holds something. A connected socket is writable.",
    );
    expect_idle(&server, sleep);
}

#[test]
fn a_line_that_is_too_long_ends_the_conversation() {
    let lab = subject!("09");
    let mut host = lab.scripted_server("host");
    let address = host.address();
    let mut client = lab.run(["ask", "--timeout", LONG, "--connect", &address, "one"]);
    let mut peer = host.accept();
    peer.expect(b"one\n").send(&[b'x'; 1100]);
    client
        .says(
            "tell-a-line-that-is-too-long",
            "In `continue_one`, tell `line too long` for `Cut::TooLong`, and end the conversation.",
        )
        .expect_log(&format!("{address}: line too long"))
        .expect_exit(1);
}

#[test]
fn all_servers_are_asked_at_the_same_time() {
    let lab = subject!("09");
    let holes: Vec<BlackHole> = (0..4).filter_map(|_| BlackHole::new()).collect();
    if holes.len() < 4 {
        return lab.skip(NO_ANSWER);
    }
    let mut host = lab.scripted_server("host");
    let mut words = ["ask", "--timeout", LONG].map(str::to_owned).to_vec();
    let addresses = holes.iter().map(BlackHole::address).chain([host.address()]);
    words.extend(addresses.flat_map(|address| ["--connect".to_owned(), address]));
    words.push("one".to_owned());
    let mut client = lab.run(words.iter().map(String::as_str));
    let (id, think) = (
        "all-are-under-way",
        "In `begin_all`, begin to connect to all before you wait for one. One deadline is for all of them.",
    );
    // The four before it will not answer for a long time.
    let mut peer = host.says(id, think).accept();
    peer.says(id, think).expect(b"one\n").send(b"1\n");
    client.says(id, think).expect_line(&format!("{}: 1", host.address()));
    client.wait_until_idle();
    lab.check(
        !client.stderr().contains("timed out"),
        "The client gave up before its --timeout was over.",
        NO_TIME_OF_ITS_OWN.0,
        NO_TIME_OF_ITS_OWN.1,
    );
    client.kill();
}

#[test]
fn a_server_that_closes_early_is_named() {
    let lab = subject!("09");
    let mut host = lab.scripted_server("host");
    let address = host.address();
    let mut client = lab.run(["ask", "--timeout", LONG, "--connect", &address, "one", "two"]);
    let mut peer = host.accept();
    peer.expect(b"one\ntwo\n").send(b"1\n2").half_close();
    client
        .says(
            "count-the-answers",
            "In `continue_one`, count the lines. When the server closes before the last one, tell how many have come.",
        )
        .expect_line(&format!("{address}: 1"))
        .expect_log(&format!("{address}: closed after 1 of 2 answers"))
        .expect_exit(1);
}

#[test]
fn answers_may_come_in_any_pieces() {
    let lab = subject!("09");
    let mut host = lab.scripted_server("host");
    let address = host.address();
    let mut client = lab.run(["ask", "--timeout", LONG, "--connect", &address, "one", "two"]);
    let mut peer = host.accept();
    peer.expect(b"one\ntwo\n").send_byte_by_byte(b"first\r\nsecond");
    peer.send(b"\n");
    client
        .says(
            "keep-a-part-of-a-line",
            "In `proceed`, push the bytes read to `lines`. `next_line` returns a line when it is whole.",
        )
        .expect_line(&format!("{address}: first"))
        .expect_line(&format!("{address}: second"))
        .expect_exit(0);
}

#[test]
fn the_end_behind_the_last_answer_is_no_failure() {
    let lab = subject!("09");
    let mut host = lab.scripted_server("host");
    let address = host.address();
    let mut client = lab.run(["ask", "--timeout", LONG, "--connect", &address, "one"]);
    let mut peer = host.accept();
    peer.expect(b"one\n");
    client.pause();
    peer.send(b"1\n").half_close();
    client.resume();
    client
        .says(
            "lines-before-the-end",
            "In `continue_one`, look at the lines first, and then at the end. One event may bring both.",
        )
        .expect_line(&format!("{address}: 1"))
        .expect_exit(0);
}

#[test]
fn fetch_brings_the_first_line() {
    let lab = subject!("09");
    let server = lab.serve(["--fetch-timeout", LONG]);
    let mut host = lab.scripted_server("host");
    let mut peer = server.connect("peer");
    peer.send(format!("fetch {}\necho meanwhile\n", host.address()).as_bytes());
    let mut fetching = host.says(UNDER_WAY.0, UNDER_WAY.1).accept();
    peer.expect(b"meanwhile\n");
    fetching.send_byte_by_byte(b"hel").send(b"lo\nmore\n");
    peer.says(
        "proceed-at-each-event",
        "In `proceed`, ask for the outcome once, then read into `lines`. The first whole line is the answer.",
    )
    .half_close()
    .expect(b"hello\n")
    .expect_end();
    fetching.expect_gone();
}

#[test]
fn a_fetch_that_fails_is_answered() {
    let lab = subject!("09");
    let server = lab.serve(["--fetch-timeout", LONG]);
    let (closed, mut host) = (ClosedPort::new(), lab.scripted_server("host"));
    let mut peer = server.connect("peer");
    peer.says(
        "words-of-a-failure",
        "In `words`, a refused connection is `ERROR refused`, and one that the server reset is `ERROR closed`.",
    );
    ask(&mut peer, &format!("fetch {}", closed.address()), "ERROR refused");
    peer.send(format!("fetch {}\n", host.address()).as_bytes());
    host.accept().send(b"no newline").half_close();
    peer.expect(b"ERROR closed\n");
    peer.send(format!("fetch {}\n", host.address()).as_bytes());
    host.accept().reset();
    peer.expect(b"ERROR closed\n");
    ask(&mut peer, "fetch 192.0.2.1:9", "ERROR not allowed");
}

#[test]
fn a_fetch_holds_up_no_client() {
    let lab = subject!("09");
    let Some(hole) = BlackHole::new() else { return lab.skip(NO_ANSWER) };
    let server = lab.serve(["--fetch-timeout", LONG]);
    let asked = format!("fetch {}\n", hole.address());
    let mut asking = server.connect("asking");
    asking.send(asked.as_bytes()).wait_until_read();
    let mut peer = server.connect("peer");
    peer.says(
        "connect-in-the-loop",
        "In `start`, make the socket non-blocking before connect(2). A blocking connect holds up every client.",
    );
    ask(&mut peer, "echo hello", "hello");
    asking.says(NO_TIME_OF_ITS_OWN.0, NO_TIME_OF_ITS_OWN.1).expect_silence();
    let server = lab.serve(["--fetch-timeout", &test_time_arg(0.1)]);
    let mut asking = server.connect("asking");
    asking
        .says(
            "one-time-for-a-fetch",
            "In `take_due`, return `FetchOver` when the time of a fetch is over.",
        )
        .send(asked.as_bytes())
        .expect(b"ERROR timed out\n");
    asking.expect_nothing_for(test_time(0.01));
}
