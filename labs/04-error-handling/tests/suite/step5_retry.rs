//! Step retry: asking again, with a fresh connection, later and later.

mod answers;
mod requests;

use super::{DRIBBLED, IMPATIENT, NOWHERE, delays, frame, impossible_name, seconds};
use std::time::{Duration, Instant};
use testkit::{
    ClosedPort, Deadline, Process, ScriptedServer, Subject, poll_until, show, show_all, show_time,
    subject, test_time, test_time_arg,
};

const WAIT_BETWEEN_TRIES: &str =
    "Sleep for the delay in `send` after `on_failure`. A server that is starting needs time.";

#[test]
fn a_server_that_refuses_is_asked_again() {
    let lab = subject!("04");
    let closed = ClosedPort::new();
    let args =
        ["send", "--connect", closed.address(), "--tries", "3", "--backoff", "0.001", "PING"];
    let exit = lab
        .run(args)
        .says(
            "classify-a-refusal",
            "Map `ConnectionRefused` to `Refused` in `classify`, and return the error of the last try from `send`.",
        )
        .expect_error(&["refused", "is the server running"]);
    let told: Vec<&str> = exit.stderr.lines().collect();
    lab.check(
        told.len() == 4,
        &format!("With --tries 3, stderr should hold a line for each of three tries, and the error. It holds {}.", show_all(&told)),
        "count-tries-not-retries",
        COUNT_TRIES,
    );
    let due = [
        "try 1 of 3: refused; next try in ",
        "try 2 of 3: refused; next try in ",
        "try 3 of 3: refused",
    ];
    let has_delay = |line: &str| line.contains("next try in ");
    for (line, due) in told.iter().zip(due) {
        lab.check(
            line.starts_with(due) && has_delay(line) == has_delay(due),
            &format!(
                "Of three tries, each failed. A line on stderr is `{line}` where `{due}` was due."
            ),
            "report-each-failed-try",
            EACH_FAILED_TRY,
        );
    }
    lab.check(
        told[3].contains("after 3 tries: refused"),
        &format!("Three tries failed, and the last line on stderr is `{}`.", told[3]),
        "report-each-failed-try",
        EACH_FAILED_TRY,
    );
}

const EACH_FAILED_TRY: &str = "Call `on_failure` in `send` after each failed try, with its number: 1 for the first. After the last try the delay is `None`.";

const COUNT_TRIES: &str = "Make `policy.tries` tries in all in `send`, because `Refused` is retryable. Call `on_failure` after each, also after the last.";

#[test]
fn each_try_has_a_fresh_connection() {
    let lab = subject!("04");
    let mut server = lab.scripted_server("server");
    let address = server.address();
    let mut client = lab.run(["send", "--connect", &address, "--backoff", "0.001", "PING"]);
    let mut broken = server.accept();
    broken.expect(&frame("PING"));
    broken.reset();
    poll_until(Deadline::usual(), || client.has_ended() || client.stderr().contains('\n'));
    if client.stderr().contains(": reset") {
        client.says("report-each-failed-try", EACH_FAILED_TRY);
    } else {
        client.says(
            "classify-a-reset",
            "Map `ConnectionReset` to `Reset` in `classify`. The server's kernel sends RST when the server crashes.",
        );
    }
    client
        .expect_log("try 1 of 4: reset")
        .says(
            "connect-for-each-try",
            "Call `connect` for each try in `send`, and retry `Reset`. The server reset the old connection, so it is of no more use.",
        );
    server.says(
        "connect-for-each-try",
        "Call `connect` for each try in `send`, and retry `Reset`. The server reset the old connection, so it is of no more use.",
    );
    server.accept().expect(&frame("PING")).send(&frame("OK PONG"));
    client.expect_line("OK PONG").expect_exit(0);
}

#[test]
fn a_silent_server_is_asked_again() {
    let lab = subject!("04");
    let _ = lab.undisturbed(|factor| answer_the_second_try(&lab, 0.1 * factor));
}

