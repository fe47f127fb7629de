//! Step message: names as labels, and queries in bytes.

use super::dns::{AAAA, SOA, hex, query};
use testkit::{filter, subject};

const LABELS: (&str, &str) = (
    "length-before-each-label",
    "In `write_name`, write the length of each label, then its bytes, and a zero at the end. In `name::parse`, cut at dots.",
);

const LIMITS: (&str, &str) = (
    "check-the-lengths",
    "In `name::parse`, a label has 1 to 63 bytes, and a name 255 with all length bytes and the zero.",
);

const ESCAPES: (&str, &str) = (
    "read-escapes",
    "In `unescape`, three digits are the number of a byte. Any other byte behind the backslash stands for itself.",
);

#[test]
fn a_query_has_a_header_and_a_question() {
    filter(&subject!("11"), ["encode", "--id", "77"])
        .says(
            "twelve-bytes-and-a-question",
            "In `query`, write six numbers in network byte order (id, RD, counts 1 0 0 0), then name, type and class.",
        )
        .ask("a.test A", "004d0100000100000000000001610474657374000001 0001".replace(' ', "").as_str())
        .end();
}

#[test]
fn each_question_has_its_type() {
    filter(&subject!("11"), ["encode"])
        .says(LABELS.0, LABELS.1)
        .ask("a.test AAAA", &hex(&query(0, "a.test", AAAA)))
        .ask("a.test soa", &hex(&query(0, "a.test", SOA)))
        .ask("a.test TYPE65280", &hex(&query(0, "a.test", 65280)))
        .ask("a.test", &hex(&query(0, "a.test", 1)))
        .refuses("a.test XYZ", "unknown type")
        .end();
}

#[test]
fn a_name_is_labels() {
    filter(&subject!("11"), ["encode"])
        .says(LABELS.0, LABELS.1)
        .ask("www.Example.test", &hex(&query(0, "www.Example.test", 1)))
        .says(
            "one-dot-at-the-end",
            "In `name::parse`, a dot at the end begins no label, and `.` alone is the root.",
        )
        .ask("www.example.test.", &hex(&query(0, "www.example.test", 1)))
        .ask(".", &hex(&query(0, ".", 1)))
        .end();
}

/// The query for the name whose only label is `bytes`.
fn label(bytes: &[u8]) -> String {
    let mut message = query(0, ".", 1);
    message.splice(12..12, [&[bytes.len() as u8], bytes].concat());
    hex(&message)
}

#[test]
fn a_label_has_1_to_63_bytes() {
    let lab = subject!("11");
    let longest = "x".repeat(63);
    filter(&lab, ["encode"])
        .says(LIMITS.0, LIMITS.1)
        .ask(&longest, &hex(&query(0, &longest, 1)))
        .refuses(&format!("{longest}x.test"), "label of more than 63 bytes")
        .refuses("a..b", "empty label")
        .refuses(".a", "empty label")
        .refuses("a..", "empty label")
        .refuses("", "empty label")
        .end();
}

#[test]
fn a_name_has_at_most_255_bytes() {
    let label = "x".repeat(63);
    let long = |last: usize| format!("{label}.{label}.{label}.{}", "y".repeat(last));
    filter(&subject!("11"), ["encode"])
        .says(LIMITS.0, LIMITS.1)
        .ask(&long(61), &hex(&query(0, &long(61), 1)))
        .refuses(&long(62), "more than 255 bytes")
        .end();
}

#[test]
fn an_escape_is_a_byte_of_a_label() {
    filter(&subject!("11"), ["encode"])
        .says(ESCAPES.0, ESCAPES.1)
        .ask(r"a\.b", &label(b"a.b"))
        .ask(r"a\\b", &label(br"a\b"))
        .ask(r"\000\032\255", &label(&[0, 32, 255]))
        .ask(r"\0481", &label(b"01"))
        .ask(&r"\001".repeat(63), &label(&[1; 63]))
        .refuses(r"\256", "wrong escape")
        .refuses(r"\1", "wrong escape")
        .refuses(r"\1x2", "wrong escape")
        .refuses(r"\1+2", "wrong escape")
        .refuses(r"a\", "wrong escape")
        .end();
}
