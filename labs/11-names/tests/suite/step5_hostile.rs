//! Step hostile: messages of strangers, of which many are wrong.

use super::dns::{
    A, AAAA, CNAME, MX, NS, PTR, SOA, TXT, header, hex, name, name_with_pointer, pointer, query,
    question, record, record_with,
};
use testkit::{Filter, filter, subject};

const FIELDS: (&str, &str) = (
    "read-field-by-field",
    "In `decode::message`, read id, flags and four counts, then as many questions and records as the counts say.",
);

const POINT_BACK: (&str, &str) = (
    "pointers-point-back",
    "In `read_name`, compare each target with the start of the labels that the pointer ends. It must be smaller.",
);

const CHECK_FIRST: (&str, &str) = (
    "check-before-you-slice",
    "In `take`, use `get`, and return `Truncated` if the bytes are not there. An index out of range is a panic.",
);

const LENGTH_OF_DATA: (&str, &str) = (
    "compare-with-the-length",
    "In `read_record`, compare the place where the data ended with the place where its length says that it ends.",
);

/// A response to a question about a.test with these records. Its name is at offset 12, and the
/// first record at [`FIRST`].
fn answers(records: &[Vec<u8>]) -> Vec<u8> {
    let counts = [1, records.len() as u16, 0, 0];
    [header(77, 0x8180, counts), question("a.test", A), records.concat()].concat()
}

/// Where the first record of [`answers`] begins.
const FIRST: usize = 24;

/// The same as JSON.
fn shown(records: &[&str]) -> String {
    let records: Vec<String> = records.iter().map(|record| format!("\"{record}\"")).collect();
    format!(
        "{{\"id\":77,\"response\":true,\"opcode\":0,\"aa\":false,\"tc\":false,\"rd\":true,\"ra\":true,\
         \"rcode\":\"NOERROR\",\"questions\":[\"a.test. IN A\"],\"answers\":[{}],\"authority\":[],\
         \"additional\":[]}}",
        records.join(",")
    )
}

trait Decode {
    /// Expects that a message with `record` is printed with `shown`.
    fn shows(self, one: &[u8], text: &str) -> Self;
    /// Expects `reason` for `message`.
    fn rejects(self, message: &[u8], reason: &str) -> Self;
}

impl Decode for Filter {
    fn shows(self, one: &[u8], text: &str) -> Filter {
        self.ask(&hex(&answers(&[one.to_vec()])), &shown(&[text]))
    }

    fn rejects(self, message: &[u8], reason: &str) -> Filter {
        self.ask(&hex(message), &format!("ERROR {reason}"))
    }
}

/// The longest chain of pointers that fits into an offset of 14 bits, and a name at its start.
const CHAIN: u16 = 8_000;

#[test]
fn a_message_is_read_field_by_field() {
    let message = [
        header(0xabcd, 0x2e33, [2, 0, 1, 1]),
        question("a.test", A),
        question("b.test", AAAA),
        record(&name("x"), A, &[127, 0, 0, 1]),
        record(&name("."), 41, &[]),
    ]
    .concat();
    filter(&subject!("11"), ["decode"])
        .says(FIELDS.0, FIELDS.1)
        .ask(&hex(&answers(&[])), &shown(&[]))
        .ask(
            &hex(&message),
            "{\"id\":43981,\"response\":false,\"opcode\":5,\"aa\":true,\"tc\":true,\"rd\":false,\"ra\":false,\
             \"rcode\":\"NXDOMAIN\",\"questions\":[\"a.test. IN A\",\"b.test. IN AAAA\"],\"answers\":[],\
             \"authority\":[\"x. 60 IN A 127.0.0.1\"],\"additional\":[\". 60 IN TYPE41 \\\\# 0\"]}",
        )
        .end();
}

