//! Step reliable: the server executes each request at most once, whatever the network does.

mod client;
mod memory;

use super::clients::{peer, serve};
use super::requests::{add_up_over, message, parts, shown};
use testkit::faults::all_scripts;
use testkit::{UdpPeer, subject};

/// A first wait that no test waits for.
const LONG: f64 = 30.0;

/// One that tests wait for.
const SHORT: f64 = 0.03;

/// For a request whose first answer was no total.
const REMEMBER_EVERY_ANSWER: (&str, &str) = (
    "remember-every-answer",
    "In `Memory::answer`, remember every answer, also an error and a text that came back. A known id gets its first answer again.",
);

const PARSE_AN_I64: (&str, &str) = (
    "parse-an-i64",
    "In `execute`, read N by `str::parse` as an i64. N may be negative, have a `+`, and be as large as i64::MAX.",
);

const REMEMBER_64: (&str, &str) = (
    "remember-64-requests",
    "In `Memory::answer`, remember the last 64 requests of each client. For a 65th, forget only the oldest.",
);

const ZERO_IS_AN_ID: (&str, &str) = (
    "zero-is-an-id",
    "In `Memory::answer`, treat id 0 like any other. A random first id can be 0, and 0 follows u32::MAX.",
);

const SAME_ID: (&str, &str) = (
    "answer-with-the-same-id",
    "In `Memory::answer`, begin the answer with the id of the request (`compose`). In `parse`, read the id with `u32::from_be_bytes`.",
);

const THE_NEW_TOTAL: (&str, &str) = (
    "answer-with-the-new-total",
    "In `execute`, add N to `*total`, store the sum there, and return `total T` with this sum and nothing more.",
);

const IDS_OF_A_CLIENT: (&str, &str) = (
    "ids-belong-to-a-client",
    "In `Memory`, keep ids for each client, which is an address and a port. Keep one total for all clients.",
);

const PARSE_FIRST: (&str, &str) = (
    "parse-before-you-change-the-memory",
    "In `Memory::answer`, parse the datagram before you look for the client. A datagram without an id must not change the memory.",
);

const AT_MOST_ONCE: (&str, &str) = (
    "answer-a-known-id-from-memory",
    "In `Memory::answer`, look for the id before you execute. After you execute, remember the answer. For a known id, return the remembered answer.",
);

const COMPOSE_FROM_MEMORY: (&str, &str) = (
    "begin-a-remembered-answer-with-the-id",
    "In `Memory::answer`, begin an answer from memory with the id, too (`compose`). Only the remembered text was sent.",
);

#[test]
fn an_addition_is_answered_by_the_total_and_the_same_id() {
    let server = serve(&subject!("03"));
    let mut peer = peer(&server, "peer");
    expect_sum(&mut peer, 7, "add 5", "total 5");
    expect_sum(&mut peer, 0x0102_0304, "add 2", "total 7");
    peer.says(PARSE_AN_I64.0, PARSE_AN_I64.1)
        .send(&message(0x0102_0305, "add -14"))
        .expect(&message(0x0102_0305, "total -7"))
        .says(
            "trim-the-request",
            "In `execute`, trim the text before you look for `add`. People type a newline after the number.",
        )
        .send(&message(0x0102_0306, "add 7\n"))
        .expect(&message(0x0102_0306, "total 0"))
        .send(&message(0x0102_0307, " add 1\r\n"))
        .expect(&message(0x0102_0307, "total 1"))
        .says(
            "ids-need-not-grow",
            "In `Memory::answer`, execute each request with an unknown id, whatever its id is. After u32::MAX comes 0, and datagrams may arrive late.",
        )
        .send(&message(u32::MAX, "add 1"))
        .expect(&message(u32::MAX, "total 2"))
        .send(&message(8, "add 1"))
        .expect(&message(8, "total 3"))
        .says(ZERO_IS_AN_ID.0, ZERO_IS_AN_ID.1)
        .send(&message(0, "add 1"))
        .expect(&message(0, "total 4"))
        .says(PARSE_AN_I64.0, PARSE_AN_I64.1)
        .send(&message(9, "add +1"))
        .expect(&message(9, "total 5"));
}

/// Sends the request `text`, and expects the answer `total`. An answer with the right id and
/// another text is the fault of `execute`.
fn expect_sum(peer: &mut UdpPeer, id: u32, text: &str, total: &str) {
    peer.says(SAME_ID.0, SAME_ID.1).send(&message(id, text));
    let answer = peer.receive();
    let has_id = parts(&answer).is_some_and(|(answered, _)| answered == id);
    let advice = if has_id { THE_NEW_TOTAL } else { SAME_ID };
    check_answer(peer, &answer, &message(id, total), advice);
}

