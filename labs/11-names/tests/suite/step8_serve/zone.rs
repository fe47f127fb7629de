//! What the zone says: records, aliases, no record, no such name.

use super::super::dns::{
    A, AAAA, CNAME, MX, SOA, TXT, header, name, name_with_pointer, pointer, query, question,
    record, record_with, without_pointers,
};
use super::{ANSWER, REFUSED, ZONE, answer, serve, udp_peer};
use testkit::{UdpPeer, subject};

/// The flags of an authoritative answer about a name that does not exist.
const NO_SUCH_NAME: u16 = 0x8503;

const ZONE_FIRST: (&str, &str) = (
    "records-or-the-soa",
    "In `zone::answer`, a name with records of this type has an answer. Without, the SOA says for how long.",
);

const ALIASES: (&str, &str) = (
    "aliases-inside-of-the-zone",
    "In `zone::answer`, add each alias, and go on with its target as long as that is in the zone, and new.",
);

const POINTERS: (&str, &str) = (
    "an-owner-ends-in-a-pointer",
    "In `write_owner`, replace a name, or its end, by a pointer to where it was written before. The records are right.",
);

/// Sends `query`, and expects `wanted`. If the records are right and the bytes are not, the advice is
/// about pointers.
fn expect_answer(peer: &mut UdpPeer, says: (&str, &str), query: &[u8], wanted: &[u8]) {
    let found = peer.says(says.0, says.1).send(query).receive();
    let has_its_records = without_pointers(&found) == without_pointers(wanted);
    let (id, think) = if has_its_records && found != wanted { POINTERS } else { says };
    peer.says(id, think).send(query).expect(wanted);
}

/// The SOA of the zone, with the time for which there is nothing.
fn soa(owner: &[u8]) -> Vec<u8> {
    let numbers = [1_u32, 2, 3, 4, 300].map(u32::to_be_bytes).concat();
    let data = [name("ns.a.test"), name("admin.a.test"), numbers].concat();
    record_with(owner, SOA, 1, 300, data.len() as u16, &data)
}

#[test]
fn a_question_gets_its_records() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    let records =
        [record(&pointer(12), A, &[192, 0, 2, 1]), record(&pointer(12), A, &[192, 0, 2, 2])];
    expect_answer(
        &mut peer,
        ZONE_FIRST,
        &query(7, "www.a.test", A),
        &answer(ANSWER, question("www.a.test", A), &records, &[]),
    );
    let mail = record(&pointer(12), MX, &[&[0, 10], &name("mail.a.test")[..]].concat());
    expect_answer(
        &mut peer,
        ZONE_FIRST,
        &query(7, "a.test", MX),
        &answer(ANSWER, question("a.test", MX), &[mail], &[]),
    );
    let text = record(&pointer(12), TXT, b"\x0bdeep \"down\"");
    expect_answer(
        &mut peer,
        ZONE_FIRST,
        &query(7, "deep.empty.a.test", TXT),
        &answer(ANSWER, question("deep.empty.a.test", TXT), &[text], &[]),
    );
}

#[test]
fn a_question_comes_back_in_its_letters() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    let records =
        [record(&pointer(12), A, &[192, 0, 2, 1]), record(&pointer(12), A, &[192, 0, 2, 2])];
    peer.says(
        "the-letters-of-the-question",
        "In `reply`, the response has the question as it came. In `is_inside`, compare without case. Clients use the letters as a second id.",
    )
    .send(&query(7, "wWw.A.tESt", A))
    .expect(&answer(ANSWER, question("wWw.A.tESt", A), &records, &[]));
}

#[test]
fn a_name_without_records_gets_the_soa() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    expect_answer(
        &mut peer,
        ZONE_FIRST,
        &query(7, "www.a.test", AAAA),
        &answer(ANSWER, question("www.a.test", AAAA), &[], &[soa(&pointer(16))]),
    );
    expect_answer(
        &mut peer,
        ZONE_FIRST,
        &query(7, "nosuch.a.test", A),
        &answer(NO_SUCH_NAME, question("nosuch.a.test", A), &[], &[soa(&pointer(19))]),
    );
    expect_answer(
        &mut peer,
        (
            "names-between-names",
            "In `zone::answer`, ask `has_name`. A name exists if a name below it has a record.",
        ),
        &query(7, "empty.a.test", A),
        &answer(ANSWER, question("empty.a.test", A), &[], &[soa(&pointer(18))]),
    );
}

