//! The ladder: what was said between the peers and the program, in order of time.
//!
//! ```text
//!    peer                                              lab07 serve
//!     │ ── connect ──────────────────────────────────────▶ │    0.0 ms
//!     │ ── "notes.txt\n" ────────────────────────────────▶ │    0.1 ms
//!     │ ◀──────────────────────────────────── "12\nhel" ── │    0.4 ms
//!     │ ◀──────────────────────────────────────── FIN ──── │    0.5 ms  ✗ wanted 9 more bytes
//! ```

use super::text;
use std::time::{Duration, Instant};

/// Width of an arrow with its label, between the two lifelines.
const LANE: usize = 46;

/// The longest label that is not cut: the arrow needs the rest.
const LABEL: usize = LANE - 8;

/// No line is longer than this.
pub(super) const WIDTH: usize = 100;

/// Most rows shown; of a longer story the middle is left out.
const ROWS: usize = 36;

/// Most bytes kept of the beginning, and of the end, of a message.
const KEPT: usize = 64;

/// The transcript of one test.
#[derive(Debug)]
pub struct Ladder {
    began: Instant,
    rows: Vec<Row>,
    program: String,
}

#[derive(Clone, Debug)]
struct Row {
    time: Duration,
    peer: String,
    way: Way,
    label: String,
    /// What `label` shows, when it shows bytes.
    payload: Option<Payload>,
}

/// The beginning and the end of a message, which may be long.
#[derive(Clone, Debug, Default)]
struct Payload {
    head: Vec<u8>,
    tail: Vec<u8>,
    len: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// From the peer to the program.
    In,
    /// From the program to the peer.
    Out,
    /// Seen on the program itself: its output, a signal, its end.
    Aside,
}

impl Ladder {
    pub(super) fn new(program: String) -> Ladder {
        Ladder { began: Instant::now(), rows: Vec::new(), program }
    }

    pub(super) fn name_program(&mut self, program: String) {
        self.program = program;
    }

    pub(super) fn note(&mut self, peer: &str, way: Way, label: impl Into<String>) {
        let (time, peer) = (self.began.elapsed(), peer.to_owned());
        self.rows.push(Row { time, peer, way, label: label.into(), payload: None });
    }

    /// Bytes that went over the wire. What the program sends in one go, however many reads it
    /// took us, is one row.
    pub(super) fn bytes(&mut self, peer: &str, way: Way, bytes: &[u8]) {
        let continues = |row: &Row| row.peer == peer && row.way == way && row.payload.is_some();
        if way != Way::Out || !self.rows.last().is_some_and(continues) {
            self.note(peer, way, "");
        }
        let row = self.rows.last_mut().expect("it was pushed just now");
        let payload = row.payload.get_or_insert_default();
        payload.extend(bytes);
        row.label = text::show_in_row(&payload.head, &payload.tail, payload.len, LABEL);
    }

    /// Bytes sent in many pieces, each a read of its own: one row, that says how many.
    pub(super) fn pieces(&mut self, peer: &str, bytes: &[u8], pieces: usize) {
        self.bytes(peer, Way::In, bytes);
        let row = self.rows.last_mut().expect("it was pushed just now");
        row.label = format!("{} in {pieces} pieces", row.label);
    }

    /// A datagram: always a row of its own. `label` is how it is shown.
    pub(super) fn datagram(&mut self, peer: &str, way: Way, bytes: &[u8], label: String) {
        self.note(peer, way, label);
        let row = self.rows.last_mut().expect("it was pushed just now");
        row.payload.get_or_insert_default().extend(bytes);
    }

    /// Forgets all rows: another story begins.
    pub(super) fn clear(&mut self) {
        *self = Ladder::new(std::mem::take(&mut self.program));
    }

    /// The ladder as text; `mark` stands beside the last row of `peer`, or at the end when the
    /// trouble is not one peer's.
    pub(super) fn render(&self, peer: &str, mark: &str) -> String {
        let wrong = self.rows.iter().rposition(|row| row.peer == peer && row.way != Way::Aside);
        let last = self.rows.len().saturating_sub(1);
        let margin = self.margin();
        let mut lines = vec![self.heading(margin)];
        // What others said later does not explain the mistake; what came before it may.
        let end = self.rows.len().min(wrong.unwrap_or(last) + 4);
        let left_out = if end > ROWS { ROWS / 3..end - ROWS * 2 / 3 } else { end..end };
        for (index, row) in self.rows[..end].iter().enumerate() {
            if left_out.contains(&index) {
                if index == left_out.start {
                    lines.push(format!("{:margin$} ┆ … {} more …", "", left_out.len()));
                }
                continue;
            }
            let who = if self.peers().len() > 1 { row.peer.as_str() } else { "" };
            lines.extend(row.lines(who, margin, if Some(index) == wrong { mark } else { "" }));
        }
        if wrong.is_none() {
            lines.push(format!("{:width$}✗ {mark}", "", width = margin + 3));
        }
        lines.join("\n")
    }

