//! Answers, which of them are final, and the time for one.

use super::super::{NO_BLACK_HOLE, frame};
use super::ONLY_THREE;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};
use testkit::{BlackHole, Deadline, Subject, poll_until, show, subject, test_time, test_time_arg};

#[test]
fn the_answer_is_printed() {
    let lab = subject!("04");
    let mut server = lab.scripted_server("server");
    let mut client = lab.run(["send", "--connect", &server.address(), "ECHO hello"]);
    let mut peer = server.accept();
    peer.expect(&frame("ECHO hello")).send_byte_by_byte(&frame("OK hello"));
    let exit = client
        .says(
            "read-the-whole-answer",
            "Read the answer with `read_frame` in `ask`. One frame may need many reads.",
        )
        .expect_line("OK hello")
        .expect_exit(0);
    peer.says(
        "close-after-the-answer",
        "Send the request once, and drop the stream when `ask` has returned.",
    )
    .expect_end();
    lab.check(
        exit.stderr.is_empty(),
        &format!("The first try succeeded, and stderr holds {}.", show(exit.stderr.as_bytes())),
        "report-failed-tries-only",
        "Call `on_failure` in `send` only after a failed try. A success prints nothing on stderr.",
    );
}

#[test]
fn a_server_that_has_decided_is_not_asked_again() {
    let lab = subject!("04");
    let (pong, long) = (frame("OK PONG"), 65_537_u32.to_be_bytes());
    end_with(&lab, "no answer", &pong[..0], "after 1 try: closed", CLOSED);
    end_with(&lab, "half an answer", &pong[..5], "after 1 try: closed", CLOSED);
    let bad = frame(b"OK \xff");
    end_with(&lab, "bytes", &bad, "after 1 try: the answer is not UTF-8", NOT_AN_ANSWER);
    end_with(&lab, "a long frame", &long, "after 1 try: a frame of 65537 bytes", TOO_LONG);
    end_with(&lab, "ERROR NO", &frame("ERROR NO"), "answered ERROR NO", ERROR_IS_AN_ANSWER);
}

/// Sends `answer` to the first try and closes. Expects that there is no second one, and that the
/// client's error contains `words`.
fn end_with(lab: &Subject, what: &str, answer: &[u8], words: &str, (id, think): (&str, &str)) {
    let mut server = lab.scripted_server("server");
    let mut client = lab.run(["send", "--connect", &server.address(), "--backoff", "0", "PING"]);
    let mut peer = server.accept();
    peer.expect(&frame("PING")).send(answer).half_close();
    poll_until(Deadline::usual(), || client.has_ended() || !server.has_no_client_waiting());
    // A right word was retried, or a wrong one was printed. `ERROR` has none.
    let word = words.rsplit("1 try: ").next().unwrap_or(words);
    poll_until(Deadline::usual(), || client.stderr().contains('\n'));
    let again = if client.stderr().contains(&format!("try 1 of 4: {word}")) {
        ("retry-only-what-may-pass", ONLY_THREE)
    } else {
        (id, think)
    };
    lab.check(
        server.has_no_client_waiting(),
        &format!("The server sent {what} and FIN, and the client connected again."),
        again.0,
        again.1,
    );
    client.says(id, think).expect_error(&[words]);
}

const CLOSED: (&str, &str) = (
    "closed-inside-an-answer",
    "Return `ClosedEarly` from `ask` when `read_frame` returns `None`. Inside a frame, `read_frame` returns `Truncated`, and `?` converts it.",
);

const NOT_AN_ANSWER: (&str, &str) = (
    "what-is-wrong-with-an-answer",
    "Return `BadEncoding` from `ask` for an answer that is not UTF-8. `String::from_utf8` finds that out.",
);

const TOO_LONG: (&str, &str) = (
    "a-long-answer-is-too-long",
    "Return the error of `read_frame` from `ask` by `?`. It converts each kind: `TooLong` stays `TooLong`, and only `Truncated` is `ClosedEarly`.",
);

const ERROR_IS_AN_ANSWER: (&str, &str) = (
    "an-error-is-an-answer",
    "Return an `ERROR` from `send` as an answer. `is_retryable` is about connections, and the server would answer the same again.",
);

#[test]
fn the_answer_has_a_whole_timeout_too() {
    // In each order of the resolver's, one address comes before that of the server, and never answers.
    let names = ["127.0.0.1", "127.0.0.2", "127.0.0.3"].map(|address| ("three.test", address));
    let Some(lab) = subject!("04").with_names(&names) else { return };
    let Some(hole) = BlackHole::new() else { return lab.skip(NO_BLACK_HOLE) };
    let last = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 3), hole.port()));
    let Some(_last) = BlackHole::at(last) else { return lab.skip(NO_BLACK_HOLE) };
    let _ = lab.undisturbed(|factor| answer_late(&lab, &hole, (0.16 * factor).min(LONGEST)));
}

/// An expectation waits for two seconds.
const LONGEST: f64 = 1.8;

/// Lets the client wait at the first address of a name, and then for the answer of the second.
/// `None` if the time for the answer was over before the client had ended.
fn answer_late(lab: &Subject, hole: &BlackHole, timeout: f64) -> Option<()> {
    let address = SocketAddr::from((Ipv4Addr::new(127, 0, 0, 2), hole.port()));
    let mut server = lab.scripted_server_on(address, "server")?;
    let (name, arg) = (format!("three.test:{}", hole.port()), test_time_arg(timeout));
    let args = ["send", "--connect", &name, "--timeout", &arg, "--tries", "1", "PING"];
    let mut client = lab.run(args);
    let (start, timeout) = (client.wait_until_started(), test_time(timeout));
    let mut peer = server.accept();
    lab.check(
        start.elapsed() >= timeout.mul_f64(0.9),
        "The first address did not answer, and the client gave it less than --timeout.",
        TWO_TIMES.0,
        TWO_TIMES.1,
    );
    peer.says(TWO_TIMES.0, TWO_TIMES.1).expect(&frame("PING"));
    let (asked, is_over) = (Instant::now(), || start.elapsed() > 2 * timeout);
    let pause = timeout.mul_f64(0.6);
    poll_until(Deadline::after(A_MINUTE), || peer.has_received() || asked.elapsed() > pause);
    if is_over() {
        return None;
    }
    lab.check(
        !peer.has_received(),
        "The client gave up before the time for the answer was over.",
        TWO_TIMES.0,
        TWO_TIMES.1,
    );
    peer.send(&frame("OK PONG"));
    poll_until(Deadline::after(A_MINUTE), || client.has_ended() || is_over());
    if is_over() {
        return None;
    }
    client.says(TWO_TIMES.0, TWO_TIMES.1).expect_line("OK PONG").expect_exit(0);
    Some(())
}

/// Longer than any test.
const A_MINUTE: Duration = Duration::from_secs(60);

const TWO_TIMES: (&str, &str) = (
    "a-whole-timeout-for-each-wait",
    "Give `connect` the whole `policy.timeout` in `send`, and `ask` as much again. Connecting takes none of the time for the answer.",
);
