//! Step reliable: the server executes each request at most once, whatever the network does.

mod client;

use super::clients::{peer, serve};
use super::crowd::{address, all_are_answered};
use super::requests::{add_up_over, message, shown};
use std::ops::RangeInclusive;
use testkit::faults::all_scripts;
use testkit::{Server, Subject, UdpPeer, subject};

/// A first wait that no test waits for.
const LONG: f64 = 30.0;

/// One that tests wait for.
const SHORT: f64 = 0.03;

/// The id before that of a client whose ids are larger than 0 at first, and later begin at 0.
const FIRST_ID: u32 = u32::MAX - 40;

/// For a request whose first answer was an error.
const REMEMBER_ERRORS: (&str, &str) = (
    "remember-errors-too",
    "In `Memory::answer`, remember every answer, also an error. A known id gets its first answer again.",
);

const SAME_ID: (&str, &str) = (
    "answer-with-the-same-id",
    "In `Memory::answer`, begin the answer with the id of the request (`compose`). In `parse`, read the id with `u32::from_be_bytes`.",
);

const IDS_OF_A_CLIENT: (&str, &str) = (
    "ids-belong-to-a-client",
    "In `Memory`, keep ids for each client, which is an address and a port. Keep one total for all clients.",
);

const AT_MOST_ONCE: &str = "In `Memory::answer`, look for the id before you execute. A known id gets its first answer again.";

#[test]
fn an_addition_is_answered_by_the_total_and_the_same_id() {
    let server = serve(&subject!("03"));
    peer(&server, "peer")
        .says(SAME_ID.0, SAME_ID.1)
        .send(&message(7, "add 5"))
        .expect(&message(7, "total 5"))
        .send(&message(0x0102_0304, "add -12"))
        .expect(&message(0x0102_0304, "total -7"))
        .says(
            "trim-the-request",
            "In `execute`, trim the text before you look for `add`. People type a newline after the number.",
        )
        .send(&message(u32::MAX, "add 7\n"))
        .expect(&message(u32::MAX, "total 0"))
        .send(&message(8, " add 1\r\n"))
        .expect(&message(8, "total 1"))
        .says(
            "zero-is-an-id",
            "In `Memory::answer`, treat id 0 like any other. A random first id can be 0, and 0 follows u32::MAX.",
        )
        .send(&message(0, "add 1"))
        .expect(&message(0, "total 2"))
        .send(&message(0, "add 1"))
        .expect(&message(0, "total 2"));
}

#[test]
fn any_other_text_comes_back() {
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
    let others: [(&[u8], (&str, &str)); 13] = [
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
        (b"add 99999999999999999999", other),
    ];
    peer.says(SAME_ID.0, SAME_ID.1).send(&message(9, "add 1")).expect(&message(9, "total 1"));
    for (id, (text, (advice, think))) in (10..).zip(others) {
        peer.says(advice, think).send(&message(id, text)).expect(&message(id, text));
    }
    peer.send(&message(99, "add 1")).expect(&message(99, "total 2"));
}

#[test]
fn a_repeated_request_is_not_executed_again() {
    let server = serve(&subject!("03"));
    peer(&server, "peer")
        .says(SAME_ID.0, SAME_ID.1)
        .send(&message(7, "add 5"))
        .expect(&message(7, "total 5"))
        .says("answer-a-known-id-from-memory", AT_MOST_ONCE)
        .send(&message(7, "add 5"))
        .expect(&message(7, "total 5"))
        .send(&message(8, "add 1"))
        .expect(&message(8, "total 6"))
        // An older request, not only the last one.
        .send(&message(7, "add 5"))
        .expect(&message(7, "total 5"));
}

#[test]
fn the_id_alone_tells_what_was_asked_before() {
    let server = serve(&subject!("03"));
    peer(&server, "peer")
        .says(
            "the-id-decides",
            "In `Memory::answer`, compare ids only, never texts. The same text with a new id is a new request.",
        )
        .send(&message(7, "hello"))
        .expect(&message(7, "hello"))
        .send(&message(7, "add 5"))
        .expect(&message(7, "hello"))
        // The same text with a new id is another request.
        .send(&message(8, "add 5"))
        .expect(&message(8, "total 5"))
        .send(&message(9, "add 5"))
        .expect(&message(9, "total 10"));
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
}

#[test]
fn a_total_that_is_too_large_is_an_error_and_changes_nothing() {
    let server = serve(&subject!("03"));
    peer(&server, "peer")
        .says(
            "check-the-addition",
            "In `execute`, use `checked_add`. `+` panics or wraps around when the sum does not fit into an i64.",
        )
        .send(&message(1, format!("add {}", i64::MAX)))
        .expect(&message(1, format!("total {}", i64::MAX)))
        .send(&message(2, "add 1"))
        .expect(&message(2, "ERROR overflow"))
        .send(&message(3, "add -1"))
        .expect(&message(3, format!("total {}", i64::MAX - 1)))
        .says(REMEMBER_ERRORS.0, REMEMBER_ERRORS.1)
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
    peer.says(
        "parse-before-you-change-the-memory",
        "In `Memory::answer`, parse the datagram before you look for the client. A datagram without an id must not change the memory.",
    )
    .send(b"add")
    .send(&message(1, "add 1"))
    .expect(&message(1, "total 1"));
}

