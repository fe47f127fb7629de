//! Packets that the program prints, and the first field that is wrong.

use std::ops::Range;
use testkit::Process;

/// Where the fields of a header begin.
const FIELDS: [(usize, &str); 11] = [
    (0, "version and IHL"),
    (1, "DSCP and ECN"),
    (2, "the total length"),
    (4, "the identification"),
    (6, "flags and offset"),
    (8, "the time to live"),
    (9, "the protocol"),
    (10, "the checksum"),
    (12, "the source"),
    (16, "the destination"),
    (20, "options and payload"),
];

/// The fault of a fragment.
#[derive(Clone, Copy)]
pub enum Field {
    /// The program does not accept the packet's header.
    Unread,
    /// The program refuses to cut the packet.
    Refused,
    /// Its total length, behind a right first byte.
    Length,
    /// Its three flags, in a fragment of the right length.
    Flags,
    /// Its offset, with right flags.
    Offset,
    /// Another field, such as the length of its header, or its options.
    Other,
}

/// Expects the next line of `process` to be the packet `expected`. A failure names the field.
pub fn expect_packet(process: &mut Process, expected: &str, id: &str, think: &str) {
    process.says(id, think);
    let line = process.line();
    let sentence = difference("The packet", &line, expected);
    process.check_line(line == expected, &sentence, id, think);
}

/// The same for fragment `number` of so many. The advice depends on the fault.
pub fn expect_fragment(
    process: &mut Process,
    (number, count): (usize, usize),
    expected: &str,
    advice: impl Fn(Field) -> (&'static str, &'static str),
) {
    let (id, think) = advice(Field::Length);
    process.says(id, think);
    let line = process.line();
    let (id, think) = advice(wrong_field(&line, expected));
    let sentence = difference(&format!("Fragment {number} of {count}"), &line, expected);
    process.check_line(line == expected, &sentence, id, think);
}

fn wrong_field(line: &str, expected: &str) -> Field {
    let differs = |digits: Range<usize>| line.get(digits.clone()) != expected.get(digits);
    let flags = |text: &str| {
        let flags = text.get(12..16).and_then(|digits| u16::from_str_radix(digits, 16).ok());
        flags.map(|both| both >> 13)
    };
    match () {
        () if line.starts_with("ERROR checksum") => Field::Unread,
        () if line.starts_with("ERROR") => Field::Refused,
        () if differs(0..2) => Field::Other,
        () if differs(4..8) => Field::Length,
        () if flags(line) != flags(expected) => Field::Flags,
        () if differs(12..16) => Field::Offset,
        () => Field::Other,
    }
}

/// A sentence about `what` was printed as `line`.
fn difference(what: &str, line: &str, expected: &str) -> String {
    if line.starts_with("ERROR") {
        // Behind the reason comes the question, which is a whole packet.
        let reason = line.rsplit_once(": ").map_or(line, |(reason, _)| reason);
        return format!("The answer is `{reason}`, and a packet was expected.");
    }
    let same = line.bytes().zip(expected.bytes()).take_while(|(one, other)| one == other).count();
    let byte = same / 2;
    let field = FIELDS.iter().rev().find(|(start, _)| *start <= byte).map_or("", |(_, name)| name);
    let from = |text: &str| {
        text.get(byte * 2..).map_or(String::new(), |rest| rest.chars().take(8).collect())
    };
    let mut sentence = format!(
        "{what} differs from byte {byte} on ({field}): `{}` where `{}` was expected.",
        from(line),
        from(expected)
    );
    if line.len() != expected.len() {
        let (found, due) = (line.len(), expected.len());
        sentence += &format!(" It has {found} digits, and {due} were expected.");
    }
    sentence
}