/// Answers nothing to the first try, and answers the second. `None` if the second try may have been
/// over before the client could read that.
fn answer_the_second_try(lab: &Subject, timeout: f64) -> Option<()> {
    let mut server = lab.scripted_server("server");
    let address = server.address();
    let arg = test_time_arg(timeout);
    let args = ["send", "--connect", &address, "--timeout", &arg, "--backoff", "0", "PING"];
    let mut client = lab.run(args);
    let second_try = client.wait_until_started() + test_time(timeout);
    let mut silent = server.accept();
    silent.expect(&frame("PING"));
    connects_again(lab, &server, &client);
    let mut second = server.accept();
    // The FIN was sent before the second SYN. This time is only for a kernel that is busy.
    let is_closed =
        poll_until(Deadline::after(Duration::from_millis(100)), || silent.has_received());
    lab.check(
        is_closed,
        "The second try began, and the connection of the first is still open.",
        "close-before-the-next-try",
        "Drop the stream of a failed try in `send` before the next one begins. A late answer would belong to the old request.",
    );
    second.expect(&frame("PING"));
    second.send(&frame("OK PONG"));
    let is_over = || second_try.elapsed() > test_time(timeout);
    poll_until(Deadline::after(Duration::from_secs(60)), || client.has_ended() || is_over());
    if is_over() {
        return None;
    }
    client.expect_line("OK PONG").expect_log("try 1 of 4: timed out").expect_exit(0);
    Some(())
}

/// Expects a second connection after a try that has timed out.
fn connects_again(lab: &Subject, server: &ScriptedServer, client: &Process) {
    let has_asked_twice = || client.stderr().contains("try 2 of 4");
    poll_until(Deadline::usual(), || {
        !server.has_no_client_waiting() || client.has_ended() || has_asked_twice()
    });
    let words = client.stderr();
    let (id, think) = if has_asked_twice() {
        ("connect-after-a-timeout", CONNECT_AFTER_A_TIMEOUT)
    } else if words.contains("timed out") {
        (
            "a-timeout-is-retryable",
            "Return true for `TimedOut` in `is_retryable`. A busy server may answer the next try.",
        )
    } else {
        (
            "an-expired-timeout-in-ask",
            "Read and write through `Timed` in `ask`, with `timeout`. `Timed::read` must return `TimedOut` for `WouldBlock`, as Unix reports an expired timeout.",
        )
    };
    lab.check(
        !server.has_no_client_waiting(),
        &format!(
            "The server did not answer the first try. The client made no second connection, and printed {}.",
            show(words.as_bytes())
        ),
        id,
        think,
    );
}

const CONNECT_AFTER_A_TIMEOUT: &str = "Call `connect` in `send` for each try, also after a timeout. The first connection may still get the answer to the old request.";

#[test]
fn an_answer_that_dribbles_in_is_cut_off_at_the_deadline() {
    let lab = subject!("04");
    let Some(was_cut_off) = lab.undisturbed(|factor| {
        let mut server = lab.scripted_server("server");
        let (address, timeout) = (server.address(), IMPATIENT * factor);
        let arg = test_time_arg(timeout);
        let args = ["send", "--connect", &address, "--timeout", &arg, "--tries", "1", "PING"];
        let mut client = lab.run(args);
        let start = client.wait_until_started();
        let mut peer = server.accept();
        let answer = frame([b'x'; DRIBBLED - 4]);
        peer.expect(&frame("PING"));
        // Without its last byte. A client that has a whole answer closes, too.
        let part = &answer[..DRIBBLED - 1];
        let was_cut_off = peer.is_cut_off(start, part, test_time(timeout))?;
        if was_cut_off {
            client.expect_error(&["after 1 try: timed out"]);
        }
        Some(was_cut_off)
    }) else {
        return;
    };
    lab.check(
        was_cut_off,
        "A server sent its answer byte by byte, and the client waited longer than --timeout.",
        "one-deadline-for-the-answer",
        "Write and read through one `Timed` in `ask`, and give each read only the time left. A timeout for each read never ends the answer.",
    );
}

