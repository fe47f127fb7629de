//! The ladder as text.
//!
//! ```text
//!    peer                                              lab07 serve
//!     │ ── connect ──────────────────────────────────────▶ │    0.0 ms
//!     │ ── "notes.txt\n" ────────────────────────────────▶ │    0.1 ms
//!     │ ◀──────────────────────────────────── "12\nhel" ── │    0.4 ms
//!     │ ◀──────────────────────────────────────── FIN ──── │    0.5 ms  ✗ wanted 9 more bytes
//! ```

use crate::bytes::show_in_row;
use crate::ladder::{Direction, Ladder, Row};
use terminal::{Style, WIDTH, width, wrap_lines};

/// Width of an arrow with its label, between the two lifelines.
const LANE: usize = 46;

/// The longest label that is not cut. The arrow needs the rest of the lane.
const LABEL: usize = LANE - 8;

/// Most rows shown; of a longer story the middle is left out.
const ROWS: usize = 36;

/// How many rows are shown after the mistake: what peers said later does not explain it.
const AFTER: usize = 3;

pub fn render(ladder: &Ladder, style: &Style) -> String {
    Drawing::new(ladder, style).lines().join("\n")
}

struct Drawing<'a> {
    ladder: &'a Ladder,
    style: &'a Style,
    /// Each row names its peer when there are several; a single one stands in the heading.
    peers: Vec<&'a str>,
    /// The width of these names.
    margin: usize,
}

impl<'a> Drawing<'a> {
    fn new(ladder: &'a Ladder, style: &'a Style) -> Drawing<'a> {
        let peers = ladder.peers();
        let widest = peers.iter().map(|name| width(name)).max().unwrap_or(0);
        let margin = if peers.len() > 1 { widest.clamp(3, 16) } else { 3 };
        Drawing { ladder, style, peers, margin }
    }

    fn lines(&self) -> Vec<String> {
        let rows = &self.ladder.rows;
        let marked = self.ladder.mark.as_ref().and_then(|mark| mark.row);
        let end = rows.len().min(marked.map_or(usize::MAX, |row| row + 1 + AFTER));
        let left_out = if end > ROWS { ROWS / 3..end - ROWS * 2 / 3 } else { end..end };
        let mut lines = vec![self.heading()];
        for (index, row) in rows[..end].iter().enumerate() {
            if index == left_out.start {
                let margin = self.margin;
                lines.push(format!("{:margin$} ┆ … {} more …", "", left_out.len()));
            }
            if !left_out.contains(&index) {
                lines.extend(self.row(row, Some(index) == marked));
            }
        }
        if let Some(mark) = self.ladder.mark.as_ref().filter(|mark| mark.row.is_none()) {
            lines.push(self.indented(&format!("✗ {}", mark.text)));
        }
        lines
    }

    fn heading(&self) -> String {
        let left = if let [peer] = self.peers[..] { peer } else { "" };
        let (program, margin) = (&self.ladder.program, self.margin);
        let columns = LANE + 3 - (width(program) + 1).min(LANE);
        format!("{:margin$}{left:<columns$}{program}", "")
    }

    /// A row, and the mark beside or below it.
    fn row(&self, row: &Row, is_marked: bool) -> Vec<String> {
        let margin = self.margin;
        let name = row.peer.as_deref().filter(|_| self.peers.len() > 1).unwrap_or("");
        let name: String = name.chars().take(margin).collect();
        let milliseconds = row.time_us as f64 / 1000.0;
        let line = format!("{name:>margin$} │ {} │ {milliseconds:>6.1} ms", self.arrow(row));
        let mark = self.ladder.mark.as_ref().filter(|_| is_marked);
        let Some(mark) = mark.map(|mark| format!("✗ {}", mark.text)) else { return vec![line] };
        if width(&line) + 2 + width(&mark) <= WIDTH {
            return vec![format!("{line}  {}", self.style.bold_bad(&mark))];
        }
        let below = wrap_lines(&mark, WIDTH - margin - 3);
        [line].into_iter().chain(below.iter().map(|part| self.indented(part))).collect()
    }

    /// A part of the mark in a line of its own.
    fn indented(&self, mark: &str) -> String {
        format!("{:width$}{}", "", self.style.bold_bad(mark), width = self.margin + 3)
    }

    fn arrow(&self, row: &Row) -> String {
        let label = fitting(&self.style.shown(&label(row)), self.style);
        let line = "─".repeat(LANE - 6 - width(&label));
        match row.direction {
            Direction::ToProgram => format!("── {label} {line}─▶"),
            Direction::FromProgram => format!("◀─{line} {label} ──"),
            Direction::Note => format!("{:>LANE$}", format!("{label} ·")),
        }
    }
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

/// `label`, cut if it is too long.
fn fitting(label: &str, style: &Style) -> String {
    if width(label) <= LABEL {
        return label.to_owned();
    }
    let sign = style.shown("…");
    let kept: String = label.chars().take(LABEL - width(&sign)).collect();
    kept + &sign
}
