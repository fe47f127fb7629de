//! Rows that say the same are one line.
//!
//! ```text
//!   peer  │ ── "PING" as 4 × 1 byte, 300 ms apart ──▶ │      one peer sends piece by piece
//!   peer  │ ◀──────────────────────────── pong × 40 ── │      a row again and again
//!   9 peers ── connect ──────────────────────────────▶ │      many peers do the same
//! ```

use crate::bytes::{show, show_in_row, show_lines};
use crate::ladder::{Direction, Payload, Row};
use terminal::{count_of, thousands, width, wrap_all};

/// The longest label that is not cut.
pub const LABEL: usize = 38;

/// So many rows at least are one line.
const DRIBBLE: usize = 4;
const PIECES: usize = 8;
const REPEATED: usize = 3;
const CROWD: usize = 4;

/// Most lines of a note that are shown, and most lines of one read that have an arrow each.
const NOTE: usize = 4;
const LINES: usize = 4;

/// Columns of the quotes, and of a space, that a line in the middle of a quoted text gets.
const QUOTES: usize = 3;

/// Most lines of a question that the program answered wrongly.
const QUESTION: usize = 12;

/// Pauses below this many microseconds are not shown.
const SHORTEST_PAUSE: u64 = 10_000;

/// A line of the drawing: a row, or several that it stands for.
pub struct Line<'a> {
    pub first: &'a Row,
    /// The peer, or how many there are.
    pub name: String,
    /// What stands on the arrow; of several short lines in one read, each has an arrow.
    pub labels: Vec<String>,
    /// Whether the mark belongs here. Such a line is a row of its own.
    pub is_marked: bool,
}

/// All `rows`, folded.
pub fn fold(rows: &[Row], marked: Option<usize>) -> Vec<Line<'_>> {
    let question = marked.and_then(|marked| question(&rows[..=marked]));
    let mut lines = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let is_marked = marked == Some(at);
        let single_rows = [question, marked].into_iter().flatten();
        let end = single_rows.filter(|row| *row > at).min().unwrap_or(rows.len());
        let (line, count) = match &rows[at] {
            row if question == Some(at) => (whole(row), 1),
            row if is_marked => (single(row), 1),
            _ => first_line(&rows[at..end]),
        };
        lines.push(Line { is_marked, ..line });
        at += count;
    }
    lines
}

/// What the peer of the last row sent last, if it sent that at once. It is shown whole, because
/// what was wrong with its answer may depend on any byte.
fn question(rows: &[Row]) -> Option<usize> {
    let peer = rows.last()?.peer.as_ref();
    let is_sent = |row: &Row| row.peer.as_ref() == peer && is_piece(row);
    let at = rows.iter().rposition(is_sent)?;
    let is_piece_of_more = at > 0 && is_sent(&rows[at - 1]);
    (!is_piece_of_more).then_some(at)
}

/// A row with all lines of its text, if they are not too many.
fn whole(row: &Row) -> Line<'_> {
    let bytes = row.payload.as_ref().and_then(Payload::whole);
    let labels = bytes.and_then(|bytes| show_lines(&bytes, LABEL, QUESTION));
    Line { labels: labels.unwrap_or_else(|| labels_of(row)), ..single(row) }
}

/// The line of the first row, and how many rows it stands for.
fn first_line(rows: &[Row]) -> (Line<'_>, usize) {
    let first = &rows[0];
    let run = |same: &dyn Fn(&Row) -> bool| rows.iter().take_while(|row| same(row)).count();
    let repeated = run(&|row| row.peer == first.peer && says_the_same(row, first));
    let pieces = run(&|row| row.peer == first.peer && is_piece(row));
    let crowd = run(&|row| row.peer.is_some() && says_the_same(row, first));
    let is_dribble = rows[..pieces].iter().all(|row| length(row) == 1);
    if pieces >= PIECES || (is_dribble && pieces >= DRIBBLE) {
        let labels = vec![pieces_label(&rows[..pieces])];
        return (Line { labels, ..single(first) }, pieces);
    }
    if repeated >= REPEATED {
        let labels = vec![label(first, &format!(" × {}", thousands(repeated)))];
        return (Line { labels, ..single(first) }, repeated);
    }
    if crowd >= CROWD {
        let mut names: Vec<_> = rows[..crowd].iter().map(|row| &row.peer).collect();
        names.sort();
        names.dedup();
        let noun = if first.direction == Direction::Note { "run" } else { "peer" };
        return (Line { name: count_of(names.len(), noun), ..single(first) }, crowd);
    }
    (single(first), 1)
}

fn single(row: &Row) -> Line<'_> {
    let name = row.peer.clone().unwrap_or_default();
    Line { first: row, name, labels: labels_of(row), is_marked: false }
}

fn labels_of(row: &Row) -> Vec<String> {
    if row.direction == Direction::Note {
        return note(&row.label);
    }
    short_lines(row).unwrap_or_else(|| vec![label(row, "")])
}

/// A note, such as a command line, in several lines if it is long.
fn note(text: &str) -> Vec<String> {
    let mut lines = wrap_all(text, LABEL);
    if lines.iter().any(|line| quotes(line) % 2 == 1) {
        lines = between_quotes(text)
            .unwrap_or_else(|| quoted_apart(text, &wrap_all(text, LABEL - QUOTES)));
    }
    if lines.len() > NOTE {
        lines.truncate(NOTE);
        lines.extend(Some("…".to_owned()));
    }
    lines
}