#[test]
fn data_is_read_by_its_type() {
    let owner = pointer(12);
    let soa = [name("ns.test"), name("admin.test"), vec![0, 0, 0, 1], vec![0; 15], vec![255]];
    filter(&subject!("11"), ["decode"])
        .says(
            "data-by-type",
            "In `data::read`, match the type, and read the fields of RFC 1035, section 3.3, in their order.",
        )
        .shows(&record(&owner, A, &[192, 0, 2, 7]), "a.test. 60 IN A 192.0.2.7")
        .shows(&record(&owner, AAAA, &[0x20; 16]), "a.test. 60 IN AAAA 2020:2020:2020:2020:2020:2020:2020:2020")
        .shows(&record(&owner, CNAME, &name("b.test")), "a.test. 60 IN CNAME b.test.")
        .shows(&record(&owner, NS, &name(".")), "a.test. 60 IN NS .")
        .shows(&record(&owner, PTR, &pointer(12)), "a.test. 60 IN PTR a.test.")
        .shows(&record(&owner, MX, &[&[1, 0], &name("m.test")[..]].concat()), "a.test. 60 IN MX 256 m.test.")
        .shows(&record(&owner, SOA, &soa.concat()), "a.test. 60 IN SOA ns.test. admin.test. 1 0 0 0 255")
        .shows(&record(&owner, 65, &[1, 2, 3]), "a.test. 60 IN TYPE65 \\\\# 3 010203")
        .says("only-class-in-has-types", "In `read_record`, data of another class than IN is bytes.")
        .shows(&record_with(&owner, A, 3, 60, 1, &[9]), "a.test. 60 CLASS3 A \\\\# 1 09")
        .end();
}

