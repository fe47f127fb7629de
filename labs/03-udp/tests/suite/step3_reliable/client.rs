//! The client of step reliable.

use super::super::clients::{expect_request, send, serve};
use super::super::requests::{message, shown};
use super::super::{FLOODED, ends_in_a_flood, expect_no_answer};
use super::{AT_MOST_ONCE, LONG, SHORT};
use testkit::faults::{drop, hold, twice};
use testkit::{Deadline, Process, Subject, UdpPeer, subject, test_time_arg};

const ONLY_THIS_ID: &str = "In `answer_to`, return `None` unless the id is that of this request. Answers to earlier requests may come late or twice.";

#[test]
fn the_client_counts_its_requests_but_not_its_tries() {
    let lab = subject!("03");
    let mut host = lab.udp_server("host").shown_as(shown);
    let mut client = send(&lab, &host.address(), SHORT, &["add 5", "add 5"]);
    let first = expect_request(&mut host, "add 5");
    let again = expect_request(&mut host, "add 5");
    host.check(
        first == again,
        &format!("The client asked with id {first}, and then, for the same request, with {again}."),
        "same-id-for-each-try",
        "In `ask` (client.rs), send the same bytes in each try. With another id, the server would execute the request again.",
    );
    host.send(&message(first, "total 5"));
    let mut second = expect_request(&mut host, "add 5");
    // It may resend the first request a few times before our answer arrives.
    let asking = Deadline::usual();
    while second == first && asking.left().is_some() {
        second = expect_request(&mut host, "add 5");
    }
    host.check(
        second == first.wrapping_add(1),
        &format!("After the request with id {first} came one with id {second}."),
        "next-id-for-the-next-request",
        "Send each request as `compose` makes it. Its id counts up by one, and the most significant byte comes first.",
    );
    host.send(&message(second, "total 10"));
    client.says(
        "return-what-understand-returns",
        "In `ask` (client.rs), return the bytes that `understand` returns, and not the whole datagram. In `answer_to`, return the text without the id.",
    );
    client.expect_line("Received: total 5").expect_line("Received: total 10").expect_exit(0);
    // Requests that it has resent.
    while host.look().is_some() {}
    check_next_run(&lab, &mut host, first);
}

/// Checks that the ids of the next client do not begin with `first`, as those of the last one did.
fn check_next_run(lab: &Subject, host: &mut UdpPeer, first: u32) {
    let _client = send(lab, &host.address(), LONG, &["add 5"]);
    let next = expect_request(host, "add 5");
    host.check(
        next != first,
        &format!("Two runs of the client began with the same id, {first}."),
        "begin-with-a-random-id",
        "Keep the given `first_id`, which is random. The next run may get the same port, and the server would answer from memory.",
    );
}

#[test]
fn an_answer_to_another_request_is_ignored() {
    let lab = subject!("03");
    let mut host = lab.udp_server("host").shown_as(shown);
    let mut client = send(&lab, &host.address(), LONG, &["add 5", "add 7"]);
    client.says("accept-only-this-id", ONLY_THIS_ID);
    let first = expect_request(&mut host, "add 5");
    host.says("accept-only-this-id", ONLY_THIS_ID)
        .send(&message(first.wrapping_sub(1), "total 999"))
        .send(&first.to_be_bytes()[..3])
        .wait_until_read();
    client.wait_until_idle();
    // Another request means that it took one of these for its answer, and its output shows that.
    let is_resent = host.look().is_some_and(|datagram| datagram == message(first, "add 5"));
    host.check(
        !is_resent,
        "The client resent its request when an answer to another request came.",
        "wait-on-after-other-answers",
        "In `ask` (client.rs), receive again after `understand` returned `None`. Only the deadline ends a try.",
    );
    host.send(&message(first, "total 5"));
    client.expect_line("Received: total 5");
    let second = expect_request(&mut host, "add 7");
    host.send(&message(first, "total 5"));
    host.send(&message(second, "total 12"));
    client.expect_line("Received: total 12").expect_exit(0);
}

#[test]
fn answers_to_other_requests_make_no_wait_longer() {
    let lab = subject!("03");
    lab.undisturbed(|factor| gives_up_among_other_answers(&lab, FLOODED * factor));
}

/// `None` if the answers themselves paused.
fn gives_up_among_other_answers(lab: &Subject, seconds: f64) -> Option<()> {
    let mut host = lab.udp_server("host").shown_as(shown);
    let (address, timeout) = (host.address(), test_time_arg(seconds));
    let think = "In `ask` (client.rs), compute the deadline once for each try. A new timeout for each datagram never ends.";
    let options =
        ["send", "--connect", &address, "--reliable", "--timeout", &timeout, "--tries", "1"];
    let mut client = lab.run(options.into_iter().chain(["add 5"]));
    let start = client.wait_until_started();
    let id = expect_request(&mut host, "add 5");
    let ended = ends_in_a_flood(&mut client, start, seconds, |_| {
        host.send(&message(id.wrapping_sub(1), "total 999"));
    })?;
    host.check(
        ended,
        &format!(
            "Answers to another request come, and the client waits on; its --timeout is \
             {timeout} s."
        ),
        "one-deadline-for-all-answers",
        think,
    );
    expect_no_answer(&mut client, ("accept-only-this-id", ONLY_THIS_ID));
    Some(())
}

#[test]
fn client_and_server_add_up_over_a_bad_line() {
    // Each request has its fault: it is lost, its answer is lost, it comes late, and it comes twice.
    // The first answer comes twice, too.
    let line = vec![drop(0), twice(2), drop(4), hold(7).until(9), twice(11)];
    let lab = subject!("03");
    let server = serve(&lab);
    let relay = server.relay_showing(line, shown);
    let texts = ["add 5", "add 7", "hello", "add 1", "add 0"];
    let mut client = send(&lab, &relay.address(), SHORT, &texts);
    client.says(
        "resend-and-remember",
        "In `ask` (client.rs), resend the same bytes after each timeout. In `Memory::answer`, answer a repeated request again, from memory.",
    );
    expect_answers(&mut client, &["total 5", "total 12", "hello", "total 13", "total 13"]);
    client.expect_exit(0);
}

/// Expects that `client` prints `answers`, and finds out why it prints another.
fn expect_answers(client: &mut Process, answers: &[&str]) {
    for (number, answer) in answers.iter().enumerate() {
        let line = client.line();
        let printed = line.strip_prefix("Received: ").unwrap_or(&line);
        let (id, think) = match answers[..number].contains(&printed) {
            true => ("accept-only-this-id", ONLY_THIS_ID),
            false => AT_MOST_ONCE,
        };
        let sentence = format!("The client printed {line:?} where the answer {answer:?} was due.");
        client.check_line(printed == *answer, &sentence, id, think);
    }
}
