//! Step accounting: how many clients are connected, and how many messages were accepted.

use super::race::{count_in_a_race, expect_all_counted};
use testkit::{Peer, subject};

const NO_NEWLINE: &str = "Return the numbers from `stats` without a newline. `converse` writes the ending, which is empty with `--framing read`.";

/// N and M of `clients N, messages M`.
fn numbers_of(answer: &str) -> Option<(usize, usize)> {
    let (clients, messages) = answer.strip_prefix("clients ")?.split_once(", messages ")?;
    Some((clients.parse().ok()?, messages.parse().ok()?))
}

#[test]
fn stats_tells_who_is_here_and_what_was_accepted() {
    let server = subject!("02").serve([]);
    let mut one = server.connect("one");
    one.send(b"a\nb\n").expect(b"accepted\naccepted\n");
    one.says(
        "answer-stats",
        "In `answer`, send what `Clients::stats` returns. A client that is alone gets an answer, too.",
    )
    .send(b"stats\n");
    let alone = one.line();
    one.says("stats-returns-no-newline", NO_NEWLINE).expect_silence();
    let mut two = server.connect("two");
    let answer = two.send(b"c\nstats\n").expect(b"accepted\n").line();
    check_the_numbers(&mut two, &alone, &answer);
    one.says(
        "stats-in-any-case",
        "In `parse`, compare with `eq_ignore_ascii_case`. `STATS` is the same command, and the numbers are the same for each client.",
    )
    .send(b"STATS\r\n")
    .expect(b"clients 2, messages 3\n")
    .says(
        "compare-the-whole-line-with-stats",
        "In `parse`, compare the whole message with `stats` and trim nothing. With a byte more it is an ordinary message.",
    )
    .send(b" stats\nstats \n\tstats\nstats now\nstats\n")
    .expect(b"accepted\naccepted\naccepted\naccepted\nclients 2, messages 7\n")
    .says(
        "compare-bytes-without-case",
        "In `parse`, compare bytes with `eq_ignore_ascii_case`. In Unicode, the capital letter of `\u{17f}` is S.",
    )
    .send("\u{17f}tats\n".as_bytes())
    .expect(b"accepted\n");
}

/// Two clients are connected, and three messages were accepted. The advice is about the number that
/// is wrong in the answer to `peer`. Before, the answer to the first client was `alone`.
fn check_the_numbers(peer: &mut Peer, alone: &str, answer: &str) {
    let wanted = "clients 2, messages 3";
    let sentence = format!("`stats` answers `{answer}`, and `{wanted}` was expected.");
    let mut check = |holds, id, text| {
        peer.says(id, text).check(holds, &sentence, &format!("wanted {wanted}"));
    };
    check(
        answer != "clients 2, messages 5",
        "stats-is-not-counted",
        "Do not call `count_message` for `stats`. Only a message that is answered with `accepted` counts.",
    );
    let numbers = numbers_of(answer);
    check(
        numbers.is_some(),
        "count-all-clients-and-messages",
        "In `stats`, return `clients N, messages M`. N counts all connected clients, and M all messages that were accepted, from all clients.",
    );
    let clients_of = |answer| numbers_of(answer).map(|(clients, _)| clients);
    check(
        (clients_of(alone), clients_of(answer)) != (Some(0), Some(1)),
        "count-the-client-that-asks",
        "In `stats`, return `self.count()` as it is. The client that sent `stats` is connected, so it counts, too.",
    );
    check(
        clients_of(answer) == Some(2),
        "register-each-client",
        "In `register`, insert the connection under its id. In `Client::drop`, remove this id. `count` returns how many are in the registry.",
    );
    check(
        numbers.is_some_and(|(_, messages)| messages == 3),
        "count-each-message-once",
        "In `count_message`, add 1. In `stats`, return this number. It counts the accepted messages of all clients since the start.",
    );
}

