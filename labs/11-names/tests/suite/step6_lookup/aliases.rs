//! Aliases, and the records of the name at their end.

use super::super::dns::{A, CNAME, id_of, name, pointer, query, record, response, server};
use super::super::scans::LONG;
use super::{ASK, look_up, receive_query};
use testkit::subject;

const ALIASES: (&str, &str) = (
    "follow-the-aliases",
    "In `follow`, begin at the name in question, and go on with the CNAME record of the name at the end.",
);

#[test]
fn aliases_are_followed_in_the_answer() {
    let lab = subject!("11");
    let (mut server, mut process, asked) = receive_query(&lab);
    server.send(&response(
        &asked,
        0,
        &[
            record(&name("stranger.test"), A, &[192, 0, 2, 66]),
            record(&name("c.test"), A, &[192, 0, 2, 7]),
            record(&name("b.test"), CNAME, &name("c.test")),
            record(&name("b.test"), A, &[192, 0, 2, 67]),
            record(&name("stranger.test"), CNAME, &name("b.test")),
            record(&pointer(12), CNAME, &name("b.test")),
        ],
    ));
    process
        .says(ALIASES.0, ALIASES.1)
        .expect_line("a.test. 60 CNAME b.test.")
        .expect_line("b.test. 60 CNAME c.test.")
        .says(
            "records-of-the-last-name",
            "In `resolve`, print the records of the name at the end of the aliases, and of no other name.",
        )
        .expect_line("c.test. 60 A 192.0.2.7")
        .expect_exit(0);
}

#[test]
fn an_alias_that_was_asked_for_is_not_followed() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let words = ["lookup", "a.test", "--type", "CNAME", "--timeout", LONG, "--server"];
    let mut process = lab.run([&words[..], &[&server.address()]].concat());
    let asked = server.says(ASK.0, ASK.1).receive();
    let there = record(&pointer(12), CNAME, &name("b.test"));
    let back = record(&name("b.test"), CNAME, &name("a.test"));
    server.send(&response(&asked, 0, &[there, back]));
    process
        .says(
            "an-alias-is-a-record",
            "In `resolve`, call `follow` for other types than CNAME only. For CNAME, the alias is the record in question.",
        )
        .expect_line("a.test. 60 CNAME b.test.")
        .expect_exit(0);
}

#[test]
fn an_alias_may_need_a_further_query() {
    let lab = subject!("11");
    let (mut server, mut process, asked) = receive_query(&lab);
    server.send(&response(&asked, 0, &[record(&pointer(12), CNAME, &name("b.test"))]));
    let advice = (
        "ask-for-the-last-name",
        "In `resolve`, ask again for the name at the end of the aliases, if the answer has no record of it.",
    );
    let asked = server.says(advice.0, advice.1).receive();
    server.check(
        asked == query(id_of(&asked), "b.test", A),
        "The answer was an alias of b.test, and the next query is not for b.test.",
        advice.0,
        advice.1,
    );
    server.send(&response(&asked, 0, &[record(&name("b.test"), A, &[192, 0, 2, 7])]));
    process
        .says(advice.0, advice.1)
        .expect_line("a.test. 60 CNAME b.test.")
        .expect_line("b.test. 60 A 192.0.2.7")
        .expect_exit(0);
}

#[test]
fn aliases_have_an_end() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let alias = |from: &str, to: &str| record(&name(from), CNAME, &name(to));
    let chain = |count: usize| -> Vec<Vec<u8>> {
        let label =
            |number: usize| if number == 0 { "a.test".to_owned() } else { format!("n{number}") };
        (0..count).map(|number| alias(&label(number), &label(number + 1))).collect()
    };
    let mut ask = |records: &[Vec<u8>]| {
        let process = look_up(&lab, &server, &[]);
        let asked = server.says(ASK.0, ASK.1).receive();
        server.send(&response(&asked, 0, records));
        process
    };
    let circle = (
        "aliases-in-a-circle",
        "In `follow`, an alias that leads to a name of the chain is a circle. It may be its own name.",
    );
    ask(&[alias("a.test", "b.test"), alias("b.test", "A.test")])
        .says(circle.0, circle.1)
        .expect_error(&["a.test.: its aliases go round in a circle"]);
    ask(&[alias("a.test", "a.test")])
        .says(circle.0, circle.1)
        .expect_error(&["a.test.: its aliases go round in a circle"]);
    ask(&chain(17))
        .says(
            "limit-the-aliases",
            "In `follow`, stop at `MAX_ALIASES`. A stranger wrote this list.",
        )
        .expect_error(&["a.test.: too many aliases"]);
}

/// A lookup asks for the name, and then for up to so many further ones.
const FURTHER_QUERIES: usize = 8;

#[test]
fn further_queries_have_an_end() {
    let lab = subject!("11");
    let mut server = server(&lab, "server");
    let mut process = look_up(&lab, &server, &[]);
    let (id, think) = (
        "limit-the-further-queries",
        "In `resolve`, ask `MAX_FURTHER_QUERIES` further times at most. A server could lead you from alias to alias.",
    );
    for number in 0..=FURTHER_QUERIES {
        let asked = server.says(ASK.0, ASK.1).receive();
        let target = name(&format!("n{number}.test"));
        server.send(&response(&asked, 0, &[record(&pointer(12), CNAME, &target)]));
    }
    server.says(id, think).expect_silence();
    process.says(id, think).expect_error(&["a.test.: too many aliases"]);
}
