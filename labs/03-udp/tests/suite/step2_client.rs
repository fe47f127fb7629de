//! Step client: send a request, wait for the answer, and send the request again.

mod errors;
mod refusals;
mod waits;

use super::{
    FLOODED, GO_ON_AFTER_A_SIGNAL, NO_TIME_LEFT_IS_THE_END, ends_in_a_flood, expect_no_answer,
};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::Instant;
use testkit::{
    Deadline, Process, Subject, UdpPeer, loopback_carries, poll_until, show, subject, test_time,
    test_time_arg,
};

/// Most bytes that a datagram over IPv4 carries.
const LARGEST: usize = 65_507;

/// A first wait that no test waits for.
const LONG: f64 = 30.0;

/// One that tests wait for.
const SHORT: f64 = 0.02;

const SEND_AGAIN: (&str, &str) = (
    "send-again-after-a-timeout",
    "In `receive`, return `None` after the deadline, and in `ask`, send again. An expired timeout is WouldBlock on Unix, TimedOut on Windows.",
);

/// For a client that still waits after its timeout.
const LIMIT_EACH_RECV: (&str, &str) = (
    "limit-each-recv",
    "In `receive`, set the remaining time by `set_read_timeout` before each `recv`. Return `None` when no time is left. Without a timeout, `recv` waits for ever.",
);

const ACCEPT_ONLY_THE_SERVER: (&str, &str) = (
    "accept-only-the-server",
    "In `new`, connect the socket to `server`. Then the kernel drops datagrams from every other address and port.",
);

#[test]
fn it_prints_what_came_back() {
    let lab = subject!("03");
    let mut host = lab.udp_server("host");
    let mut client =
        lab.run(["send", "--connect", &host.address(), "--timeout", &test_time_arg(LONG), "hello"]);
    // The answer need not be the text, for example with --prefix.
    let request = host.says("new-sends-nothing", "In `new`, send nothing. `connect` only stores the server's address, so there is no handshake to wait for.")
        .receive();
    host.check_datagram(
        !request.is_empty(),
        "The client sent an empty datagram before the text.",
        "wanted \"hello\"",
    );
    host.says("send-the-text-only", "In `ask`, send the bytes of `request` unchanged. A datagram needs no newline and no length.")
        .check_datagram(
            request == b"hello",
            &format!("The client sent {} where \"hello\" was expected.", show(&request)),
            "wanted \"hello\"",
        );
    host.says(
        "send-once-for-each-try",
        "In `ask`, send the request once for each try, and then wait. Only after a refusal is it sent once more.",
    )
    .expect_silence();
    host.send(b"HELLO!");
    client
        .says(
            "wait-in-recv",
            "In `receive`, wait in `recv` with a timeout, and return the datagram immediately. A sleep sees an answer only after it is over.",
        )
        .expect_line("Received: HELLO!")
        .expect_exit(0);
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
        "In `ask`, return the first datagram that `understand` accepts. The next text is sent after that.",
    )
    .expect(b"one");
    host.expect_silence();
    let first = host.last_sender();
    host.send(b"1").expect(b"");
    check_one_port(&host, first, "one text", "the next");
    host.expect_silence();
    host.says(
        "an-empty-answer-is-an-answer",
        "In `receive`, return a datagram of 0 bytes like any other. In `ask`, an empty answer is an answer. UDP has no end of a stream.",
    )
    .send(b"")
    .expect(b"three");
    client.expect_line("Received: 1").expect_line("Received: ");
    let answer = vec![b'x'; if loopback_carries(LARGEST) { LARGEST } else { 1024 }];
    host.send(&answer);
    client
        .says(
            "room-for-a-large-answer",
            "In `receive`, use a buffer of `echo::BUFFER_LEN` bytes. The kernel drops the rest of a longer datagram, without an error.",
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
    host.says(SEND_AGAIN.0, SEND_AGAIN.1).expect(b"hello");
    host.says_if_silent(LIMIT_EACH_RECV.0, LIMIT_EACH_RECV.1);
    let first = host.last_sender();
    poll_until(Deadline::usual(), || host.has_received() || client.has_ended());
    if !host.has_received() && client.has_ended() {
        explain_early_end(&mut client);
    }
    host.expect(b"hello");
    check_one_port(&host, first, "the first try", "the second");
    host.send(b"hello");
    client.expect_line("Received: hello").expect_exit(0);
}

/// Fails, because `client` has ended and not sent its text again.
fn explain_early_end(client: &mut Process) {
    let exit = client.expect_end();
    let (id, think) = match exit.stderr.contains("0 duration") {
        true => NO_TIME_LEFT_IS_THE_END,
        false => SEND_AGAIN,
    };
    client.check(false, "The client has ended, and has not sent the text again.", id, think);
}