    /// Each row names its peer when there are several; one peer stands in the heading.
    fn margin(&self) -> usize {
        match self.peers().as_slice() {
            [] | [_] => 3,
            names => names.iter().map(|name| name.chars().count()).max().unwrap_or(3).clamp(3, 16),
        }
    }

    fn peers(&self) -> Vec<&str> {
        let mut names: Vec<&str> = Vec::new();
        for row in self.rows.iter().filter(|row| row.way != Way::Aside) {
            if !names.contains(&row.peer.as_str()) {
                names.push(&row.peer);
            }
        }
        names
    }

    fn heading(&self, margin: usize) -> String {
        let peers = self.peers();
        let left = if let [peer] = peers[..] { peer } else { "" };
        let right = margin + LANE + 3 - (self.program.chars().count() + 1).min(LANE);
        format!("{:margin$}{left:<width$}{}", "", self.program, width = right - margin)
    }
}

impl Payload {
    fn extend(&mut self, bytes: &[u8]) {
        let room = KEPT - self.head.len();
        self.head.extend(&bytes[..bytes.len().min(room)]);
        self.tail.extend(&bytes[bytes.len().saturating_sub(KEPT)..]);
        self.tail.drain(..self.tail.len().saturating_sub(KEPT));
        self.len += bytes.len();
    }
}

impl Row {
    fn lines(&self, who: &str, margin: usize, mark: &str) -> Vec<String> {
        let who: String = who.chars().take(margin).collect();
        let time = self.time.as_secs_f64() * 1000.0;
        let arrow = self.arrow();
        let line = format!("{who:>margin$} │ {arrow} │ {time:>6.1} ms");
        if mark.is_empty() {
            return vec![line];
        }
        let mark = format!("✗ {mark}");
        if line.chars().count() + 2 + mark.chars().count() <= WIDTH {
            return vec![format!("{line}  {mark}")];
        }
        let pad = margin + 3;
        let mut lines = vec![line];
        lines
            .extend(text::wrap(&mark, WIDTH - pad).iter().map(|part| format!("{:pad$}{part}", "")));
        lines
    }

    fn arrow(&self) -> String {
        let label: String = match self.label.chars().count() {
            long if long > LABEL => self.label.chars().take(LABEL - 1).chain(['…']).collect(),
            _ => self.label.clone(),
        };
        let line = "─".repeat(LANE - 6 - label.chars().count());
        match self.way {
            Way::In => format!("── {label} {line}─▶"),
            Way::Out => format!("◀─{line} {label} ──"),
            Way::Aside => format!("{:>width$}", format!("{label} ·"), width = LANE),
        }
    }
}

/// `text` for a terminal that shows only ASCII: same width, plainer signs.
pub(super) fn to_ascii(text: &str) -> String {
    let plain = |character| match character {
        '│' | '┆' => '|',
        '─' => '-',
        '▶' | '›' => '>',
        '◀' => '<',
        '✗' => 'X',
        '·' => '*',
        '…' => '~',
        ascii if ascii.is_ascii() => ascii,
        _ => '?',
    };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn story() -> Ladder {
        let mut ladder = Ladder::new("lab07 serve".to_owned());
        ladder.note("peer", Way::In, "connect");
        ladder.bytes("peer", Way::In, b"notes.txt\n");
        ladder.bytes("peer", Way::Out, b"12\nhel");
        ladder.note("peer", Way::Out, "FIN");
        ladder
    }

    #[test]
    fn a_ladder_shows_who_said_what_and_where_it_went_wrong() {
        let text = story().render("peer", "wanted 9 more bytes: \"lo, world\"");
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
        ladder.bytes("another peer", Way::Out, &[0xab; 5000]);
        ladder.note("peer", Way::Aside, "x".repeat(300));
        let text =
            ladder.render("peer", &"so long a story that it must be told in two lines ".repeat(4));
        for line in text.lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }

    #[test]
    fn of_a_long_story_the_middle_is_left_out_but_not_the_mistake() {
        let mut ladder = story();
        for _ in 0..1000 {
            ladder.note("other", Way::Out, "noise");
        }
        ladder.note("peer", Way::Out, "the mistake");
        let text = ladder.render("peer", "here");
        assert!(text.contains("✗ here"), "{text}");
        assert!(text.contains("… 969 more …"), "{text}");
        assert!(text.contains("connect"), "{text}");
    }

    #[test]
    fn ascii_has_the_same_shape() {
        let text = story().render("peer", "here");
        let plain = to_ascii(&text);
        assert!(plain.is_ascii());
        assert_eq!(plain.chars().count(), text.chars().count());
    }
}