#[test]
fn a_text_that_is_too_long_is_not_remembered() {
    let server = serve(&subject!("03"));
    let longest = "x".repeat(1024);
    peer(&server, "peer")
        .says(
            "bound-the-text",
            "In `execute`, return TOO_LARGE for more than MAX_TEXT bytes. The memory must be bounded in bytes, because clients choose the length.",
        )
        .send(&message(1, &longest))
        .expect(&message(1, &longest))
        .send(&message(2, longest + "x"))
        .expect(&message(2, "ERROR too large"))
        .says(REMEMBER_ERRORS.0, REMEMBER_ERRORS.1)
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
        .expect(&message(5, "ERROR too large"));
}

#[test]
fn the_last_64_requests_of_a_client_are_remembered() {
    let server = serve(&subject!("03"));
    let mut peer = peer(&server, "peer");
    // The ids go on from the largest to 0, as those of a client may.
    let id = |number: u32| FIRST_ID.wrapping_add(number);
    for number in 1..=64 {
        peer.send(&message(id(number), "add 1"))
            .expect(&message(id(number), format!("total {number}")));
    }
    peer.says("remember-64-requests", "In `Memory::answer`, remember the last 64 requests of each client. For a 65th, forget only the oldest.")
        .send(&message(id(1), "add 1"))
        .expect(&message(id(1), "total 1"))
        .send(&message(id(65), "add 1"))
        .expect(&message(id(65), "total 65"))
        .send(&message(id(2), "add 1"))
        .expect(&message(id(2), "total 2"))
        .send(&message(0, "add 1"))
        .expect(&message(0, format!("total {}", 0_u32.wrapping_sub(FIRST_ID))));
    peer.says(
        "forget-the-65th",
        "In `Memory::answer`, forget the oldest request when a client sends its 65th. Otherwise the memory grows without a limit.",
    )
    .send(&message(id(1), "add 1"))
    .expect(&message(id(1), "total 66"));
    peer.says(
        "forget-requests-in-order",
        "In `Memory`, forget the request in front (`pop_front`). A `HashMap` has no order, and `swap_remove` changes it.",
    );
    // Each of them was forgotten for the one before, and the next is forgotten for it.
    for (number, total) in (2..5).zip(67..) {
        peer.send(&message(id(number), "add 1"))
            .expect(&message(id(number), format!("total {total}")));
    }
}

#[test]
fn of_1024_clients_the_one_silent_for_longest_is_forgotten() {
    let lab = subject!("03");
    let server = serve(&lab);
    let client = |name: &str, number| client_at(&server, name, number);
    let names = ["first", "second", "third", "fourth", "fifth"];
    let oldest: Option<Vec<UdpPeer>> =
        (1..).zip(names).map(|(number, name)| client(name, number)).collect();
    let Some(mut oldest) = oldest else {
        return lab.skip("this machine has only one loopback address");
    };
    for (total, peer) in (1..).zip(&mut oldest) {
        peer.send(&message(1, "add 1")).expect(&message(1, format!("total {total}")));
    }
    let (first, others) = oldest.split_first_mut().expect("there are five");
    let_come(&lab, &server, 6..=1024);
    first
        .says(
            "remember-1024-clients",
            "In `Memory`, remember 1,024 clients, and forget the first only for the next one.",
        )
        .send(&message(1, "add 1"))
        .expect(&message(1, "total 1"));
    let mut newest = client("newest", 1025).expect("the others could be bound");
    newest.send(&message(1, "add 1")).expect(&message(1, "total 1025"));
    first
        .says(
            "forget-the-longest-silent",
            "In `Memory::answer`, move a client to the back when it sends something. Then the one silent for longest is in front.",
        )
        .send(&message(1, "add 1"))
        .expect(&message(1, "total 1"));
    let (second, others) = others.split_first_mut().expect("there are four");
    second
        .says(
            "forget-the-1025th-client",
            "In `Memory`, remember at most 1,024 clients. Otherwise strangers decide how much memory you use.",
        )
        .send(&message(1, "add 1"))
        .expect(&message(1, "total 1026"));
    // Each of them was forgotten for the one before, and the next is forgotten for it.
    for (total, peer) in (1027..).zip(others) {
        peer.says(
            "forget-clients-in-order",
            "In `Memory`, forget the client in front (`pop_front`). A `HashMap` has no order, and `swap_remove` changes it.",
        )
        .send(&message(1, "add 1"))
        .expect(&message(1, format!("total {total}")));
    }
}

fn client_at(server: &Server, name: &str, number: u16) -> Option<UdpPeer> {
    Some(server.udp_peer_from(name, address(number))?.shown_as(shown))
}

/// Lets many clients come at the same time. Only the last of each chunk appears in the ladder, with
/// its number.
fn let_come(lab: &Subject, server: &Server, numbers: RangeInclusive<u16>) {
    for chunk in numbers.collect::<Vec<u16>>().chunks(64) {
        let (last, others) = chunk.split_last().expect("chunks are not empty");
        lab.check(
            all_are_answered(server, others),
            "A client got no answer.",
            "answer-every-client",
            "In `Memory::answer`, answer every client, also when the memory is full.",
        );
        client_at(server, &format!("client {last}"), *last)
            .expect("its address is free")
            .says(IDS_OF_A_CLIENT.0, IDS_OF_A_CLIENT.1)
            .send(&message(1, "add 1"))
            .expect(&message(1, format!("total {last}")));
    }
}

#[test]
fn with_any_two_faults_each_request_is_executed_once() {
    let server = serve(&subject!("03"));
    let mut peer = peer(&server, "peer");
    peer.says("survive-any-two-faults", "In `Memory::answer`, find a known id also when newer requests came between. Datagrams may be lost, doubled and late.");
    add_up_over(&mut peer, &all_scripts(4, 2));
}
