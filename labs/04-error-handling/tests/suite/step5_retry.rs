//! Step retry: asking again, with a fresh connection, later and later.

use super::{
    DRIBBLE, DRIBBLED, IMPATIENT, NOWHERE, TOO_BUSY, delays, frame, impossible_name, undisturbed,
    was_cut_off,
};
use std::time::{Duration, Instant};
use testkit::{ClosedPort, Subject, subject, test_time, test_time_arg};

#[test]
fn the_answer_is_printed() {
    let lab = subject!("04");
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "ECHO hello"]);
    let mut peer = host.accept();
    peer.expect(&frame("ECHO hello")).send_byte_by_byte(&frame("OK hello"));
    let exit = client
        .says("answer-frame-however-reads", "an answer is a frame, in however many reads it comes")
        .expect_line("OK hello")
        .expect_exit(0);
    peer.says("request-answer-goodbye", "one request, one answer, one goodbye").expect_end();
    lab.check(
        exit.stderr.is_empty(),
        &format!("All went well, and stderr says {:?}.", exit.stderr),
        "try-failed-worth-word",
        "only a try that failed is worth a word",
    );
}

#[test]
fn a_server_that_refuses_is_asked_again() {
    let lab = subject!("04");
    let closed = ClosedPort::new();
    let args =
        ["send", "--connect", closed.address(), "--tries", "3", "--backoff", "0.001", "PING"];
    let exit = lab
        .run(args)
        .says("refused-heal-three-tries", "refused may heal, so there are three tries; each that fails is told (on_failure), the last one too")
        .expect_error(&["after 3 tries: refused", "is the server running"]);
    let told: Vec<&str> = exit.stderr.lines().collect();
    lab.check(
        told.len() == 4
            && told[0].starts_with("try 1 of 3: refused; next try in ")
            && told[1].starts_with("try 2 of 3: refused; next try in ")
            && told[2] == "try 3 of 3: refused",
        &format!("Three tries failed, and stderr says {told:?}."),
        "failure-called-failed-try",
        "on_failure is called after each failed try, the last one too; then no other follows",
    );
}

#[test]
fn each_try_has_a_fresh_connection() {
    let lab = subject!("04");
    let mut host = lab.scripted_server("host");
    let address = host.address();
    let mut client = lab.run(["send", "--connect", &address, "--backoff", "0.001", "PING"]);
    let mut broken = host.accept();
    broken.expect(&frame("PING"));
    broken.reset();
    host.says(
        "server-crashed-back-connect",
        "a server that crashed may be back: connect again, the old connection is gone",
    );
    host.accept().expect(&frame("PING")).send(&frame("OK PONG"));
    client.expect_line("OK PONG").expect_log("try 1 of 4: reset").expect_exit(0);
}

#[test]
fn a_silent_server_is_asked_again() {
    let lab = subject!("04");
    let mut host = lab.scripted_server("host");
    let (address, timeout) = (host.address(), test_time_arg(0.4));
    let args = ["send", "--connect", &address, "--timeout", &timeout, "--backoff", "0", "PING"];
    let mut client = lab.run(args);
    let mut silent = host.accept();
    silent.expect(&frame("PING"));
    host.says(
        "unix-read-timed-says",
        "on Unix, a read that timed out says WouldBlock: that is a timeout too, and may heal",
    );
    host.accept().expect(&frame("PING")).send(&frame("OK PONG"));
    client.expect_line("OK PONG").expect_log("try 1 of 4: timed out").expect_exit(0);
}

#[test]
fn an_answer_that_dribbles_in_is_cut_off_at_the_deadline() {
    let lab = subject!("04");
    let Some(was_cut_off) = undisturbed(|factor| {
        let mut server = lab.scripted_server("server");
        let (address, timeout) = (server.address(), IMPATIENT * factor);
        let arg = test_time_arg(timeout);
        let args = ["send", "--connect", &address, "--timeout", &arg, "--tries", "1", "PING"];
        let mut client = lab.run(args);
        let mut peer = server.accept();
        let answer = frame([b'x'; DRIBBLED - 4]);
        let dribble = peer.expect(&frame("PING")).dribble(&answer, test_time(DRIBBLE * factor));
        let was_cut_off = was_cut_off(&dribble, timeout)?;
        if was_cut_off {
            client.expect_error(&["after 1 try: timed out"]);
        }
        Some(was_cut_off)
    }) else {
        return lab.skip(TOO_BUSY);
    };
    lab.check(
        was_cut_off,
        "A server that sends its answer byte by byte, none of them late, took as long as it liked.",
        "one-deadline-for-the-answer",
        "a timeout for each read is no deadline for the answer: give each read what is left",
    );
}

