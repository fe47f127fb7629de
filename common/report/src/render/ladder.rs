//! The ladder as text.
//!
//! ```text
//!    peer                                              lab07 serve
//!     │ ── connect ──────────────────────────────────────▶ │    0.0 ms
//!     │ ── "notes.txt\n" ────────────────────────────────▶ │    0.1 ms
//!     │ ◀──────────────────────────────────── "12\nhel" ── │    0.4 ms
//!     │ ◀──────────────────────────────────────── FIN ──── │    0.5 ms  ✗ wanted 9 more bytes
//! ```

use super::fold::{LABEL, Line, fitting, fold};
use crate::ladder::{Direction, Ladder};
use terminal::{Style, width, wrap_lines};

/// Width of an arrow with its label, between the two lifelines.
const LANE: usize = LABEL + 8;

/// The same where the terminal has no room for more.
const NARROWEST_LANE: usize = 16;

/// Width of a row's time, as in `   12.5 ms`.
const TIME: usize = 10;

/// The width of the names where those of later rows are not known yet.
const LIVE_MARGIN: usize = 8;

/// Most rows shown after the mistake: what peers said later does not explain it.
const AFTER: usize = 3;

/// They are at most this share of all rows.
const SHARE_AFTER: usize = 6;

/// The width of an arrow beside a margin of this width.
fn lane_beside(margin: usize, style: &Style) -> usize {
    // The lifelines, and the spaces around them, take 5 columns.
    let room = style.columns.saturating_sub(margin + 5 + TIME);
    room.clamp(NARROWEST_LANE, LANE)
}

pub fn render(ladder: &Ladder, style: &Style) -> String {
    Drawing::new(ladder, style).lines().join("\n")
}

pub(super) struct Drawing<'a> {
    ladder: &'a Ladder,
    style: &'a Style,
    /// An arrow names its peer when there are several; a single one stands in the heading.
    peers: Vec<&'a str>,
    /// Later rows are not known yet. They may have other peers, so each arrow names its own.
    is_live: bool,
    rows: Vec<Line<'a>>,
    /// The width of the names.
    margin: usize,
    /// The width of an arrow.
    lane: usize,
}

impl<'a> Drawing<'a> {
    fn new(ladder: &'a Ladder, style: &'a Style) -> Drawing<'a> {
        let peers = ladder.peers();
        let marked = ladder.mark.as_ref().and_then(|mark| mark.row);
        let rows = fold(&ladder.rows, marked);
        let drawing = Drawing { ladder, style, peers, is_live: false, rows, margin: 3, lane: LANE };
        let named = drawing.rows.iter().filter(|row| drawing.is_named(row));
        let widest = named.map(|row| width(&row.name)).max().unwrap_or(0);
        let margin = widest.clamp(3, 16.min(style.columns / 6));
        Drawing { margin, lane: lane_beside(margin, style), ..drawing }
    }

    /// Whether the margin says whose row it is: which of several peers, or of several runs.
    fn is_named(&self, row: &Line) -> bool {
        match row.first.direction {
            Direction::Note => self.ladder.runs.len() > 1,
            _ => self.is_live || self.peers.len() > 1,
        }
    }

    /// Rows that are drawn before later ones are known.
    pub(super) fn live(ladder: &'a Ladder, style: &'a Style) -> Drawing<'a> {
        let drawing = Drawing::new(ladder, style);
        let lane = lane_beside(LIVE_MARGIN, style);
        Drawing { peers: Vec::new(), is_live: true, margin: LIVE_MARGIN, lane, ..drawing }
    }

    pub(super) fn lines(&self) -> Vec<String> {
        let rows = &self.rows;
        let marked = rows.iter().position(|row| row.is_marked);
        let most = self.style.rows;
        let after = AFTER.min(most / SHARE_AFTER);
        let end = rows.len().min(marked.map_or(usize::MAX, |row| row + 1 + after));
        let left_out = if end > most { most / 3..end - (most - most / 3) } else { end..end };
        let mut lines = vec![self.heading()];
        for (index, row) in rows[..end].iter().enumerate() {
            if index == left_out.start {
                lines.push(self.left_out(left_out.len()));
            }
            if !left_out.contains(&index) {
                lines.extend(self.row(row));
            }
        }
        if end < rows.len() {
            lines.push(self.left_out(rows.len() - end));
        }
        if let Some(mark) = self.ladder.mark.as_ref().filter(|mark| mark.row.is_none()) {
            lines.extend(self.below(&format!("✗ {}", mark.text)));
        }
        lines
    }

    fn left_out(&self, count: usize) -> String {
        format!("{:margin$} ┆ … {count} more …", "", margin = self.margin)
    }

    fn heading(&self) -> String {
        let left = if let [peer] = self.peers[..] { peer } else { "" };
        let (program, margin) = (&self.ladder.program, self.margin);
        let columns = self.lane + 3 - (width(program) + 1).min(self.lane);
        format!("{:margin$}{left:<columns$}{program}", "")
    }

    /// A row, and the mark beside or below it.
    fn row(&self, row: &Line) -> Vec<String> {
        let mut lines = self.arrows(row);
        let mark = self.ladder.mark.as_ref().filter(|_| row.is_marked);
        let Some(mark) = mark.map(|mark| format!("✗ {}", mark.text)) else { return lines };
        match lines.last_mut() {
            Some(last) if width(last) + 2 + width(&mark) <= self.style.columns => {
                *last += &format!("  {}", self.style.bold_bad(&mark));
            }
            _ => lines.extend(self.below(&mark)),
        }
        lines
    }

    /// A line for each label. The first one has the name and the time.
    fn arrows(&self, row: &Line) -> Vec<String> {
        let margin = self.margin;
        let shown = if self.is_named(row) { &*row.name } else { "" };
        let mut name = fitting(shown, margin, &self.ellipsis());
        let mut time = format!(" {:>6.1} ms", row.first.time_us as f64 / 1000.0);
        let mut lines = Vec::new();
        for label in &row.labels {
            let arrow = self.arrow(row.first.direction, label);
            lines.push(format!("{name:>margin$} │ {arrow} │{time}"));
            name.clear();
            time.clear();
        }
        lines
    }

    /// The mark in lines of its own.
    fn below(&self, mark: &str) -> Vec<String> {
        let lines = wrap_lines(mark, self.style.columns - self.margin - 3);
        lines.iter().map(|line| self.indented(line)).collect()
    }

    /// A part of the mark in a line of its own.
    fn indented(&self, mark: &str) -> String {
        format!("{:width$}{}", "", self.style.bold_bad(mark), width = self.margin + 3)
    }

    fn ellipsis(&self) -> String {
        self.style.shown("…")
    }

    fn arrow(&self, direction: Direction, label: &str) -> String {
        let lane = self.lane;
        let label = fitting(&self.style.shown(label), lane - 8, &self.ellipsis());
        let line = "─".repeat(lane - 6 - width(&label));
        match direction {
            Direction::ToProgram => format!("── {label} {line}─▶"),
            Direction::FromProgram => format!("◀─{line} {label} ──"),
            Direction::Note => format!("{:>lane$}", format!("{label} ·")),
        }
    }
}