#[test]
fn in_framing_read_stats_has_no_newline() {
    let server = subject!("02").serve(["--framing", "read"]);
    let mut peer = server.connect("peer");
    peer.says("stats-returns-no-newline", NO_NEWLINE)
        .send(b"stats")
        .expect(b"clients 1, messages 0");
    peer.expect_silence();
}

#[test]
fn stats_is_never_a_moment_old() {
    const ROUNDS: usize = 20;
    let server = subject!("02").serve([]);
    let mut peers = [server.connect("one"), server.connect("two")];
    let mut messages = 0;
    for peer in &mut peers {
        messages += 1;
        peer.send(b"hello\n").expect(b"accepted\n");
    }
    for peer in &mut peers {
        let answer = |number| format!("accepted\nclients 2, messages {}\n", messages + number);
        let wanted: String = (1..=ROUNDS).map(answer).collect();
        peer.says(
            "count-at-each-stats",
            "In `stats`, read both numbers at each call. A message that has its answer is in the total.",
        )
        .send(&b"a\nstats\n".repeat(ROUNDS))
        .expect(wanted.as_bytes());
        messages += ROUNDS;
    }
}

#[test]
fn totals_are_exact_when_all_talk_at_once() {
    const CLIENTS: usize = 8;
    // No thread answers so many in one time slice, so each is interrupted by others.
    const EACH: usize = 4000;
    let mut server = subject!("02").serve([]);
    let (sent, line) = count_in_a_race(&mut server, CLIENTS, EACH);
    expect_all_counted(&server, CLIENTS, sent, &line);
}

#[test]
fn a_client_is_counted_out_whichever_way_it_leaves() {
    let server = subject!("02").serve([]);
    let mut observer = server.connect("observer");
    let hello = |name| {
        let mut peer = server.connect(name);
        peer.send(b"hello\n").expect(b"accepted\n");
        peer
    };
    hello("says close").send(b"close\n").expect(b"closed\n").expect_end();
    hello("closes").half_close().expect_end();
    hello("talks too long").send(&[b'x'; 2000]).expect(b"ERROR line too long\n").expect_end();
    hello("resets").reset();

    // The kernel has delivered all of it, and an idle server has handled it.
    server.wait_until_idle();
    let answer = observer.send(b"stats\n").line();
    let sentence = format!("`stats` answers `{answer}`, and `clients 1, messages 4` was expected.");
    let numbers = numbers_of(&answer);
    server.check(
        numbers.is_some_and(|(clients, _)| clients == 1),
        &sentence,
        "remove-a-client-in-drop",
        "In `Client::drop`, remove the client from the registry. Drop runs on every way out, and four of five clients have left.",
    );
    server.check(
        numbers.is_some_and(|(_, messages)| messages == 4),
        &sentence,
        "close-is-not-counted",
        "In `converse`, return at `close` before you call `answer`, which counts the message. Only messages with the answer `accepted` count.",
    );
}

#[test]
fn threads_and_descriptors_are_given_back() {
    let server = subject!("02").serve([]);
    let mut stays = server.connect("stays");
    stays.send(b"hello\n").expect(b"accepted\n");
    server.wait_until_idle();
    let Some(before) = server.resources() else {
        return server.skip("no /proc to count threads and descriptors in");
    };
    for _ in 0..3 {
        let mut visitors: Vec<Peer> = (0..10).map(|_| server.connect("visitor")).collect();
        for visitor in &mut visitors {
            visitor.send(b"hello\n").expect(b"accepted\n");
        }
        visitors.remove(0).reset();
        visitors[0].send(b"close\n").expect(b"closed\n");
        visitors[1].send(&[b'x'; 1025]).expect(b"ERROR line too long\n");
        visitors[2].send(b"half a li");
    }
    server.expect_given_back(
        &before,
        "30 clients came and left",
        "keep-no-clone-of-a-stream",
        "Keep no clone of a stream, and let each thread return. A socket is closed when its last owner is dropped.",
    );
}