/// Sends the request `text` again, and expects the answer `total` again.
fn expect_same_sum(peer: &mut UdpPeer, id: u32, text: &str, total: &str) {
    peer.says(AT_MOST_ONCE.0, AT_MOST_ONCE.1)
        .says_if_silent(
            "answer-a-repeated-request",
            "In `Memory::answer`, answer a repeated request, too. The client repeats it because the first answer was lost.",
        )
        .send(&message(id, text));
    let answer = peer.receive();
    let lacks_id = answer == total.as_bytes();
    let advice = if lacks_id { COMPOSE_FROM_MEMORY } else { AT_MOST_ONCE };
    check_answer(peer, &answer, &message(id, total), advice);
}

fn check_answer(peer: &mut UdpPeer, answer: &[u8], wanted: &[u8], (advice, think): (&str, &str)) {
    peer.says(advice, think).check_datagram(
        answer == wanted,
        &format!("The server sent {} where {} was due.", shown(answer), shown(wanted)),
        &format!("wanted {}", shown(wanted)),
    );
}

#[test]
fn any_other_text_of_1024_bytes_or_less_comes_back() {
    let server = serve(&subject!("03"));
    let mut peer = peer(&server, "peer");
    let other = (
        "other-texts-come-back",
        "In `execute`, return every text that is not exactly `add N` unchanged, also if it is not UTF-8.",
    );
    let empty = (
        "a-text-may-be-empty",
        "In `parse`, return the id and an empty text for a datagram of four bytes. Only fewer bytes are too short.",
    );
    let one_space = (
        "exactly-one-space",
        "In `execute`, use `strip_prefix(\"add \")` and `parse` on the trimmed text. `split_whitespace` accepts any white space, and `trim` any number of spaces.",
    );
    let others: [(&[u8], (&str, &str)); 14] = [
        (b" hello \n", other),
        (b"hello", other),
        (b"", empty),
        (b"add", other),
        (b"add x", other),
        (b"add 1 2", other),
        (b"sub 3", other),
        (b"ADD 5", other),
        (b"Add 5", other),
        (b"add  5", one_space),
        (b"add\t5", one_space),
        (b"\xff\xfe", other),
        (b"add 5\xff", other),
        (b"add 99999999999999999999", other),
    ];
    peer.says(SAME_ID.0, SAME_ID.1).send(&message(9, "add 1")).expect(&message(9, "total 1"));
    for (id, (text, (advice, think))) in (10..).zip(others) {
        peer.says(advice, think).send(&message(id, text)).expect(&message(id, text));
    }
    peer.send(&message(99, "add 1")).expect(&message(99, "total 2"));
    exceed_the_limit(&mut peer);
}

#[test]
fn a_repeated_request_is_not_executed_again() {
    let server = serve(&subject!("03"));
    let mut peer = peer(&server, "peer");
    peer.says(SAME_ID.0, SAME_ID.1).send(&message(7, "add 5")).expect(&message(7, "total 5"));
    expect_same_sum(&mut peer, 7, "add 5", "total 5");
    peer.send(&message(8, "add 1"))
        .expect(&message(8, "total 6"))
        // An older request, not only the last one.
        .says(REMEMBER_64.0, REMEMBER_64.1)
        .send(&message(7, "add 5"))
        .expect(&message(7, "total 5"))
        .says(ZERO_IS_AN_ID.0, ZERO_IS_AN_ID.1)
        .send(&message(0, "add 2"))
        .expect(&message(0, "total 8"))
        .send(&message(0, "add 2"))
        .expect(&message(0, "total 8"));
    expect_that_the_id_decides(&mut peer);
}

/// Sends other texts with a known id, and a known text with another id. The total was 8.
fn expect_that_the_id_decides(peer: &mut UdpPeer) {
    peer.says(
        "the-id-decides",
        "In `Memory::answer`, compare ids only, never texts. The same text with a new id is a new request.",
    )
        .send(&message(7, "add 3"))
        .expect(&message(7, "total 5"))
        // The same text with a new id is another request.
        .send(&message(10, "add 5"))
        .expect(&message(10, "total 13"))
        .says(REMEMBER_EVERY_ANSWER.0, REMEMBER_EVERY_ANSWER.1)
        .send(&message(9, "hello"))
        .expect(&message(9, "hello"))
        .send(&message(9, "add 5"))
        .expect(&message(9, "hello"));
}

#[test]
fn clients_share_the_total_but_not_their_ids() {
    let server = serve(&subject!("03"));
    let (mut first, mut second) = (peer(&server, "first"), peer(&server, "second"));
    first
        .says(IDS_OF_A_CLIENT.0, IDS_OF_A_CLIENT.1)
        .send(&message(1, "add 5"))
        .expect(&message(1, "total 5"));
    second
        .says(IDS_OF_A_CLIENT.0, IDS_OF_A_CLIENT.1)
        .send(&message(1, "add 20"))
        .expect(&message(1, "total 25"));
    first.send(&message(1, "add 5")).expect(&message(1, "total 5"));
    second.send(&message(1, "add 20")).expect(&message(1, "total 25"));
    // The first client's port, at another address.
    let twin = ([127, 0, 0, 2], first.local_addr().port()).into();
    if let Some(twin) = server.udp_peer_from("third", twin) {
        twin.shown_as(shown)
            .says(IDS_OF_A_CLIENT.0, IDS_OF_A_CLIENT.1)
            .send(&message(1, "add 100"))
            .expect(&message(1, "total 125"));
    }
    // A server does not execute a request of which it has refused the sender.
    let server_port = ([127, 0, 0, 2], server.address().port()).into();
    if let Some(mut other) = server.udp_peer_from("another server", server_port) {
        other.send(&message(1, "add 1000")).wait_until_read();
        first
            .says(
                "check-the-port-before-you-answer",
                "In `serve` (echo.rs), compare the sender's port before you call `answer`. A datagram from your own port must change nothing.",
            )
            .send(&message(2, "add 0"))
            .expect(&message(2, "total 125"));
    }
}