#[test]
fn a_text_has_strings_with_lengths() {
    let owner = pointer(12);
    let long = [&[255], &[b'x'; 255][..]].concat();
    filter(&subject!("11"), ["decode"])
        .says(
            "strings-with-lengths",
            "In `read_texts`, a length byte is in front of each string. It may be 0, and must not lead out of the data.",
        )
        .shows(&record(&owner, TXT, b"\x02hi\x00\x03a\"b"), r#"a.test. 60 IN TXT \"hi\" \"\" \"a\\\"b\""#)
        .shows(&record(&owner, TXT, &long), &format!("a.test. 60 IN TXT \\\"{}\\\"", "x".repeat(255)))
        .rejects(&answers(&[record(&owner, TXT, b"\x03hi")]), "wrong length of data at 36")
        .rejects(
            &answers(&[record(&owner, TXT, b"\x02hi\x04abc"), record(&owner, A, &[1; 4])]),
            "wrong length of data at 36",
        )
        .says(
            "one-string-at-least",
            "In `read_texts`, a TXT record has at least one string. Data without a byte has a wrong length.",
        )
        .rejects(&answers(&[record(&owner, TXT, b"")]), "wrong length of data at 36")
        .end();
}

#[test]
fn labels_are_printed_with_escapes() {
    filter(&subject!("11"), ["decode"])
        .says(
            "print-escapes",
            "In `name::print`, a dot and a backslash in a label get a backslash, and bytes below 33 or above 126 are `\\DDD`.",
        )
        .shows(
            &record(b"\x05a.b\\c\x04\x00 \x7f\xff\x03A~!\x00", A, &[0; 4]),
            r"a\\.b\\\\c.\\000\\032\\127\\255.A~!. 60 IN A 0.0.0.0",
        )
        .end();
}

#[test]
fn a_pointer_stands_for_an_earlier_name() {
    let far = record(&name("far.test"), 65280, &[7; 300]);
    let at = (FIRST + far.len()) as u16;
    let records = [far.clone(), record(&name("x.y"), A, &[0; 4]), record(&pointer(at), A, &[1; 4])];
    let texts = [
        format!("far.test. 60 IN TYPE65280 \\\\# 300 {}", "07".repeat(300)),
        "x.y. 60 IN A 0.0.0.0".to_owned(),
        "x.y. 60 IN A 1.1.1.1".to_owned(),
    ];
    filter(&subject!("11"), ["decode"])
        .says(
            "follow-pointers",
            "In `read_name`, a length byte with the bits 11 begins a pointer of 14 bits. The name goes on there.",
        )
        .shows(&record(&name_with_pointer("www", 12), A, &[0; 4]), "www.a.test. 60 IN A 0.0.0.0")
        .shows(&record(&pointer(14), A, &[0; 4]), "test. 60 IN A 0.0.0.0")
        .shows(&record(&pointer(19), A, &[0; 4]), ". 60 IN A 0.0.0.0")
        .ask(&hex(&answers(&records)), &shown(&texts.each_ref().map(String::as_str)))
        .end();
}

#[test]
fn a_pointer_must_point_back() {
    let at = |offset: u16| answers(&[record(&pointer(offset), A, &[0; 4])]);
    let circle = answers(&[
        record(&name_with_pointer("x", FIRST as u16), A, &[0; 4]),
        record(&pointer(12), A, &[0; 4]),
    ]);
    let pair = answers(&[record(&name("."), 65280, &[pointer(37), pointer(35)].concat()), {
        record(&pointer(37), A, &[0; 4])
    }]);
    filter(&subject!("11"), ["decode"])
        .says(POINT_BACK.0, POINT_BACK.1)
        .rejects(&at(FIRST as u16), "pointer that does not point back at 24")
        .rejects(&at(FIRST as u16 + 2), "pointer that does not point back at 24")
        .rejects(&at(0x3fff), "pointer that does not point back at 24")
        .rejects(&circle, "pointer that does not point back at 26")
        .rejects(&pair, "pointer that does not point back at 35")
        .end();
}

#[test]
fn a_chain_of_pointers_has_a_limit() {
    // Each pointer leads to the one before, and the first one to the question.
    let chain = |count: u16| {
        let start = FIRST as u16 + 11;
        let rest = (0..count - 1).flat_map(|number| pointer(start + 2 * number));
        let data: Vec<u8> = pointer(12).into_iter().chain(rest).collect();
        let last = pointer(start + 2 * (count - 1));
        answers(&[record(&name("."), 65280, &data), record(&last, A, &[0; 4])])
    };
    filter(&subject!("11"), ["decode"])
        .says(
            "limit-the-pointers",
            "In `read_name`, count the pointers, and follow them in a loop. A recursion needs stack for each.",
        )
        .rejects(&chain(CHAIN), &format!("more than 127 pointers at {}", 35 + 2 * (CHAIN - 127)))
        .rejects(&chain(127), "more than 127 pointers at 35")
        .ask(
            &hex(&chain(126)),
            &shown(&[
                &format!(". 60 IN TYPE65280 \\\\# 252 {}", hex(&chain(126)[35..35 + 252])),
                "a.test. 60 IN A 0.0.0.0",
            ]),
        )
        .end();
}

#[test]
fn a_length_byte_is_a_label_or_a_pointer() {
    let with = |owner: &[u8]| answers(&[record(owner, A, &[0; 4])]);
    filter(&subject!("11"), ["decode"])
        .says(
            "types-of-labels",
            "In `read_name`, decide by the length byte: 0, 1 to 63, and 192 or more. The rest is `LabelType`.",
        )
        .rejects(&with(&[&[64], &[b'x'; 64][..], &[0]].concat()), "unknown type of label at 24")
        .rejects(&with(&[1, b'x', 0x80, 0]), "unknown type of label at 26")
        .shows(
            &record(&[&[63], &[b'x'; 63][..], &[0]].concat(), A, &[0; 4]),
            &format!("{}. 60 IN A 0.0.0.0", "x".repeat(63)),
        )
        .end();
}

#[test]
fn a_name_with_pointers_has_at_most_255_bytes() {
    let label = [&[49], &[b'x'; 49][..]].concat();
    // Five labels of 50 bytes, and a zero: 251 bytes.
    let first = record(&[label.repeat(5), vec![0]].concat(), A, &[0; 4]);
    let owner = |label: &str| name_with_pointer(label, FIRST as u16);
    let text = format!("{}. 60 IN A 0.0.0.0", ["x".repeat(49).as_str(); 5].join("."));
    let with = |label: &str| answers(&[first.clone(), record(&owner(label), A, &[0; 4])]);
    filter(&subject!("11"), ["decode"])
        .says(
            "count-bytes-across-pointers",
            "In `read_name`, count the bytes of all labels, those behind pointers too, and the zero.",
        )
        .ask(&hex(&with("abc")), &shown(&[&text, &format!("abc.{text}")]))
        .rejects(&with("abcd"), &format!("name of more than 255 bytes at {}", FIRST + 4 * 50))
        .end();
}

#[test]
fn a_message_that_ends_early_is_refused() {
    let soa = [name("ns.test"), pointer(12), vec![0; 20]].concat();
    let whole = answers(&[
        record(&pointer(12), MX, &[&[0, 1], &name("m.test")[..]].concat()),
        record(&name_with_pointer("x", 12), SOA, &soa),
    ]);
    let mut filter = filter(&subject!("11"), ["decode"]).says(CHECK_FIRST.0, CHECK_FIRST.1);
    for len in 0..whole.len() {
        let at = start_of_field(len, &whole);
        filter = filter.rejects(&whole[..len], &format!("message ends too early at {at}"));
    }
    filter
        .ask(
            &hex(&whole),
            &shown(&[
                "a.test. 60 IN MX 1 m.test.",
                "x.a.test. 60 IN SOA ns.test. a.test. 0 0 0 0 0",
            ]),
        )
        .end();
}

/// Where the field begins that `len` bytes of the message in the test above cut.
fn start_of_field(len: usize, whole: &[u8]) -> usize {
    let mut starts = vec![0, 2, 4, 6, 8, 10];
    // The question: labels with their lengths, type, class.
    starts.extend([12, 13, 14, 15, 19, 20, 22]);
    // The first record: pointer, type, class, TTL, length, data.
    starts.extend([24, 26, 28, 30, 34, 36]);
    let second = 36 + 10;
    starts.extend([0, 1, 2, 4, 6, 8, 12, 14].map(|offset| second + offset));
    starts.push(whole.len());
    let field = starts.into_iter().take_while(|start| *start <= len).last();
    field.unwrap_or(0)
}

#[test]
fn the_length_of_data_must_be_right() {
    let owner = pointer(12);
    let one = |kind, len, data: &[u8]| {
        let next = record(&owner, A, &[9; 4]);
        answers(&[record_with(&owner, kind, 1, 60, len, data), next])
    };
    let wrong = "wrong length of data at 36";
    let soa = [name("a"), name("b"), vec![0; 20]].concat();
    filter(&subject!("11"), ["decode"])
        .says(LENGTH_OF_DATA.0, LENGTH_OF_DATA.1)
        .rejects(&one(A, 5, &[0; 5]), wrong)
        .rejects(&one(A, 3, &[0; 3]), wrong)
        .rejects(&one(AAAA, 15, &[0; 15]), wrong)
        .rejects(&one(CNAME, 9, &[&name("b.test")[..], &[0]].concat()), wrong)
        .rejects(&one(CNAME, 7, &name("b.test")), wrong)
        .rejects(&one(MX, 2, &[0, 1]), wrong)
        .rejects(&one(SOA, soa.len() as u16 - 1, &soa), wrong)
        .rejects(&one(65280, 100, &[0; 4]), "message ends too early at 36")
        .says(
            "no-name-behind-the-data",
            "In `read_record`, give `data::read` a reader whose message ends where the data ends.",
        )
        .rejects(&overlapping(), "wrong length of data at 52")
        .end();
}

/// A name in data with a pointer to a label in the record before, which ends behind the data.
fn overlapping() -> Vec<u8> {
    // At offset 39, a length byte of 20. Behind it are 12 bytes of the next record, and its data.
    let first = record(&pointer(12), 65280, &[0, 0, 0, 20]);
    let second = record(&pointer(12), CNAME, &pointer(39));
    let third = record(&name("."), 65280, &[0; 20]);
    answers(&[first, second, third])
}

#[test]
fn counts_may_be_too_large() {
    let ends = |counts| [header(77, 0x8180, counts), question("a.test", A)].concat();
    filter(&subject!("11"), ["decode"])
        .says(
            "counts-must-fit",
            "In `decode::message`, read as many questions and records as the counts say, and return the first error.",
        )
        .rejects(&ends([1, 65_535, 65_535, 65_535]), "message ends too early at 24")
        .rejects(&ends([2, 0, 0, 0]), "message ends too early at 24")
        .rejects(&ends([1, 0, 0, 1]), "message ends too early at 24")
        .end();
}

#[test]
fn bytes_after_the_message_are_refused() {
    let good = query(77, "a.test", A);
    filter(&subject!("11"), ["decode"])
        .says(
            "nothing-after-the-last-record",
            "In `decode::message`, the reader must be at the end after the last record.",
        )
        .rejects(&[&good[..], &[0]].concat(), "bytes after the message at 24")
        .rejects(
            &[answers(&[record(&pointer(12), A, &[0; 4])]), good].concat(),
            "bytes after the message at 40",
        )
        .end();
}

#[test]
fn a_ttl_has_31_bits() {
    let with = |ttl| record_with(&pointer(12), A, 1, ttl, 4, &[0; 4]);
    filter(&subject!("11"), ["decode"])
        .says(
            "ttl-with-the-top-bit",
            "In `read_record`, a TTL with the top bit set is 0 (RFC 2181, section 8).",
        )
        .shows(&with(0x7fff_ffff), "a.test. 2147483647 IN A 0.0.0.0")
        .shows(&with(0x8000_0001), "a.test. 0 IN A 0.0.0.0")
        .end();
}
