//! Bytes as a person reads them.

use std::ops::Range;
use terminal::untrusted::{is_harmful, numbered};
use terminal::{count_of, thousands, width};

/// Most bytes shown of one message before its middle is cut out.
const SHOWN: usize = 32;

/// The same for a text that has a line, or a sentence, for itself: what chats and logs say.
const SHOWN_TEXT: usize = 72;

/// Most items of a list that are all shown.
const LISTED: usize = 8;

/// Bytes shown in front of the first one that differs from the expected bytes.
const BEFORE: usize = 16;

/// The same from the first one that differs on. Both together are fewer than [`show`] would cut.
const BEHIND: usize = 16;

/// Bytes shown of the beginning, and of the end, when the middle is cut out.
const CUT: usize = 8;

/// Printable bytes as text in quotes, others as hex; long ones cut in the middle, with their
/// length: `"hello\n"`, `ff 00 ff`, `00 00 00 04 "PING"`, `"aaaa…aaaa" (1,024 bytes)`.
pub fn show(bytes: &[u8]) -> String {
    if is_shown_whole(bytes) {
        return quote(bytes, is_text(bytes));
    }
    show_cut(&bytes[..SHOWN], &bytes[bytes.len() - SHOWN..], bytes.len(), CUT)
}

fn is_shown_whole(bytes: &[u8]) -> bool {
    bytes.len() <= SHOWN || bytes.len() <= SHOWN_TEXT && is_text(bytes)
}

/// Each of `items` as [`show`] has it, as words: `nothing`, `"a"`, `"a" and "b"`. Of many, the first
/// and the last.
pub fn show_all<T: AsRef<[u8]>>(items: impl IntoIterator<Item = T>) -> String {
    let mut shown: Vec<String> = items.into_iter().map(|item| show(item.as_ref())).collect();
    let count = shown.len();
    if count > LISTED {
        shown.splice(LISTED / 2..count - LISTED / 2, ["…".to_owned()]);
    }
    let total =
        if count > LISTED { format!(" ({} in all)", thousands(count)) } else { String::new() };
    match shown.pop() {
        None => "nothing".to_owned(),
        Some(last) if shown.is_empty() => last,
        Some(last) => format!("{} and {last}{total}", shown.join(", ")),
    }
}

/// A text that is not cut: in one piece, or else each line in pieces of at most `columns`
/// characters. `None`: it is no text, or this takes more than `most` pieces.
pub fn show_lines(bytes: &[u8], columns: usize, most: usize) -> Option<Vec<String>> {
    let whole = Some(quote(bytes, true)).filter(|whole| width(whole) <= columns);
    if let Some(whole) = whole.filter(|_| is_text(bytes)) {
        return Some(vec![whole]);
    }
    let lines = bytes.split_inclusive(|byte| *byte == b'\n');
    let pieces = lines.flat_map(|line| Pieces { line, columns });
    let shown: Vec<String> = pieces.take(most + 1).collect();
    (is_text(bytes) && shown.len() <= most).then_some(shown)
}

/// What is left of a line, to be shown in pieces.
struct Pieces<'a> {
    line: &'a [u8],
    columns: usize,
}

impl Iterator for Pieces<'_> {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        let fits = |len: &usize| width(&quote(&self.line[..*len], true)) <= self.columns;
        // At least one byte, so that this ends.
        let len = (1..=self.line.len()).take_while(|len| *len == 1 || fits(len)).last()?;
        let (piece, rest) = self.line.split_at(len);
        self.line = rest;
        Some(quote(piece, true))
    }
}

/// A part of `bytes`, with `…` where it has more before or behind it.
pub fn show_part(bytes: &[u8], part: Range<usize>) -> String {
    let before = if part.start > 0 { "…" } else { "" };
    let behind = if part.end < bytes.len() { "…" } else { "" };
    format!("{before}{}{behind}", show(&bytes[part]))
}

/// What a program sent or printed, and what was expected, so that a person sees where they differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// What came.
    pub received: String,
    /// What was expected.
    pub expected: String,
    /// The first byte that differs, if only the bytes around it are shown.
    pub at: Option<usize>,
}

impl Difference {
    /// Both as [`show`] has them. If it would cut one of them, it might cut out the difference, so
    /// both are shown around the first byte that differs.
    pub fn between(received: &[u8], expected: &[u8]) -> Difference {
        if is_shown_whole(received) && is_shown_whole(expected) {
            return Difference { received: show(received), expected: show(expected), at: None };
        }
        let at = received.iter().zip(expected).take_while(|(one, other)| one == other).count();
        let around = |bytes: &[u8]| {
            let part = at.saturating_sub(BEFORE)..bytes.len().min(at + BEHIND);
            format!("{} ({} bytes)", show_part(bytes, part), thousands(bytes.len()))
        };
        Difference { received: around(received), expected: around(expected), at: Some(at) }
    }
}

