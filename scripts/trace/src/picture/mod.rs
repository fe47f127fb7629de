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

mod drawn;
mod layout;
mod row;
mod words;

use report::{Ladder, Row};

use drawn::Drawn;
use html_page::escape;
use layout::Layout;
pub use layout::Rows;
use row::{draw_mark, draw_row};
pub use words::described;

/// The styles of the picture, for light and dark.
pub const STYLE: &str = include_str!("picture.css");

/// Of a longer ladder, this many rows at its beginning and at its end are drawn.
const FIRST: usize = 200;
const LAST: usize = 100;

/// The picture as a file.
pub fn svg_file(ladder: &Ladder) -> String {
    let style = format!("<style>{STYLE}</style>");
    let picture = svg(ladder, &style, Rows::Buttons);
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n{picture}\n")
}

/// The picture as an element of a page that has [`STYLE`].
pub fn svg_element(ladder: &Ladder, rows: Rows) -> String {
    svg(ladder, "", rows)
}

/// The rows that are drawn, each with its index.
pub fn drawn_rows(ladder: &Ladder) -> impl Iterator<Item = (usize, &Row)> {
    let gap = gap(ladder);
    ladder.rows.iter().enumerate().filter(move |(index, _)| !gap.contains(index))
}

fn svg(ladder: &Ladder, style: &str, rows: Rows) -> String {
    let layout = Layout::new(ladder, rows);
    let Drawn { svg: body, height } = body(ladder, &layout);
    let width = layout.width;
    let role = if rows == Rows::Buttons { "group" } else { "img" };
    let title = escape(&format!("Conversation with {}", ladder.program));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"ladder\" role=\"{role}\" \
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
