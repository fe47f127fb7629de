//! What the client does when no socket has the server's port.

use super::LONG;
use std::time::Duration;
use testkit::{
    ClosedUdpPort, Deadline, Subject, poll_until, show_time, subject, test_time, test_time_arg,
};

const A_REFUSAL_IS_NOT_FATAL: (&str, &str) = (
    "a-refusal-is-not-fatal",
    "In `receive` and `ask`, note `ConnectionRefused` and go on. It reports a datagram that you sent before.",
);

const SEND_AGAIN_AFTER_A_REFUSAL: (&str, &str) = (
    "send-again-after-a-refusal",
    "In `ask`, begin the next try when `receive` returns `None`, whether a refusal came or not. The server may have started.",
);

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
        .says(A_REFUSAL_IS_NOT_FATAL.0, A_REFUSAL_IS_NOT_FATAL.1)
        .expect_error(&[&format!("no answer from {address} after 2 tries")]);
    client
        .says(
            "connect-to-learn-of-refusals",
            "In `new`, connect the socket. Only then does the kernel report refusals (ICMP). In `receive`, set `refused`, and in `ask`, return it.",
        )
        .expect_error(&["(connection refused"]);
    let waited = time.reaches(expected)?;
    check_waited(lab, waited, time.at_most, "two waits take", expected);
    Some(())
}

fn check_waited(lab: &Subject, waited: bool, took: Duration, waits: &str, expected: Duration) {
    lab.check(
        waited,
        &format!(
            "Without a server, the client gave up after {}; {waits} {}.",
            show_time(took),
            show_time(expected)
        ),
        "a-refusal-ends-no-wait",
        "In `receive`, wait on until the deadline after a refusal. It comes immediately, so all tries would be used up in no time.",
    );
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
    let start = client.wait_until_started();
    client.wait_until_idle();
    let host = lab.udp_server_at(closed, "silent host");
    let ready = start.elapsed();
    // The usual deadline does not grow with `first`.
    let limit = Duration::from_secs(2) + test_time(first * 8.0);
    poll_until(Deadline::after(limit), || host.has_received() || client.has_ended());
    poll_until(Deadline::after(limit), || client.has_ended());
    if !host.has_received() {
        let (took, expected) = (start.elapsed(), test_time(first * 7.0));
        client.says(A_REFUSAL_IS_NOT_FATAL.0, A_REFUSAL_IS_NOT_FATAL.1);
        client.expect_error(&["no answer from"]);
        check_waited(lab, took >= expected, took, "three waits take", expected);
        // Its last try came at the end of the second wait or later.
        lab.check(
            ready >= test_time(first * 3.0),
            "The client waited for all its tries, and sent nothing after the refusal.",
            SEND_AGAIN_AFTER_A_REFUSAL.0,
            SEND_AGAIN_AFTER_A_REFUSAL.1,
        );
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
    client.check(
        !client.has_ended(),
        "The client gave up although it had tries left.",
        "a-refusal-is-no-answer",
        "In `receive`, note `ConnectionRefused` in `refused`, and wait until the deadline. The server may be starting.",
    );
    let mut host = lab.udp_server_at(closed, "late host");
    let (id, think) = SEND_AGAIN_AFTER_A_REFUSAL;
    host.says(id, think).expect(b"hello").send(b"hello");
    client.says(id, think).expect_line("Received: hello").expect_exit(0);
}

#[test]
fn a_refusal_that_send_returns_costs_no_try() {
    // The first `send` reports an earlier datagram, and sends nothing. So does the first `recv`.
    let fault = "sendto,sendmsg,recvfrom,recvmsg:error=ECONNREFUSED:when=1";
    let Some(lab) = subject!("03").with_fault(fault) else { return };
    let mut host = lab.udp_server("host");
    let address = host.address();
    let mut client =
        lab.run(["send", "--connect", &address, "--timeout", &test_time_arg(LONG), "hello"]);
    host.says(
        "call-send-again-after-a-refusal",
        "In `ask`, call `send` once more if it returns `ConnectionRefused`. That error reports an earlier datagram, and `send` has sent nothing.",
    )
    .expect(b"hello");
    let (id, think) = (
        "receive-again-after-a-refusal",
        "In `receive`, call `recv` again after `ConnectionRefused`, until the deadline. The answer may come at any moment, so do not sleep.",
    );
    host.says(id, think).expect_silence();
    host.send(b"hello");
    client.says(id, think).expect_line("Received: hello").expect_exit(0);
}