#[test]
fn aliases_are_followed_inside_of_the_zone() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    // Names in data have no pointers, and no name points to them.
    let other = name_with_pointer("other", 18);
    let www = name_with_pointer("www", 18);
    let first = record(&pointer(12), CNAME, &name("other.a.test"));
    let second = record(&other, CNAME, &name("www.a.test"));
    let third = record(&www, A, &[192, 0, 2, 1]);
    let at = (12 + question("alias.a.test", A).len() + first.len() + second.len()) as u16;
    let all = [first.clone(), second.clone(), third, record(&pointer(at), A, &[192, 0, 2, 2])];
    expect_answer(
        &mut peer,
        ALIASES,
        &query(7, "alias.a.test", A),
        &answer(ANSWER, question("alias.a.test", A), &all, &[]),
    );
    expect_answer(
        &mut peer,
        (
            "the-alias-itself",
            "In `zone::answer`, look for records of the type first. Then a question about CNAME gets the alias alone.",
        ),
        &query(7, "alias.a.test", CNAME),
        &answer(ANSWER, question("alias.a.test", CNAME), &[first], &[]),
    );
}

#[test]
fn aliases_end_at_the_border_and_in_a_circle() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    let out = record(&pointer(12), CNAME, &name("www.b.test"));
    expect_answer(
        &mut peer,
        ALIASES,
        &query(7, "out.a.test", A),
        &answer(ANSWER, question("out.a.test", A), &[out], &[]),
    );
    let gone = record(&pointer(12), CNAME, &name("nosuch.a.test"));
    expect_answer(
        &mut peer,
        ALIASES,
        &query(7, "gone.a.test", A),
        &answer(NO_SUCH_NAME, question("gone.a.test", A), &[gone], &[soa(&pointer(17))]),
    );
    let round = record(&pointer(12), CNAME, &name("trip.a.test"));
    let trip = record(&name_with_pointer("trip", 18), CNAME, &name("round.a.test"));
    expect_answer(
        &mut peer,
        ALIASES,
        &query(7, "round.a.test", A),
        &answer(ANSWER, question("round.a.test", A), &[round, trip], &[]),
    );
}

#[test]
fn a_name_outside_of_the_zone_is_refused() {
    let (server, _folder) = serve(&subject!("11"), ZONE, &[]);
    let mut peer = udp_peer(&server);
    peer.says(
        "compare-whole-labels",
        "In `is_inside`, compare the last labels, as many as the zone has. The end of a text is not enough.",
    );
    for outside in ["b.test", "test", ".", "xa.test", "a.test.b"] {
        peer.send(&query(7, outside, A)).expect(&answer(REFUSED, question(outside, A), &[], &[]));
    }
    let chaos = [name("a.test"), vec![0, 16, 0, 3]].concat();
    peer.says("class-in-only", "In `reply`, refuse a question of another class than IN.")
        .send(&[header(7, 0x0100, [1, 0, 0, 0]), chaos.clone()].concat())
        .expect(&answer(REFUSED, chaos, &[], &[]));
}

/// Most aliases in one answer.
const MAX_ALIASES: usize = 16;

#[test]
fn aliases_have_a_limit() {
    let lines: String =
        (0..=MAX_ALIASES).map(|n| format!("n{n}.a.test. 60 CNAME n{}.a.test.\n", n + 1)).collect();
    let (server, _folder) = serve(&subject!("11"), &format!("{ZONE}{lines}"), &[]);
    let mut peer = udp_peer(&server);
    let target = |number: usize| name(&format!("n{}.a.test", number + 1));
    // Names in data have no pointers, and each owner ends in the zone of the question.
    let owner = |number: usize| match number {
        0 => pointer(12),
        _ => name_with_pointer(&format!("n{number}"), 15),
    };
    let aliases: Vec<Vec<u8>> =
        (0..MAX_ALIASES).map(|number| record(&owner(number), CNAME, &target(number))).collect();
    expect_answer(
        &mut peer,
        (
            "limit-the-aliases-of-an-answer",
            "In `zone::answer`, end with the aliases so far when there are `MAX_ALIASES`.",
        ),
        &query(7, "n0.a.test", A),
        &answer(ANSWER, question("n0.a.test", A), &aliases, &[]),
    );
}
