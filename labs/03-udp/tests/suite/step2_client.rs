//! Step client: send a request, wait for the answer, and send the request again.

use super::{FLOODED, ends_in_a_flood};
use std::net::UdpSocket;
use std::thread;
use std::time::Duration;
use testkit::{
    ClosedUdpPort, Deadline, Subject, loopback_carries, poll_until, show_time, subject, test_time,
    test_time_arg,
};

/// Most bytes that a datagram over IPv4 carries.
const LARGEST: usize = 65_507;

/// A first wait that no test waits for.
const LONG: f64 = 30.0;

/// One that tests wait for.
const SHORT: f64 = 0.02;

#[test]
fn it_prints_what_came_back() {
    let lab = subject!("03");
    let mut host = lab.udp_server("host");
    let mut client =
        lab.run(["send", "--connect", &host.address(), "--timeout", &test_time_arg(LONG), "hello"]);
    // The answer need not be the text, for example with --prefix.
    host.says("send-the-text-only", "In `ask`, send the bytes of `request` unchanged. A datagram needs no newline and no length.")
        .expect(b"hello");
    host.says(
        "send-once-for-each-try",
        "In `ask`, send the request once for each try, and then wait. Only after a refusal is it sent once more.",
    )
    .expect_silence();
    host.send(b"HELLO!");
    client.expect_line("Received: HELLO!").expect_exit(0);
}

#[test]
fn each_text_is_a_datagram_and_waits_for_the_one_before() {
    let lab = subject!("03");
    let mut host = lab.udp_server("host");
    let address = host.address();
    let mut client = lab.run([
        "send",
        "--connect",
        &address,
        "--timeout",
        &test_time_arg(LONG),
        "one",
        "",
        "three",
    ]);
    host.says(
        "one-text-one-datagram",
        "In `ask`, return the first datagram that `understand` accepts, also an empty one. The next text is sent after that.",
    )
    .expect(b"one");
    host.expect_silence();
    host.send(b"1").expect(b"");
    host.expect_silence();
    // An empty answer is an answer.
    host.send(b"").expect(b"three").send(b"3");
    client.expect_line("Received: 1").expect_line("Received: ").expect_line("Received: 3");
    client.expect_exit(0);
}

#[test]
fn a_large_answer_is_not_cut() {
    let lab = subject!("03");
    if !loopback_carries(LARGEST) {
        return lab.skip("this system sends no datagrams of 65,507 bytes");
    }
    let mut host = lab.udp_server("host");
    let mut client =
        lab.run(["send", "--connect", &host.address(), "--timeout", &test_time_arg(LONG), "hello"]);
    let answer = vec![b'x'; LARGEST];
    host.expect(b"hello").send(&answer);
    client
        .says(
            "room-for-a-large-answer",
            "In `receive`, use a buffer of BUFFER_LEN bytes. The kernel drops the rest of a longer datagram, without an error.",
        )
        .expect_output(b"Received: ")
        .expect_output(&answer)
        .expect_line("")
        .expect_exit(0);
}

#[test]
fn it_asks_again_when_nothing_comes() {
    let lab = subject!("03");
    let mut host = lab.udp_server("host");
    let (address, timeout) = (host.address(), test_time_arg(SHORT));
    // Enough tries for a busy machine.
    let args = ["send", "--connect", &address, "--timeout", &timeout, "--tries", "9", "hello"];
    let mut client = lab.run(args);
    host.says("send-again-after-a-timeout", "In `receive`, return `None` after the deadline, and in `ask`, send again. An expired timeout is WouldBlock on Unix, TimedOut on Windows.")
        .expect(b"hello")
        .expect(b"hello")
        .send(b"hello");
    client.expect_line("Received: hello").expect_exit(0);
}

#[test]
fn each_wait_is_twice_as_long_and_then_it_gives_up() {
    let lab = subject!("03");
    lab.undisturbed(|factor| gives_up_after_four_waits(&lab, 0.03 * factor));
}

