//! How long the client waits, and how often it sends.

use std::time::Duration;
use testkit::{Deadline, Process, RunTime, Subject, UdpPeer, poll_until, show_time, subject};

/// The default of `--timeout` in the brief, and some time more.
const LONGER_THAN_THE_DEFAULT: Duration = Duration::from_millis(700);

#[test]
fn each_wait_is_twice_as_long_and_then_it_gives_up() {
    let lab = subject!("03");
    // The same in the fast pass, because the kernel makes each wait some milliseconds longer.
    lab.undisturbed(|factor| gives_up_after_four_waits(&lab, factor));
}

/// Waits that grow in another way, or lack the last one, take half of the time at most, or twice
/// the time at least. `None` if the client may have been slow instead of waiting.
fn gives_up_after_four_waits(lab: &Subject, factor: f64) -> Option<()> {
    let mut host = lab.udp_server("silent host");
    let first = 0.008 * factor;
    let (address, wait) = (host.address(), first.to_string());
    // 1 + 2 + 4 + 8 times the first wait.
    let expected = Duration::from_secs_f64(first * 15.0);
    let mut client =
        lab.run(["send", "--connect", &address, "--timeout", &wait, "--tries", "4", "hello"]);
    let time = client.run_time(client.wait_until_started(), expected * 2);
    let (asked, (id, think)) = advice_on_the_end(&client, &mut host);
    let exit =
        client.says(id, think).expect_error(&[&format!("no answer from {address} after 4 tries")]);
    client.check(
        !exit.stderr.contains("refused"),
        "The client reported a refusal, and the server was only silent.",
        "silence-is-no-refusal",
        "In `ask`, begin with `refused` as false. Only `ConnectionRefused` from `recv` or `send` sets it, and silence says nothing.",
    );
    let asked = asked + std::iter::from_fn(|| host.look()).count();
    host.check(
        asked == 4,
        &format!("With --tries 4 the client sent the text {}.", times(asked)),
        "tries-count-the-first",
        "In `ask`, send `policy.tries` times in all. The first time counts.",
    );
    adds_up(&host, &time, expected, factor)
}

/// Whether its waits take the `expected` time in sum. `None`: see above.
fn adds_up(host: &UdpPeer, time: &RunTime, expected: Duration, factor: f64) -> Option<()> {
    const WAIT_LONGER_EACH_TIME: &str = "In `ask`, wait `policy.timeout` after the first try, and twice as long after each further try, also after the last.";
    let doubled =
        format!("four waits, each twice as long as the one before, take {}.", show_time(expected));
    // At the end of a wait, the client may have been ready to run and had no CPU. That is left out.
    // But the kernel may end each wait some milliseconds late, and short waits show that most.
    if time.at_least >= expected * 3 / 2 && factor < 2.0 {
        return None;
    }
    let at_least = show_time(time.at_least);
    host.check(
        time.at_least < expected * 3 / 2,
        &format!("The client waited for {at_least} or longer; {doubled}"),
        "double-each-wait",
        WAIT_LONGER_EACH_TIME,
    );
    // Waits that are too long may have ended while we had no CPU to see them.
    if time.at_most >= expected * 2 {
        return None;
    }
    host.check(
        time.reaches(expected)?,
        &format!("The client gave up after {}; {doubled}", show_time(time.at_most)),
        "double-each-wait",
        WAIT_LONGER_EACH_TIME,
    );
    Some(())
}

fn times(count: usize) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// What to check if `client` does not end as expected, and how many of its tries were counted for
/// that. A client that still waits may wait for another time than it was told to.
fn advice_on_the_end(
    client: &Process,
    host: &mut UdpPeer,
) -> (usize, (&'static str, &'static str)) {
    let mut asked = 0;
    poll_until(Deadline::after(LONGER_THAN_THE_DEFAULT), || {
        asked += usize::from(host.look().is_some());
        client.has_ended()
    });
    let advice = match client.has_ended() || asked < 2 {
        true => (
            "give-up-with-no-answer",
            "In `ask`, begin the next try after an expired timeout, and return `NoAnswer` after the last. A timeout is not an I/O error.",
        ),
        false => (
            "begin-with-the-given-timeout",
            "In `ask`, wait `policy.timeout` after the first try, and twice as long after each further try. Its value comes from `--timeout`.",
        ),
    };
    (asked, advice)
}