/// The same as [`show`] for one of many rows: no longer than `width` characters, with the count in
/// full. Only the first and the last of the bytes are at hand.
pub fn show_in_row(head: &[u8], tail: &[u8], len: usize, width: usize) -> String {
    let is_whole = len == head.len() && (len <= SHOWN || is_text(head));
    let whole = is_whole.then(|| quote(head, is_text(head)));
    let most = CUT.min(len / 2);
    let cut = (CUT / 4..=most).rev().map(|cut| show_cut(head, tail, len, cut));
    let mut ways = whole.into_iter().chain(cut);
    let fitting = ways.find(|shown| columns(shown) <= width);
    fitting.unwrap_or_else(|| count_of(len, "byte"))
}

/// How many columns `shown` takes at most: in ASCII, an ellipsis takes three.
fn columns(shown: &str) -> usize {
    shown.chars().map(|character| if character == '…' { 3 } else { 1 }).sum()
}

/// The first `cut` bytes and the last ones, and how many there are in all.
fn show_cut(head: &[u8], tail: &[u8], len: usize, cut: usize) -> String {
    let (head, tail) = (&head[..cut], &tail[tail.len() - cut..]);
    let shown = if is_text(head) && is_text(tail) {
        format!("\"{}…{}\"", escape(without_last_part(head)), escape(without_first_part(tail)))
    } else if mixed(head).contains('"') {
        format!("{} …", mixed(head))
    } else {
        format!("{} … {}", hex(&head[..cut / 2]), hex(&tail[cut - cut / 2..]))
    };
    format!("{shown} ({} bytes)", thousands(len))
}

/// Without the first bytes of a character whose other bytes were cut off.
fn without_last_part(head: &[u8]) -> &[u8] {
    match str::from_utf8(head) {
        Err(error) if error.error_len().is_none() => &head[..error.valid_up_to()],
        _ => head,
    }
}

/// Without the last bytes of a character whose first byte was cut off.
fn without_first_part(tail: &[u8]) -> &[u8] {
    let is_start = |byte: &u8| !(0x80..0xc0).contains(byte);
    &tail[tail.iter().position(is_start).unwrap_or(0)..]
}

fn quote(bytes: &[u8], as_text: bool) -> String {
    if as_text { format!("\"{}\"", escape(bytes)) } else { mixed(bytes) }
}

/// Text in binary company: a length, and what it announces.
fn mixed(bytes: &[u8]) -> String {
    let mut parts = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let text = leading_text(rest);
        // Fewer than three characters may belong to a number. Numbers have four bytes, so a last
        // byte that looks like a letter does not begin the text behind it.
        let len = if text < 3 { rest.len().min(4) } else { text };
        let (part, after) = rest.split_at(len);
        parts.push(if text < 3 { hex(part) } else { format!("\"{}\"", escape(part)) });
        rest = after;
    }
    parts.join(" ")
}

/// How many bytes at the front are printable.
fn leading_text(bytes: &[u8]) -> usize {
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    valid.find(is_odd).unwrap_or(valid.len())
}

/// Whether nearly all of it is printable. A stray byte may be shown as an escape. What begins with
/// NUL is no text, but most likely a number.
fn is_text(bytes: &[u8]) -> bool {
    if bytes.first() == Some(&0) {
        return false;
    }
    let odd_in = |text: &str| text.chars().filter(|character| is_odd(*character)).count();
    let odd: usize =
        bytes.utf8_chunks().map(|chunk| odd_in(chunk.valid()) + chunk.invalid().len()).sum();
    odd * 4 <= bytes.len()
}

fn is_odd(character: char) -> bool {
    character.is_control() && !matches!(character, '\n' | '\r' | '\t')
}

fn escape(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        for character in chunk.valid().chars() {
            match character {
                '"' | '\\' => text.extend(['\\', character]),
                '\n' => text.push_str("\\n"),
                '\r' => text.push_str("\\r"),
                '\t' => text.push_str("\\t"),
                // What could paint on the reader's terminal is shown by its number.
                harmful if is_harmful(harmful) => text.push_str(&numbered(harmful)),
                // A space of another width looks like a space.
                space if space != ' ' && space.is_whitespace() => text.push_str(&numbered(space)),
                other => text.push(other),
            }
        }
        for byte in chunk.invalid() {
            text.push_str(&format!("\\x{byte:02x}"));
        }
    }
    text
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect::<Vec<_>>().join(" ")
}