#[test]
fn the_delays_double_give_or_take_a_quarter() {
    let lab = subject!("04");
    let delays = delays_of(&lab, &["--backoff", "0.003", "--tries", "6", "--seed", "1"]);
    let factors: Vec<f64> =
        (0..).zip(&delays).map(|(k, delay)| delay / (0.003 * f64::from(1 << k))).collect();
    lab.check(
        // The first is told to a thirtieth of it, so it may look as if it were a bit too far off.
        factors.len() == 5 && factors.iter().all(|factor| (0.73..=1.27).contains(factor)),
        &format!(
            "The delays are {delays:?} s; about 0.003, 0.006, 0.012, 0.024 and 0.048 were due."
        ),
        "delay-k-backoff-x",
        "delay k is backoff x 2^k, times 0.75 to 1.25",
    );
    let spread = factors.iter().copied().fold(0.0, f64::max)
        - factors.iter().copied().fold(f64::INFINITY, f64::min);
    lab.check(
        spread > 0.03,
        &format!("The delays are {delays:?} s: each with the same jitter, or none."),
        "thousand-clients-lost-server", "a thousand clients that lost one server must not come back as one: draw a factor each time",
    );
}

#[test]
fn a_seed_repeats_the_delays() {
    let lab = subject!("04");
    let with = |seed: &str| delays_of(&lab, &["--backoff", "0.002", "--seed", seed]);
    let (one, again, other) = (with("1"), with("1"), with("2"));
    lab.check(
        one == again && one != other,
        &format!("Seed 1 gave {one:?}, then {again:?}; seed 2 gave {other:?}."),
        "equal-seeds-equal-delays",
        "equal seeds, equal delays, and no others: draw from `jitter` only, once for each delay",
    );
}

#[test]
fn the_delays_are_waited() {
    let lab = subject!("04");
    let start = Instant::now();
    let delays = delays_of(&lab, &["--backoff", "0.03", "--tries", "3"]);
    let (took, due) = (start.elapsed(), Duration::from_secs_f64(delays.iter().sum()));
    lab.check(
        delays.len() == 2 && took >= due,
        &format!("The delays are {delays:?} s, and all was over after {took:?}."),
        "server-starting-needs-time",
        "a server that is starting needs time, not questions: wait between tries",
    );
}

#[test]
fn no_delay_is_longer_than_half_a_minute() {
    let lab = subject!("04");
    let closed = ClosedPort::new();
    lab.run(["send", "--connect", closed.address(), "--backoff", "1000", "PING"])
        .says(
            "doubling-makes-hours-seconds",
            "doubling makes hours of seconds: MAX_DELAY is the most, jitter or not",
        )
        .expect_log("next try in 30.0000 s");
}

#[test]
fn any_number_of_tries_can_be_asked_for() {
    let lab = subject!("04");
    let closed = ClosedPort::new();
    lab.run(["send", "--connect", closed.address(), "--backoff", "0", "--tries", "70", "PING"])
        .says("2-32-fit-u32", "2^32 does not fit a u32: saturating_pow, saturating_mul")
        .expect_error(&["after 70 tries: refused"]);
}

#[test]
fn what_does_not_heal_is_not_tried_again() {
    let lab = subject!("04");
    let think = "a wrong name stays wrong, and who closes in good order meant it: only refused, timed out and reset may heal (and on_failure is told of the last try, too)";
    for (address, word) in
        [(Some(impossible_name()), "no such host"), (NOWHERE.map(str::to_owned), "unreachable")]
    {
        let Some(address) = address else { continue };
        lab.run(["send", "--connect", &address, "--backoff", "0", "PING"])
            .says("wrong-name-stays-wrong", think)
            .expect_error(&[&format!("after 1 try: {word}")]);
    }
    let mut host = lab.scripted_server("host");
    let mut client = lab.run(["send", "--connect", &host.address(), "--backoff", "0", "PING"]);
    let mut peer = host.accept();
    peer.expect(&frame("PING")).send(&frame("OK PONG")[..5]).half_close();
    client.says("wrong-name-stays-wrong", think).expect_error(&["after 1 try: closed"]);
}

#[test]
fn a_request_that_cannot_be_is_not_sent() {
    let lab = subject!("04");
    let mut host = lab.scripted_server("host");
    let text = "x".repeat(65_537);
    let mut client = lab.run(["send", "--connect", &host.address(), &text]);
    host.accept()
        .says("longer-frame-ours-send", "what is longer than a frame may be is not ours to send")
        .expect_end();
    client.expect_error(&["after 1 try: a frame of 65537 bytes is too long"]);
}

/// The delays that a client tells of which is refused each time.
fn delays_of(lab: &Subject, options: &[&str]) -> Vec<f64> {
    let closed = ClosedPort::new();
    let args =
        ["send", "--connect", closed.address(), "PING"].into_iter().chain(options.iter().copied());
    let exit = lab
        .run(args)
        .says(
            "tries-used-error-last",
            "when all tries are used up, the error is that of the last one",
        )
        .expect_error(&["refused"]);
    delays(&exit.stderr)
}