/// Checks that the last datagram came from `first`, the sender of the one before.
fn check_one_port(host: &UdpPeer, first: SocketAddr, this: &str, that: &str) {
    let next = host.last_sender();
    host.check(
        next == first,
        &format!("The client sent {this} from {first}, and {that} from {next}."),
        "one-port-for-all-requests",
        "In `new`, bind one socket, and use it for every request and every try. The server knows a client by its address and port.",
    );
}

#[test]
fn an_answer_from_another_address_is_ignored() {
    let lab = subject!("03");
    let mut host = lab.udp_server("host");
    let mut client =
        lab.run(["send", "--connect", &host.address(), "--timeout", &test_time_arg(LONG), "hello"]);
    host.expect(b"hello");
    lab.unrelated_sender("stranger", host.peer()).send(b"trust me");
    let (id, think) = ACCEPT_ONLY_THE_SERVER;
    host.says(id, think).send(b"hello");
    client.says(id, think).expect_line("Received: hello").expect_exit(0);
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
    let ended = ends_in_a_flood(&mut client, start, seconds, |_| {
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
    expect_no_answer(&mut client, ACCEPT_ONLY_THE_SERVER);
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
    // A client that takes the signal for the end of its wait sends the text again.
    host.says(GO_ON_AFTER_A_SIGNAL.0, GO_ON_AFTER_A_SIGNAL.1).expect_silence();
    host.send(b"hello");
    client
        .says(GO_ON_AFTER_A_SIGNAL.0, GO_ON_AFTER_A_SIGNAL.1)
        .expect_line("Received: hello")
        .expect_exit(0);
}

#[test]
fn signals_make_no_wait_longer() {
    let lab = subject!("03");
    if cfg!(not(unix)) {
        return lab.skip("this system has no signals");
    }
    lab.undisturbed(|factor| gives_up_among_signals(&lab, FLOODED * factor));
}

/// `None` if there were too few signals.
fn gives_up_among_signals(lab: &Subject, seconds: f64) -> Option<()> {
    let mut host = lab.udp_server("silent host");
    let (address, timeout) = (host.address(), test_time_arg(seconds));
    let (id, think) = (
        "set-the-remaining-time-again",
        "In `receive`, set the remaining time before each `recv`, also after `Interrupted`. Each `recv` waits for the whole timeout that is set.",
    );
    let args = ["send", "--connect", &address, "--timeout", &timeout, "--tries", "1", "hello"];
    let mut client = lab.run(args);
    let start = client.wait_until_started();
    host.expect(b"hello");
    client.wait_until_idle();
    let mut last = Instant::now();
    let ended = ends_in_a_flood(&mut client, start, seconds, |client| {
        if last.elapsed() > test_time(seconds) / 8 {
            last = Instant::now();
            client.pause();
            client.resume();
        }
    })?;
    client.check(
        ended,
        &format!(
            "Ctrl-Z and `fg` come again and again, and the client waits on; its --timeout is \
             {timeout} s."
        ),
        id,
        think,
    );
    expect_no_answer(&mut client, ACCEPT_ONLY_THE_SERVER);
    Some(())
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
        .says(NO_TIME_LEFT_IS_THE_END.0, NO_TIME_LEFT_IS_THE_END.1)
        .expect_error(&["no answer from", "after 1 try"]);
    Some(())
}

#[test]
fn a_server_on_ipv6_is_asked() {
    let lab = subject!("03");
    let Ok(host) = UdpSocket::bind("[::1]:0") else {
        return lab.skip("this machine has no ::1");
    };
    let address = host.local_addr().expect("bound").to_string();
    let mut client =
        lab.run(["send", "--connect", &address, "--timeout", &test_time_arg(LONG), "hello"]);
    host.set_nonblocking(true).expect("every socket can be made non-blocking");
    poll_until(Deadline::usual(), || answer(&host) || client.has_ended());
    client
        .says(
            "bind-the-servers-family",
            "In `new`, bind to `::` if the server's address is IPv6. A socket has one address family.",
        )
        .expect_line("Received: hello")
        .expect_exit(0);
}

/// Sends the datagram back that has come to `host`; false if none has.
fn answer(host: &UdpSocket) -> bool {
    let mut buffer = [0; 16];
    let received = host.recv_from(&mut buffer);
    received.is_ok_and(|(len, from)| host.send_to(&buffer[..len], from).is_ok())
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
