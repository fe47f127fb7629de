//! How much the server remembers, and what it forgets.

use super::super::clients::{peer, serve};
use super::super::crowd::{Crowd, address};
use super::super::requests::{message, shown};
use super::{IDS_OF_A_CLIENT, PARSE_FIRST, REMEMBER_64};
use std::ops::RangeInclusive;
use testkit::{Server, Subject, UdpPeer, subject};

/// The id before that of a client whose ids are larger than 0 at first, and later begin at 0.
const FIRST_ID: u32 = u32::MAX - 40;

const NOT_NEWER: (&str, &str) = (
    "a-repetition-is-not-newer",
    "In `Memory::answer`, forget the request in front (`pop_front`) and no other when a 65th comes. A repetition leaves the order as it is.",
);

const REMEMBER_1024: (&str, &str) = (
    "remember-1024-clients",
    "In `Memory`, remember 1,024 clients, and forget the first only for the next one.",
);

const FORGET_ONLY_ONE: (&str, &str) = (
    "forget-only-one-client",
    "In `Memory::answer`, forget one client to make room, and not all of them. It is the one in front, not the one that came last.",
);

const FORGET_THE_SILENT: (&str, &str) = (
    "forget-the-longest-silent",
    "In `Memory::answer`, move a client to the back when it sends something, also a repeated request. Then the one silent for longest is in front.",
);

const A_KNOWN_CLIENT: (&str, &str) = (
    "a-known-client-needs-no-room",
    "In `Memory::answer`, forget one client, and only when a new client comes. A client that is known has its place already.",
);

const FORGET_THE_1025TH: (&str, &str) = (
    "forget-the-1025th-client",
    "In `Memory`, keep at most CLIENTS_REMEMBERED clients. When the 1,025th comes, forget the one that was silent for longest, and no other.",
);

const FORGET_IN_ORDER: (&str, &str) = (
    "forget-clients-in-order",
    "In `Memory`, forget the client in front (`pop_front`). A `HashMap` has no order, and `swap_remove` changes it.",
);

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
    peer.says(REMEMBER_64.0, REMEMBER_64.1)
        .send(&message(id(1), "add 1"))
        .expect(&message(id(1), "total 1"))
        .send(&message(id(65), "add 1"))
        .expect(&message(id(65), "total 65"))
        .says(NOT_NEWER.0, NOT_NEWER.1)
        .send(&message(id(64), "add 1"))
        .expect(&message(id(64), "total 64"))
        .says(
            "remember-the-65th",
            "In `Memory::answer`, make room with `pop_front`, and then add the 65th request. `pop_back` after that forgets it again.",
        )
        .send(&message(id(65), "add 1"))
        .expect(&message(id(65), "total 65"))
        .says(NOT_NEWER.0, NOT_NEWER.1)
        .send(&message(id(2), "add 1"))
        .expect(&message(id(2), "total 2"))
        .says(REMEMBER_64.0, REMEMBER_64.1)
        .send(&message(0, "add 1"))
        .expect(&message(0, format!("total {}", 0_u32.wrapping_sub(FIRST_ID))));
    peer.says(
        "forget-the-65th",
        "In `Memory::answer`, keep at most IDS_REMEMBERED requests of a client. When the 65th comes, forget the one in front (`pop_front`).",
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
    if !common::udp::KNOWS_WHERE {
        return lab.skip("no socket of this system can send from a chosen address");
    }
    let server = serve(&lab);
    let client = |name: &str, number| client_at(&server, name, number);
    let names =
        ["first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth"];
    let oldest: Option<Vec<UdpPeer>> =
        (1..).zip(names).map(|(number, name)| client(name, number)).collect();
    let Some(mut oldest) = oldest else {
        return lab.skip("this machine has only one loopback address");
    };
    for (total, peer) in (1..).zip(&mut oldest) {
        peer.send(&message(1, "add 1")).expect(&message(1, format!("total {total}")));
    }
    let [first, second, third, fourth, fifth, sixth, seventh, eighth, ninth] = &mut oldest[..]
    else {
        unreachable!("nine came")
    };
    let_come(&lab, &server, 10..=1024);
    // Now these two have sent something last.
    expect_total(first, 1, REMEMBER_1024);
    expect_total(sixth, 6, REMEMBER_1024);
    let mut newest = client("newest", 1025).expect("the others could be bound");
    newest.send(&message(1, "add 1")).expect(&message(1, "total 1025"));
    expect_total(sixth, 6, FORGET_ONLY_ONE);
    expect_total(first, 1, FORGET_THE_SILENT);
    // Only the second was forgotten for the newest.
    expect_total(third, 3, A_KNOWN_CLIENT);
    expect_total(second, 1026, FORGET_THE_1025TH);
    // Each of them was forgotten for the one before, and the next is forgotten for it.
    for (total, peer) in (1027..).zip([fourth, fifth]) {
        expect_total(peer, total, FORGET_IN_ORDER);
    }
    // Now the seventh is forgotten, and the eighth and the ninth have been silent for longest.
    send_without_id(seventh);
    expect_total(eighth, 8, PARSE_FIRST);
    send_without_id(ninth);
    expect_total(seventh, 1029, FORGET_IN_ORDER);
    expect_total(ninth, 1030, PARSE_FIRST);
}

/// Sends a datagram that has no id, so it must neither make room for its client nor move it.
fn send_without_id(peer: &mut UdpPeer) {
    peer.says(PARSE_FIRST.0, PARSE_FIRST.1).send(b"add").wait_until_read();
}

/// Sends the same request as each time, and expects `total` from memory or as the new total.
fn expect_total(peer: &mut UdpPeer, total: u32, (advice, think): (&str, &str)) {
    peer.says(advice, think)
        .send(&message(1, "add 1"))
        .expect(&message(1, format!("total {total}")));
}

fn client_at(server: &Server, name: &str, number: u16) -> Option<UdpPeer> {
    Some(server.udp_peer_from(name, address(number))?.shown_as(shown))
}

/// Lets many clients come at the same time. Only the last of each chunk appears in the ladder, with
/// its number.
fn let_come(lab: &Subject, server: &Server, numbers: RangeInclusive<u16>) {
    let crowd = Crowd::new().expect("a socket at every address of this machine");
    for chunk in numbers.collect::<Vec<u16>>().chunks(128) {
        let (last, others) = chunk.split_last().expect("chunks are not empty");
        lab.check(
            crowd.all_are_answered(server, others),
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
