//! Packets that the program prints, and the first field that is wrong.

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

/// Expects the next line of `process` to be the packet `expected`. A failure names the field.
pub fn expect_packet(process: &mut Process, expected: &str, id: &str, think: &str) {
    process.says(id, think);
    let line = process.line();
    process.check_line(line == expected, &difference(&line, expected), id, think);
}

fn difference(line: &str, expected: &str) -> String {
    let same = line.bytes().zip(expected.bytes()).take_while(|(one, other)| one == other).count();
    let byte = same / 2;
    let field = FIELDS.iter().rev().find(|(start, _)| *start <= byte).map_or("", |(_, name)| name);
    let from = |text: &str| {
        text.get(byte * 2..).map_or(String::new(), |rest| rest.chars().take(8).collect())
    };
    let mut sentence = format!(
        "The packet differs from byte {byte} on ({field}): `{}` where `{}` was expected.",
        from(line),
        from(expected)
    );
    if line.len() != expected.len() {
        let (found, due) = (line.len(), expected.len());
        sentence += &format!(" It has {found} digits, and {due} were expected.");
    }
    sentence
}