/// `None` if the client may have been slow instead of waiting.
fn gives_up_after_four_waits(lab: &Subject, first: f64) -> Option<()> {
    let mut host = lab.udp_server("silent host");
    let (address, wait) = (host.address(), test_time_arg(first));
    // 1 + 2 + 4 + 8 times the first wait.
    let expected = test_time(first * 15.0);
    let mut client =
        lab.run(["send", "--connect", &address, "--timeout", &wait, "--tries", "4", "hello"]);
    let time = client.run_time(client.wait_until_started(), expected * 2);
    client
        .says("give-up-with-no-answer", "In `ask`, begin the next try after an expired timeout, and return `NoAnswer` after the last. A timeout is not an I/O error.")
        .expect_error(&[&format!("no answer from {address} after 4 tries")]);
    let asked = std::iter::from_fn(|| host.look()).count();
    host.check(
        asked == 4,
        &format!("With --tries 4 the client sent the text {asked} times."),
        "tries-count-the-first",
        "In `ask`, send `policy.tries` times in all. The first time counts.",
    );
    let waited = time.reaches(expected)?;
    host.check(
        waited,
        &format!(
            "The client gave up after {}; four waits, each twice as long as the one before, \
             take {}.",
            show_time(time.at_most),
            show_time(expected)
        ),
        "double-each-wait",
        "In `ask`, wait `policy.timeout` after the first try, and twice as long after each further try, also after the last.",
    );
    Some(())
}

#[test]
fn an_answer_from_another_address_is_ignored() {
    let lab = subject!("03");
    let mut host = lab.udp_server("host");
    let mut client =
        lab.run(["send", "--connect", &host.address(), "--timeout", &test_time_arg(LONG), "hello"]);
    host.expect(b"hello");
    lab.unrelated_sender("stranger", host.peer()).send(b"trust me");
    host.says("accept-only-the-server", "In `new`, connect the socket, or compare address and port of each sender. Any program can send a datagram to your port.");
    host.send(b"hello");
    client
        .says("accept-only-the-server", "In `new`, connect the socket, or compare address and port of each sender. Any program can send a datagram to your port.")
        .expect_line("Received: hello")
        .expect_exit(0);
}

#[test]
fn strangers_make_no_wait_longer() {
    let lab = subject!("03");
    lab.undisturbed(|factor| gives_up_among_strangers(&lab, FLOODED * factor));
}

/// `None` if the stranger itself paused.
fn gives_up_among_strangers(lab: &Subject, seconds: f64) -> Option<()> {
    let mut host = lab.udp_server("silent host");
    let (address, timeout) = (host.address(), test_time_arg(seconds));
    let think = "In `ask`, compute one deadline for each try. Before each `recv`, set only the remaining time.";
    let args = ["send", "--connect", &address, "--timeout", &timeout, "--tries", "1", "hello"];
    let mut client = lab.run(args);
    let start = client.wait_until_started();
    host.expect(b"hello");
    let mut stranger = lab.unrelated_sender("stranger", host.peer());
    let ended = ends_in_a_flood(&client, start, seconds, || {
        stranger.send(b"me again");
    })?;
    host.check(
        ended,
        &format!(
            "A stranger goes on sending, and the client waits on; its --timeout is {timeout} s."
        ),
        "one-deadline-for-a-wait",
        think,
    );
    client.says("one-deadline-for-a-wait", think).expect_error(&["after 1 try"]);
    Some(())
}

#[test]
fn a_wait_that_a_signal_interrupts_goes_on() {
    let lab = subject!("03");
    let mut host = lab.udp_server("host");
    let mut client =
        lab.run(["send", "--connect", &host.address(), "--timeout", &test_time_arg(LONG), "hello"]);
    host.expect(b"hello");
    client.wait_until_idle();
    if !client.pause() {
        return lab.skip("this system has no signals");
    }
    client.resume();
    client.wait_until_idle();
    host.send(b"hello");
    client
        .says(
            "go-on-after-a-signal",
            "In `receive`, go on after `Interrupted`. Ctrl-Z and `fg` interrupt a `recv` that has a timeout.",
        )
        .expect_line("Received: hello")
        .expect_exit(0);
}

#[test]
fn a_client_that_is_stopped_beyond_its_deadline_gives_up() {
    let lab = subject!("03");
    lab.undisturbed(|factor| is_stopped_beyond_its_deadline(&lab, FLOODED * factor));
}

/// `None` if it was stopped too late.
fn is_stopped_beyond_its_deadline(lab: &Subject, seconds: f64) -> Option<()> {
    let mut host = lab.udp_server("silent host");
    let (address, timeout) = (host.address(), test_time_arg(seconds));
    let args = ["send", "--connect", &address, "--timeout", &timeout, "--tries", "1", "hello"];
    let mut client = lab.run(args);
    let start = client.wait_until_started();
    host.expect(b"hello");
    client.wait_until_idle();
    if !client.pause() {
        lab.skip("this system has no signals");
        return Some(());
    }
    if start.elapsed() >= test_time(seconds) {
        return None;
    }
    // Stopped for longer than it wants to wait.
    thread::park_timeout(test_time(seconds));
    client.resume();
    client
        .says(
            "no-time-left-is-the-end",
            "In `receive`, go on after `Interrupted`, and return `None` if no time is left. `set_read_timeout` refuses a timeout of zero.",
        )
        .expect_error(&["no answer from", "after 1 try"]);
    Some(())
}