/// `text` in lines that end between words, where a text in quotes is a word. A word in two lines would
/// be taken for two. `None` if one does not fit into a line.
fn between_quotes(text: &str) -> Option<Vec<String>> {
    let mut words: Vec<String> = Vec::new();
    for piece in text.split(' ') {
        match words.last_mut().filter(|word| quotes(word) % 2 == 1) {
            Some(word) => word.extend([" ", piece]),
            None => words.push(piece.to_owned()),
        }
    }
    let mut lines: Vec<String> = Vec::new();
    for word in words {
        match lines.last_mut().filter(|line| width(line) + 1 + width(&word) <= LABEL) {
            Some(line) => line.extend([" ", &word]),
            None => lines.push(word),
        }
    }
    lines.iter().all(|line| width(line) <= LABEL).then_some(lines)
}

/// The `lines` of `text`, where a line that ends inside of quotes closes them, and the next line
/// opens them again.
fn quoted_apart(text: &str, lines: &[String]) -> Vec<String> {
    let (mut rest, mut is_open, mut shown) = (text, false, Vec::new());
    for line in lines {
        let mut piece = if is_open { "\"".to_owned() } else { String::new() };
        piece.push_str(line);
        is_open ^= quotes(line) % 2 == 1;
        rest = &rest[line.len()..];
        // Wrapping drops the space between two lines, and in quotes a space is a byte.
        let behind = rest.strip_prefix(' ');
        if is_open {
            piece.push_str(if behind.is_some() { " \"" } else { "\"" });
        }
        rest = behind.unwrap_or(rest);
        shown.push(piece);
    }
    shown
}

/// How many quotes are in `line`, apart from escaped ones.
fn quotes(line: &str) -> usize {
    line.replace(r"\\", "").replace("\\\"", "").matches('"').count()
}

/// The lines of a text that arrived in one read. `None`: it is one line, or one of them is long.
fn short_lines(row: &Row) -> Option<Vec<String>> {
    let bytes = row.payload.as_ref().filter(|_| row.label.is_empty() && row.pieces.is_none())?;
    let whole = bytes.whole()?;
    let lines = whole.split_inclusive(|byte| *byte == b'\n');
    let shown: Vec<String> = lines.map(show).collect();
    let fit = shown.iter().all(|line| line.starts_with('"') && width(line) <= LABEL);
    // What fits into one row needs no second one.
    let is_long = width(&show(&whole)) > LABEL;
    (fit && is_long && (2..=LINES).contains(&shown.len())).then_some(shown)
}

/// What stands on one arrow, with `suffix`.
fn label(row: &Row, suffix: &str) -> String {
    let pieces = row.pieces.map(|pieces| format!(" in {pieces} pieces")).unwrap_or_default();
    let suffix = pieces + suffix;
    row.text(LABEL.saturating_sub(width(&suffix))) + &suffix
}

impl Row {
    /// Its label, or else its bytes, in at most `columns` characters.
    pub fn text(&self, columns: usize) -> String {
        let bytes = self.payload.as_ref().filter(|_| self.label.is_empty());
        let shown = bytes.map(|bytes| show_in_row(&bytes.head, &bytes.tail, bytes.len, columns));
        shown.unwrap_or_else(|| fitting(&self.label, columns, "…"))
    }
}

/// `text`, cut if it has more than `most` characters, with `sign` behind it.
pub fn fitting(text: &str, most: usize, sign: &str) -> String {
    if width(text) <= most {
        return text.to_owned();
    }
    let kept: String = text.chars().take(most.saturating_sub(width(sign))).collect();
    kept + sign
}

fn says_the_same(one: &Row, other: &Row) -> bool {
    one.direction == other.direction
        && one.label == other.label
        && one.payload == other.payload
        && one.pieces == other.pieces
}

/// Whether it is bytes that a peer sent, and nothing else.
fn is_piece(row: &Row) -> bool {
    row.direction == Direction::ToProgram && row.label.is_empty() && row.pieces.is_none()
}

fn length(row: &Row) -> usize {
    row.payload.as_ref().map_or(0, |payload| payload.len)
}

/// `"PING" as 4 × 1 byte, 300 ms apart`, without the text if that is too long.
fn pieces_label(rows: &[Row]) -> String {
    let sizes = format!("{} × {}{}", thousands(rows.len()), sizes(rows), pause(rows));
    let mut all = Payload::default();
    rows.iter().filter_map(|row| row.payload.as_ref()).for_each(|part| all.extend(&part.head));
    let is_whole = all.len == rows.iter().map(length).sum::<usize>();
    let shown = format!("{} as {sizes}", show_in_row(&all.head, &all.tail, all.len, LABEL));
    if is_whole && width(&shown) <= LABEL { shown } else { sizes }
}

fn sizes(rows: &[Row]) -> String {
    let (least, most) = rows
        .iter()
        .map(length)
        .fold((usize::MAX, 0), |(least, most), length| (least.min(length), most.max(length)));
    let most_bytes = count_of(most, "byte");
    if least == most { most_bytes } else { format!("{} to {most_bytes}", thousands(least)) }
}

fn pause(rows: &[Row]) -> String {
    let [first, .., last] = rows else { return String::new() };
    let pause = (last.time_us - first.time_us) / (rows.len() as u64 - 1);
    if pause < SHORTEST_PAUSE { String::new() } else { format!(", {} ms apart", pause / 1000) }
}
