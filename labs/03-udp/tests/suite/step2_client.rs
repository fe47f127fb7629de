//! Step client: send a request, wait for the answer, and send the request again.

mod refusals;

use super::{FLOODED, GO_ON_AFTER_A_SIGNAL, ends_in_a_flood, expect_no_answer};
use std::net::{SocketAddr, UdpSocket};
use std::thread;
use std::time::{Duration, Instant};
use testkit::{Subject, UdpPeer, loopback_carries, show_time, subject, test_time, test_time_arg};

/// Most bytes that a datagram over IPv4 carries.
const LARGEST: usize = 65_507;

/// A first wait that no test waits for.
const LONG: f64 = 30.0;

/// One that tests wait for.
const SHORT: f64 = 0.02;

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
    let first = host.last_sender();
    host.send(b"1").expect(b"");
    check_one_port(&host, first, "one text", "the next");
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
        .expect(b"hello");
    let first = host.last_sender();
    host.expect(b"hello");
    check_one_port(&host, first, "the first try", "the second");
    host.send(b"hello");
    client.expect_line("Received: hello").expect_exit(0);
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
fn each_wait_is_twice_as_long_and_then_it_gives_up() {
    let lab = subject!("03");
    // The same in the fast pass, because the kernel makes each wait some milliseconds longer.
    lab.undisturbed(|factor| gives_up_after_five_waits(&lab, factor));
}

/// Waits that grow in another way, or lack the last one, take half of the time at most, or twice
/// the time at least. `None` if the client may have been slow instead of waiting.
fn gives_up_after_five_waits(lab: &Subject, factor: f64) -> Option<()> {
    let mut host = lab.udp_server("silent host");
    let first = 0.008 * factor;
    let (address, wait) = (host.address(), first.to_string());
    // 1 + 2 + 4 + 8 + 16 times the first wait.
    let expected = Duration::from_secs_f64(first * 31.0);
    let mut client =
        lab.run(["send", "--connect", &address, "--timeout", &wait, "--tries", "5", "hello"]);
    let time = client.run_time(client.wait_until_started(), expected * 2);
    client
        .says("give-up-with-no-answer", "In `ask`, begin the next try after an expired timeout, and return `NoAnswer` after the last. A timeout is not an I/O error.")
        .expect_error(&[&format!("no answer from {address} after 5 tries")]);
    let asked = std::iter::from_fn(|| host.look()).count();
    host.check(
        asked == 5,
        &format!("With --tries 5 the client sent the text {asked} times."),
        "tries-count-the-first",
        "In `ask`, send `policy.tries` times in all. The first time counts.",
    );
    let (id, think) = (
        "double-each-wait",
        "In `ask`, wait `policy.timeout` after the first try, and twice as long after each further try, also after the last.",
    );
    // At the end of a wait, the client may have been ready to run and had no CPU. That is left out.
    // But the kernel may end each wait some milliseconds late, and short waits show that most.
    if time.at_least >= expected * 3 / 2 && factor < 2.0 {
        return None;
    }
    host.check(
        time.at_least < expected * 3 / 2,
        &format!(
            "The client waited for {} or longer; five waits, each twice as long as the one before, \
             take {}.",
            show_time(time.at_least),
            show_time(expected)
        ),
        id,
        think,
    );
    // Waits that are too long may have ended while we had no CPU to see them.
    if time.at_most >= expected * 2 {
        return None;
    }
    let waited = time.reaches(expected)?;
    host.check(
        waited,
        &format!(
            "The client gave up after {}; five waits, each twice as long as the one before, \
             take {}.",
            show_time(time.at_most),
            show_time(expected)
        ),
        id,
        think,
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
    client.wait_until_idle();
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
        .says(
            "no-time-left-is-the-end",
            "In `receive`, go on after `Interrupted`, and return `None` if no time is left. `set_read_timeout` refuses a timeout of zero.",
        )
        .expect_error(&["no answer from", "after 1 try"]);
    Some(())
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
