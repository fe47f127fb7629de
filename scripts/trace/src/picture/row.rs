//! One row: an arrow with its label, or a note beside the program.

use report::{Direction, Ladder, Mark, Row};
use terminal::wrap_all;

use super::drawn::Drawn;
use super::layout::{Layout, Rows};
use super::words::{LABEL, described, text, time};
use html_page::escape;

/// Most characters of a line of the mark.
const MARK: usize = 52;

/// Most lines of a note.
const NOTE_LINES: usize = 4;

/// The height of a line of text, and of an arrow with the space around it.
const LINE: usize = 16;
const ARROW: usize = 18;

/// How far an arrow ends before a lifeline.
const GAP: usize = 3;

/// Row `index`, with the mark if it belongs there.
pub fn draw_row(
    ladder: &Ladder,
    index: usize,
    layout: &Layout,
    y: usize,
    mark: Option<&Mark>,
) -> Drawn {
    let row = &ladder.rows[index];
    let mut inner = match row.direction {
        Direction::Note => draw_note(&note(ladder, row), layout, y),
        Direction::ToProgram | Direction::FromProgram => draw_arrow(row, layout, y),
    };
    if let Some(mark) = mark {
        inner.add(draw_mark(mark, layout, y + inner.height));
    }
    let height = inner.height;
    let description = escape(&described(ladder, index));
    let wrong = if mark.is_some() { " wrong" } else { "" };
    let button = match layout.rows {
        Rows::Lines => String::new(),
        Rows::Buttons => format!(
            " data-row=\"{index}\" tabindex=\"0\" role=\"button\" aria-label=\"{description}\""
        ),
    };
    let svg = format!(
        "<g class=\"row {}{wrong}\"{button}><title>{description}</title>\
         <rect class=\"hit\" x=\"2\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\"/>\
         <text class=\"time\" x=\"{}\" y=\"{}\">{}</text>{}</g>",
        class(row.direction),
        y + 1,
        layout.width - 4,
        height - 2,
        layout.width - 10,
        y + 15,
        time(row),
        inner.svg,
    );
    Drawn { svg, height }
}

/// The mark in lines of its own.
pub fn draw_mark(mark: &Mark, layout: &Layout, y: usize) -> Drawn {
    let lines = wrap_all(&format!("✗ {}", mark.text), MARK);
    let line = |(index, text): (usize, &String)| {
        let x = layout.lane_x + 12;
        let y = y + 14 + index * LINE;
        format!("<text class=\"mark\" x=\"{x}\" y=\"{y}\">{}</text>", escape(text))
    };
    let svg = lines.iter().enumerate().map(line).collect();
    Drawn { svg, height: lines.len() * LINE + 6 }
}

fn draw_arrow(row: &Row, layout: &Layout, y: usize) -> Drawn {
    let peer = row.peer.as_deref().unwrap_or_default();
    let peer_x = layout.peer_x(peer);
    let program_x = layout.program_x;
    let middle = (layout.lane_x + program_x) / 2;
    let arrow_y = y + LINE + 7;
    let (from, to, back) = match row.direction {
        Direction::ToProgram => (peer_x, program_x - GAP, program_x - GAP - 9),
        Direction::FromProgram | Direction::Note => (program_x, peer_x + GAP, peer_x + GAP + 9),
    };
    let label = match layout.is_shared {
        true => format!("{peer}: {}", text(row)),
        false => text(row),
    };
    let label = escape(&label);
    let svg = format!(
        "<text class=\"label\" x=\"{middle}\" y=\"{}\">{label}</text>\
         <line class=\"arrow\" x1=\"{from}\" y1=\"{arrow_y}\" x2=\"{back}\" y2=\"{arrow_y}\"/>\
         <path class=\"head\" d=\"M{to} {arrow_y} L{back} {} L{back} {} Z\"/>",
        y + 15,
        arrow_y - 5,
        arrow_y + 5,
    );
    Drawn { svg, height: LINE + ARROW }
}

/// The label of an event. With several runs of programs, it names its own.
fn note(ladder: &Ladder, row: &Row) -> String {
    let run = row.peer.as_ref().filter(|_| ladder.runs.len() > 1);
    run.map_or_else(|| row.label.clone(), |run| format!("{run}: {}", row.label))
}

fn draw_note(label: &str, layout: &Layout, y: usize) -> Drawn {
    let mut lines = wrap_all(label, LABEL);
    if lines.len() > NOTE_LINES {
        lines.truncate(NOTE_LINES - 1);
        lines.push("…".to_owned());
    }
    let x = layout.program_x - 12;
    let line = |(index, text): (usize, &String)| {
        format!(
            "<text class=\"note\" x=\"{x}\" y=\"{}\">{}</text>",
            y + 15 + index * LINE,
            escape(text)
        )
    };
    let texts: String = lines.iter().enumerate().map(line).collect();
    let dot =
        format!("<circle class=\"dot\" cx=\"{}\" cy=\"{}\" r=\"4\"/>", layout.program_x, y + 11);
    Drawn { svg: texts + &dot, height: lines.len() * LINE + 8 }
}

fn class(direction: Direction) -> &'static str {
    match direction {
        Direction::ToProgram => "to",
        Direction::FromProgram => "from",
        Direction::Note => "event",
    }
}
