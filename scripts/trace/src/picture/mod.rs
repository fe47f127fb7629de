//! The ladder as an SVG picture: a lifeline for each peer and for the program, an arrow for each row.
//!
//! ```text
//!    alice   bob                                lab06 serve
//!      │      │                                      │
//!      │      │  "hello\n"                           │   0.1 ms
//!      ├──────┼─────────────────────────────────────▶│
//! ```
//!
//! The labels are between the last peer and the program, so that no lifeline crosses them.

mod layout;
mod row;

use report::{Direction, Ladder, Row};
use terminal::count_of;

use crate::escape::escape;
use layout::Layout;
use row::{Drawn, draw_mark, draw_row};

/// The styles of the picture, for light and dark.
pub const STYLE: &str = include_str!("picture.css");

/// Of a longer ladder, this many rows at its beginning and at its end are drawn.
const FIRST: usize = 200;
const LAST: usize = 100;

/// The picture as a file.
pub fn svg_file(ladder: &Ladder) -> String {
    let style = format!("<style>{STYLE}</style>");
    let picture = svg(ladder, &style);
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{picture}\n")
}

/// The picture as an element of a page that has [`STYLE`].
pub fn svg_element(ladder: &Ladder) -> String {
    svg(ladder, "")
}

/// The rows that are drawn, each with its index.
pub fn drawn_rows(ladder: &Ladder) -> impl Iterator<Item = (usize, &Row)> {
    let gap = gap(ladder);
    ladder.rows.iter().enumerate().filter(move |(index, _)| !gap.contains(index))
}

/// A row in one sentence.
pub fn described(ladder: &Ladder, index: usize) -> String {
    let row = &ladder.rows[index];
    let program = ladder.program.as_str();
    let peer = row.peer.as_deref().unwrap_or("peer");
    let route = match row.direction {
        Direction::ToProgram => format!("{peer} to {program}"),
        Direction::FromProgram => format!("{program} to {peer}"),
        Direction::Note => row.peer.as_deref().unwrap_or(program).to_owned(),
    };
    let text = row::text(row);
    let count = row.payload.as_ref().map(|bytes| count_of(bytes.len, "byte"));
    // Of a long message, the text has the count already.
    let count = count.filter(|count| !text.contains(count));
    let count = count.map(|count| format!(", {count}")).unwrap_or_default();
    let mark = ladder.mark.as_ref().filter(|mark| mark.row == Some(index));
    let mark = mark.map(|mark| format!(". It went wrong here: {}", mark.text)).unwrap_or_default();
    format!("{}, {route}: {text}{count}{mark}", time(row))
}

fn svg(ladder: &Ladder, style: &str) -> String {
    let layout = Layout::new(ladder);
    let Drawn { svg: body, height } = body(ladder, &layout);
    let width = layout.width;
    let title = escape(&format!("Conversation with {}", ladder.program));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ladder\" role=\"group\" \
         aria-label=\"{title}\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\">{style}<rect class=\"paper\" width=\"{width}\" \
         height=\"{height}\"/>{}{body}</svg>",
        layout.lifelines(height)
    )
}

/// All rows, one below the other. The height is that of the whole picture.
fn body(ladder: &Ladder, layout: &Layout) -> Drawn {
    let mut body = Drawn { svg: String::new(), height: layout::TOP };
    let gap = gap(ladder);
    let mark = ladder.mark.as_ref();
    for index in 0..ladder.rows.len() {
        let y = body.height;
        if !gap.contains(&index) {
            let mark = mark.filter(|mark| mark.row == Some(index));
            body.add(draw_row(ladder, index, layout, y, mark));
        } else if index == gap.start {
            body.add(layout.left_out(gap.len(), y));
        }
    }
    if let Some(mark) = mark.filter(|mark| mark.row.is_none()) {
        let Drawn { svg, height } = draw_mark(mark, layout, body.height);
        body.add(Drawn { svg: format!("<g class=\"wrong\">{svg}</g>"), height });
    }
    Drawn { height: body.height + layout::BOTTOM, ..body }
}

/// The rows that are not drawn.
fn gap(ladder: &Ladder) -> std::ops::Range<usize> {
    let count = ladder.rows.len();
    if count > FIRST + LAST { FIRST..count - LAST } else { 0..0 }
}

fn time(row: &Row) -> String {
    format!("{:.1} ms", row.time_us as f64 / 1000.0)
}
