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

/// The longest label that is not cut: the arrow needs the rest.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ladder::Payload;

    fn row(peer: &str, direction: Direction, label: &str) -> Row {
        let (peer, label) = (Some(peer.to_owned()), label.to_owned());
        Row { time_us: 0, peer, direction, label, payload: None, pieces: None }
    }

    fn bytes(peer: &str, direction: Direction, bytes: &[u8]) -> Row {
        let mut payload = Payload::default();
        payload.extend(bytes);
        Row { payload: Some(payload), ..row(peer, direction, "") }
    }

    fn story() -> Ladder {
        let rows = vec![
            row("peer", Direction::ToProgram, "connect"),
            bytes("peer", Direction::ToProgram, b"notes.txt\n"),
            bytes("peer", Direction::FromProgram, b"12\nhel"),
            row("peer", Direction::FromProgram, "FIN"),
        ];
        Ladder { program: "lab07 serve".to_owned(), rows, mark: None }
    }

    fn drawn(ladder: &mut Ladder, mark: &str) -> String {
        ladder.mark(Some("peer"), mark);
        render(ladder, &Style::PLAIN)
    }

    #[test]
    fn a_ladder_shows_who_said_what_and_where_it_went_wrong() {
        let text = drawn(&mut story(), "wanted 9 more bytes: \"lo, world\"");
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].trim_start().starts_with("peer"), "{text}");
        assert!(lines[0].ends_with("lab07 serve"), "{text}");
        assert!(lines[2].contains(r#"── "notes.txt\n" ──"#), "{text}");
        assert!(lines[3].contains(r#"── "12\nhel" ──"#), "{text}");
        assert!(lines[4].contains("✗ wanted 9 more bytes"), "{text}");
    }

    #[test]
    fn no_line_is_wider_than_a_hundred_columns() {
        let mut ladder = story();
        ladder.rows.push(bytes("another peer", Direction::FromProgram, &[0xab; 5000]));
        ladder.rows.push(row("peer", Direction::Note, &"x".repeat(300)));
        let mark = "so long a story that it must be told in two lines ".repeat(4);
        let text = drawn(&mut ladder, &mark);
        for line in text.lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }

    #[test]
    fn of_a_long_story_the_middle_is_left_out_but_not_the_mistake() {
        let mut ladder = story();
        for _ in 0..1000 {
            ladder.rows.push(row("other", Direction::FromProgram, "noise"));
        }
        ladder.rows.push(row("peer", Direction::FromProgram, "the mistake"));
        let text = drawn(&mut ladder, "here");
        assert!(text.contains("✗ here"), "{text}");
        assert!(text.contains("… 969 more …"), "{text}");
        assert!(text.contains("connect"), "{text}");
    }

    #[test]
    fn ascii_has_the_same_shape() {
        let mut ladder = story();
        let text = drawn(&mut ladder, "here");
        let style = Style::default();
        let plain = style.shown(&render(&ladder, &style));
        assert!(plain.is_ascii());
        assert_eq!(plain.chars().count(), text.chars().count());
    }

    #[test]
    fn the_place_is_red() {
        let mut ladder = story();
        ladder.mark(None, "here");
        let text = render(&ladder, &Style { color: true, unicode: true });
        assert!(text.ends_with("\n      \x1b[1;31m✗ here\x1b[0m"), "{text}");
    }
}