#[test]
fn a_total_that_is_too_large_is_an_error_and_changes_nothing() {
    let server = serve(&subject!("03"));
    peer(&server, "peer")
        .says(PARSE_AN_I64.0, PARSE_AN_I64.1)
        .send(&message(1, format!("add {}", i64::MAX)))
        .expect(&message(1, format!("total {}", i64::MAX)))
        .says(
            "check-the-addition",
            "In `execute`, use `checked_add`. `+` panics or wraps around when the sum does not fit into an i64.",
        )
        .send(&message(2, "add 1"))
        .expect(&message(2, "ERROR overflow"))
        .send(&message(3, "add -1"))
        .expect(&message(3, format!("total {}", i64::MAX - 1)))
        // From another total than the largest.
        .says(
            "an-overflow-changes-nothing",
            "In `execute`, change the total only if `checked_add` returns a sum. `saturating_add` would change it.",
        )
        .send(&message(4, "add 2"))
        .expect(&message(4, "ERROR overflow"))
        .send(&message(5, "add -1"))
        .expect(&message(5, format!("total {}", i64::MAX - 2)))
        .says(REMEMBER_EVERY_ANSWER.0, REMEMBER_EVERY_ANSWER.1)
        .send(&message(2, "add 1"))
        .expect(&message(2, "ERROR overflow"));
}

#[test]
fn a_datagram_without_an_id_gets_no_answer() {
    let server = serve(&subject!("03"));
    let mut peer = peer(&server, "peer");
    peer.says(
        "ignore-datagrams-without-an-id",
        "In `parse`, return `None` for fewer than four bytes. Without an id, the client could not match the answer to a request.",
    );
    for short in [b"".as_slice(), b"a", b"ad", b"add"] {
        peer.send(short);
    }
    peer.send(&message(1, "add 1")).expect(&message(1, "total 1"));
    peer.expect_silence();
    peer.says(PARSE_FIRST.0, PARSE_FIRST.1)
        .send(b"add")
        .send(&message(1, "add 1"))
        .expect(&message(1, "total 1"));
}

/// Sends texts of 1,024 bytes and more.
fn exceed_the_limit(peer: &mut UdpPeer) {
    let longest = "x".repeat(1024);
    peer.says(
            "a-text-of-1024-bytes-fits",
            "In `execute`, accept a text of exactly MAX_TEXT bytes. The four bytes of the id are no part of it.",
        )
        .send(&message(1, &longest))
        .expect(&message(1, &longest))
        .says(
            "bound-the-text",
            "In `execute`, return TOO_LARGE for more than MAX_TEXT bytes. The memory must be bounded in bytes, because clients choose the length.",
        )
        .send(&message(2, longest + "x"))
        .expect(&message(2, "ERROR too large"))
        .says(REMEMBER_EVERY_ANSWER.0, REMEMBER_EVERY_ANSWER.1)
        .send(&message(2, "add 1"))
        .expect(&message(2, "ERROR too large"))
        .says(
            "the-limit-counts-bytes",
            "In `execute`, compare the number of bytes with MAX_TEXT. `é` is one character and two bytes.",
        )
        .send(&message(3, "é".repeat(512)))
        .expect(&message(3, "é".repeat(512)))
        .send(&message(4, "é".repeat(600)))
        .expect(&message(4, "ERROR too large"))
        .says(
            "count-before-you-trim",
            "In `execute`, compare the length with MAX_TEXT before you trim. White space that comes back unchanged fills the memory like any other text.",
        )
        .send(&message(5, " ".repeat(1025)))
        .expect(&message(5, "ERROR too large"))
        .says(
            "count-before-you-add",
            "In `execute`, compare the length with MAX_TEXT first, before you look for `add`. An addition has the same limit as any other text.",
        )
        .send(&message(6, format!("add 1{}", " ".repeat(1020))))
        .expect(&message(6, "ERROR too large"));
}

#[test]
fn with_any_two_faults_each_request_is_executed_once() {
    let server = serve(&subject!("03"));
    let mut peer = peer(&server, "peer");
    peer.says("survive-any-two-faults", "In `Memory::answer`, find a known id also when newer requests came between. Datagrams may be lost, doubled and late.");
    add_up_over(&mut peer, &all_scripts(3, 2));
}