#[test]
fn the_delays_double_give_or_take_a_quarter() {
    let lab = subject!("04");
    let closed = ClosedPort::new();
    // At the same time, because each waits for a tenth of a second.
    let clients = ["1", "1", "2", "3", "4", "5"].map(|seed| {
        send_to(&lab, &closed, &["--backoff", "0.003", "--tries", "6", "--seed", seed])
    });
    let [delays, again, others @ ..] = clients.map(announced_delays);
    let factors: Vec<f64> =
        (0..).zip(&delays).map(|(k, delay)| delay / (0.003 * f64::from(1 << k))).collect();
    lab.check(
        // The first is printed with a precision of a thirtieth, so it may be a bit further off.
        factors.len() == 5 && factors.iter().all(|factor| (0.73..=1.27).contains(factor)),
        &format!(
            "The delays are {}; about 0.003, 0.006, 0.012, 0.024 and 0.048 s were expected.",
            seconds(&delays)
        ),
        "double-each-delay",
        "Return base x 2^k, times a factor between 0.75 and 1.25, from `next_delay`. k is 0 for the first delay.",
    );
    lab.check(
        most(&factors) - least(&factors) > 0.03,
        &format!("The delays are {}. They have the same jitter, or none.", seconds(&delays)),
        "draw-jitter-each-time", "Draw a factor for each delay in `next_delay`. Clients that lost one server must not all come back at the same moment.",
    );
    // Of 20 factors, one draw in a million is all in the same half of the range.
    let factor = |(k, delay): (i32, &f64)| delay / (0.003 * 2_f64.powi(k));
    let drawn: Vec<f64> = others.iter().flat_map(|delays| (0..).zip(delays).map(factor)).collect();
    lab.check(
        drawn.iter().any(|factor| *factor < 0.97) && drawn.iter().any(|factor| *factor > 1.03),
        &format!("Of 20 delays, the shortest is {:.2} times base x 2^k, and the longest {:.2} times.", least(&drawn), most(&drawn)),
        "jitter-both-ways",
        "Draw a factor between 0.75 and 1.25 in `next_delay`: 0.75 plus half of what `self.jitter.f64()` returns.",
    );
    lab.check(
        delays == again && delays != others[0],
        &format!(
            "Seed 1 gave {}, then {}; seed 2 gave {}.",
            seconds(&delays),
            seconds(&again),
            seconds(&others[0])
        ),
        "draw-from-the-seed",
        "Draw from `self.jitter` only, once for each delay. Equal seeds must give equal delays, and other seeds other delays.",
    );
}

fn least(factors: &[f64]) -> f64 {
    factors.iter().copied().fold(f64::INFINITY, f64::min)
}

fn most(factors: &[f64]) -> f64 {
    factors.iter().copied().fold(0.0, f64::max)
}

#[test]
fn the_delays_are_waited() {
    let lab = subject!("04");
    let start = Instant::now();
    let told = delays_of(&lab, &["--backoff", "0.03", "--tries", "3"]);
    let (took, delay) = (start.elapsed(), Duration::from_secs_f64(told.iter().sum()));
    lab.check(
        told.len() == 2 && took >= delay,
        &format!(
            "The delays are {}, and the client ended after {}.",
            seconds(&told),
            show_time(took)
        ),
        "wait-between-tries",
        WAIT_BETWEEN_TRIES,
    );
    // Starting a program takes time, too. But a client that does not wait soon ends. This run has a
    // ladder of its own, because the other one holds the words that are expected here.
    let lab = subject!("04");
    let closed = ClosedPort::new();
    let args = ["send", "--connect", closed.address(), "--backoff", "30", "--tries", "3", "PING"];
    let mut client = lab.run(args);
    client
        .says(
            "report-before-you-sleep",
            "Call `on_failure` in `send` before you sleep for the delay. The user reads then how long the client waits.",
        )
        .expect_log("next try in ");
    client.wait_until_idle();
    lab.check(
        !client.has_ended() && delays(&client.stderr()).len() == 1,
        "With --backoff 30, the client did not wait between its first try and its second.",
        "wait-between-tries",
        WAIT_BETWEEN_TRIES,
    );
}