#[test]
fn a_refusal_does_not_end_the_waiting() {
    let lab = subject!("03");
    // Long beside the start of a program, also in the fast pass.
    lab.undisturbed(|factor| waits_in_spite_of_refusals(&lab, 0.03 * factor));
}

/// `None` if the client may have been slow instead of waiting.
fn waits_in_spite_of_refusals(lab: &Subject, first: f64) -> Option<()> {
    let closed = ClosedUdpPort::new();
    let (address, wait) = (closed.address(), first.to_string());
    let expected = Duration::from_secs_f64(first * 3.0);
    let mut client =
        lab.run(["send", "--connect", address, "--timeout", &wait, "--tries", "2", "hello"]);
    let time = client.run_time(client.wait_until_started(), expected * 2);
    client
        .says(
            "a-refusal-is-not-fatal",
            "In `receive` and `ask`, note `ConnectionRefused` and go on. It reports a datagram that you sent before.",
        )
        .expect_error(&[&format!("no answer from {address} after 2 tries")]);
    let waited = time.reaches(expected)?;
    lab.check(
        waited,
        &format!(
            "Without a server, the client gave up after {}; two waits take {}.",
            show_time(time.at_most),
            show_time(expected)
        ),
        "a-refusal-ends-no-wait",
        "In `receive`, wait on until the deadline after a refusal. It comes immediately, so all tries would be used up in no time.",
    );
    Some(())
}

#[test]
fn a_refusal_of_an_earlier_try_is_reported() {
    let lab = subject!("03");
    lab.undisturbed(|factor| reports_the_first_refusal(&lab, 0.05 * factor));
}

/// `None` if the client had no try left when a silent server took the port.
fn reports_the_first_refusal(lab: &Subject, first: f64) -> Option<()> {
    let closed = ClosedUdpPort::new();
    let (address, wait) = (closed.address().to_owned(), test_time_arg(first));
    let args = ["send", "--connect", &address, "--timeout", &wait, "--tries", "3", "hello"];
    let mut client = lab.run(args);
    client.wait_until_started();
    client.wait_until_idle();
    let host = lab.udp_server_at(closed, "silent host");
    poll_until(Deadline::usual(), || host.has_received() || client.has_ended());
    if !host.has_received() {
        return None;
    }
    client
        .says(
            "remember-a-refusal",
            "In `ask`, remember a refusal until the end, and return it in `NoAnswer`. It is all that the user learns about the server.",
        )
        .expect_error(&["after 3 tries (connection refused"]);
    Some(())
}

#[test]
fn a_server_that_starts_late_is_found() {
    let lab = subject!("03");
    let closed = ClosedUdpPort::new();
    let arguments = [
        "send",
        "--connect",
        closed.address(),
        "--timeout",
        &test_time_arg(0.05),
        "--tries",
        "9",
        "hello",
    ];
    let mut client = lab.run(arguments);
    client.wait_until_idle();
    let mut host = lab.udp_server_at(closed, "late host");
    host.says(
        "send-again-after-a-refusal",
        "In `ask`, send again if `send` returns a refusal, because then it has sent nothing. The server may be starting.",
    )
    .expect(b"hello")
    .send(b"hello");
    client.expect_line("Received: hello").expect_exit(0);
}

#[test]
fn a_server_on_ipv6_is_asked() {
    let lab = subject!("03");
    if UdpSocket::bind("[::1]:0").is_err() {
        return lab.skip("this machine has no ::1");
    }
    let server = lab.serve_as("serve", "[::1]:0", []);
    let address = server.address().to_string();
    lab.run(["send", "--connect", &address, "--timeout", &test_time_arg(LONG), "hello"])
        .says(
            "bind-the-servers-family",
            "In `new`, bind to `::` if the server's address is IPv6. A socket has one address family.",
        )
        .expect_line("Received: hello")
        .expect_exit(0);
}

#[test]
fn a_text_that_is_no_datagram_any_more_is_an_error() {
    let lab = subject!("03");
    let host = lab.udp_server("host");
    let text = "x".repeat(LARGEST + 1);
    lab.run(["send", "--connect", &host.address(), "--timeout", &test_time_arg(LONG), &text])
        .says(
            "return-the-send-error",
            "In `ask`, return each error of `send` except a refusal. Waiting cannot help, because nothing was sent.",
        )
        .expect_error(&["cannot talk to", &host.address()]);
}
