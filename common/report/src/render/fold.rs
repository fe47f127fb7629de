//! Rows that say the same are one line.
//!
//! ```text
//!   peer  │ ── "PING" as 4 × 1 byte, 300 ms apart ──▶ │      one peer sends piece by piece
//!   peer  │ ◀──────────────────────────── pong × 40 ── │      a row again and again
//!   9 peers ── connect ──────────────────────────────▶ │      many peers do the same
//! ```

use crate::bytes::show_in_row;
use crate::ladder::{Direction, Payload, Row};
use terminal::{count_of, thousands, width};

/// The longest label that is not cut.
pub const LABEL: usize = 38;

/// So many rows at least are one line.
const DRIBBLE: usize = 4;
const PIECES: usize = 8;
const REPEATED: usize = 3;
const CROWD: usize = 4;

/// Pauses below this many microseconds are not shown.
const SHORTEST_PAUSE: u64 = 10_000;

/// A line of the drawing: a row, or several that it stands for.
pub struct Line<'a> {
    pub first: &'a Row,
    /// The peer, or how many there are.
    pub name: String,
    pub label: String,
    /// Whether the mark belongs here. Such a line is a row of its own.
    pub is_marked: bool,
}

/// All `rows`, folded.
pub fn fold(rows: &[Row], marked: Option<usize>) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let is_marked = marked == Some(at);
        let end = marked.filter(|marked| *marked > at).unwrap_or(rows.len());
        let (line, count) = match is_marked {
            true => (single(&rows[at]), 1),
            false => first_line(&rows[at..end]),
        };
        lines.push(Line { is_marked, ..line });
        at += count;
    }
    lines
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
        return (Line { label: pieces_label(&rows[..pieces]), ..single(first) }, pieces);
    }
    if repeated >= REPEATED {
        let label = format!("{} × {}", label(first), thousands(repeated));
        return (Line { label, ..single(first) }, repeated);
    }
    if crowd >= CROWD {
        let mut names: Vec<_> = rows[..crowd].iter().map(|row| &row.peer).collect();
        names.sort();
        names.dedup();
        return (Line { name: count_of(names.len(), "peer"), ..single(first) }, crowd);
    }
    (single(first), 1)
}

fn single(row: &Row) -> Line<'_> {
    let name = row.peer.clone().unwrap_or_default();
    Line { first: row, name, label: label(row), is_marked: false }
}

/// What stands on the arrow.
fn label(row: &Row) -> String {
    let bytes = row.payload.as_ref().filter(|_| row.label.is_empty());
    let shown = bytes.map(|bytes| show_in_row(&bytes.head, &bytes.tail, bytes.len, LABEL));
    let label = shown.unwrap_or_else(|| row.label.clone());
    match row.pieces {
        Some(pieces) => format!("{label} in {pieces} pieces"),
        None => label,
    }
}

fn says_the_same(one: &Row, other: &Row) -> bool {
    let content = |row: &Row| (row.direction, row.label.clone(), row.payload.clone(), row.pieces);
    content(one) == content(other)
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