#[test]
fn after_the_last_try_it_ends_immediately() {
    let lab = subject!("04");
    let closed = ClosedPort::new();
    lab.run(["send", "--connect", closed.address(), "--backoff", "30", "--tries", "1", "PING"])
        .says(
            "no-delay-after-the-last-try",
            "Return the error of the last try from `send` without a delay. No try follows, so there is nothing to wait for.",
        )
        .expect_error(&["after 1 try: refused"]);
}

#[test]
fn no_delay_is_longer_than_half_a_minute() {
    let lab = subject!("04");
    let closed = ClosedPort::new();
    // The first numbers of the first two are near 1, and those of the others near 0.
    for seed in ["88", "104", "14", "105"] {
        let args = ["send", "--connect", closed.address(), "--backoff", "1000", "--seed", seed];
        let mut client = lab.run(args.into_iter().chain(["PING"]));
        client.says("report-each-failed-try", EACH_FAILED_TRY).expect_log("next try in ");
        let delay = delays(&client.stderr()).first().copied().unwrap_or_default();
        lab.check(
            (22.5..=30.0).contains(&delay),
            &format!("The delay is {delay} s. With --backoff 1000, 22.5 to 30 s were expected."),
            "cap-the-delay",
            "Apply `.min(MAX_DELAY)` in `next_delay` after the factor. A factor of 1.25 exceeds the limit again.",
        );
    }
}

#[test]
fn any_number_of_tries_can_be_asked_for() {
    let lab = subject!("04");
    let closed = ClosedPort::new();
    lab.run(["send", "--connect", closed.address(), "--backoff", "0", "--tries", "70", "PING"])
        .says(
            "saturate-the-delay",
            "Use `saturating_pow` and `saturating_mul` in `next_delay`. 2^32 does not fit a u32.",
        )
        .expect_error(&["after 70 tries: refused"]);
}

#[test]
fn what_does_not_heal_is_not_tried_again() {
    let lab = subject!("04");
    for (address, word) in [
        (Some(impossible_name()), "no such host"),
        (NOWHERE.map(str::to_owned), "unreachable"),
        (Some("localhost".to_owned()), ""),
    ] {
        let Some(address) = address else { continue };
        let mut client = lab.run(["send", "--connect", &address, "--backoff", "0", "PING"]);
        // Its last words may come after its end.
        poll_until(Deadline::usual(), || client.stderr().contains("error: "));
        let (id, think) = match client.stderr().contains("try 2 of 4") {
            true => ("retry-only-what-may-pass", ONLY_THREE),
            false => ("one-word-for-each-failure", CONNECT_OF_CLASSIFY),
        };
        let exit = client.says(id, think).expect_error(&[&format!("after 1 try: {word}")]);
        lab.check(
            delays(&exit.stderr).is_empty(),
            &format!("No second try follows, and stderr holds `{}`.", exit.stderr.lines().next().unwrap_or_default()),
            "no-delay-without-a-next-try",
            "Ask `is_retryable` in `send` before you take a delay, and call `on_failure` with `None` if no try follows.",
        );
    }
}

const ONLY_THREE: &str = "Return true in `is_retryable` only for `Refused`, `TimedOut` and `Reset`. Any other failure would be the same at the next try.";

const CONNECT_OF_CLASSIFY: &str = "Call `connect` of step classify in `send`, and return its error. `resolve` and `classify` choose its variant.";

/// The delays that `send` announces when each try is refused.
fn delays_of(lab: &Subject, options: &[&str]) -> Vec<f64> {
    let closed = ClosedPort::new();
    announced_delays(send_to(lab, &closed, options))
}

/// A client that the `closed` port refuses.
fn send_to(lab: &Subject, closed: &ClosedPort, options: &[&str]) -> Process {
    let args = ["send", "--connect", closed.address(), "PING"];
    lab.run(args.into_iter().chain(options.iter().copied()))
}

fn announced_delays(mut client: Process) -> Vec<f64> {
    let exit = client
        .says("return-the-last-error", "Return the error of the last try from `send`.")
        .expect_error(&["refused"]);
    delays(&exit.stderr)
}
