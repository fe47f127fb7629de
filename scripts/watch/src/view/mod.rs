//! Draws a model.
//!
//! ```text
//!   Lab 01  Echo                      3 of 8 tests · 25 of 97 points     header
//!   ✓ listen   3/3 tests      15/15 points                               steps
//!   ✗ echo     0/5 tests      0/20 points   3 of 5, now 0 of 5
//!   ─────────────────────────────────────────────────────────────────
//!   ✗ echo › a_text_comes_back                                           body, which scrolls
//!   ...
//!   ─────────────────────────────────────────────────────────────────
//!   › echo › a text comes back                                           causes
//!   The browser opens when the test has run again.                      notice, if there is one
//!   h hint  n p failure  e edit  ? help  q quit                          footer
//! ```
//!
//! A small screen has only the header, the body and the footer.

mod frame;
mod parts;

use std::mem;

use ratatui::Frame;
use ratatui::text::Line;
use terminal::Style;

use crate::body;
use crate::model::{Model, Overlay};
use crate::text;
use frame::Areas;
use parts::Hidden;

/// Draws `model`. Sets how far it can be scrolled, which depends on the size of the screen.
pub fn draw(frame: &mut Frame<'_>, model: &mut Model, style: &Style) {
    let columns = usize::from(frame.area().width);
    let style = Style { columns: columns.clamp(NARROWEST, terminal::WIDTH), ..*style };
    let steps = parts::steps(model, &style, frame.area().height);
    let causes = parts::causes(model, &style, frame.area().height, columns);
    let lines = |page: &str| text::lines(page, &style, columns);
    let steps = lines(&steps.join("\n"));
    let notice = lines(&parts::notice(model, &style));
    let areas = Areas::new(frame.area(), steps.len(), causes.len(), notice.len());

    let rows = usize::from(areas.body.height);
    let body = body(model, &with_fitting_ladder(model, &style, columns, rows), columns);
    model.page = rows.max(2) - 1;
    if mem::take(&mut model.seeks_failure) {
        model.scroll = lines(&body::above_failure(model, &style)).len();
    }
    model.scroll = model.scroll.min(body.len().saturating_sub(rows));
    let widest = body.iter().map(Line::width).max().unwrap_or(0);
    model.sideways = model.sideways.min(widest.saturating_sub(columns));
    let hidden = Hidden {
        below: body.len().saturating_sub(model.scroll + rows),
        right: widest.saturating_sub(model.sideways + columns),
    };

    areas.header(frame, parts::header(model, &style, columns));
    areas.steps(frame, steps);
    areas.body(frame, body, model.scroll, model.sideways);
    areas.causes(frame, lines(&causes.join("\n")));
    areas.notice(frame, notice);
    areas.footer(frame, parts::footer(model, &style, columns, &hidden));
    areas.rules(frame, &style.shown("─"));
}

/// The style in which the failure fits into `rows`, or nearly does. A long ladder loses rows from its middle,
/// so that the marked row and the advice can be seen without scrolling.
fn with_fitting_ladder(model: &Model, style: &Style, columns: usize, rows: usize) -> Style {
    if model.overlay.is_some() {
        return *style;
    }
    let with = |rows| Style { rows, ..*style };
    let fits = |style: &Style| {
        text::lines(&body::through_failure(model, style), style, columns).len() <= rows
    };
    let lengths = (SHORTEST_LADDER..=style.rows).rev().step_by(LADDER_STEP);
    lengths.map(with).find(fits).unwrap_or(with(SHORTEST_LADDER))
}

/// The lines of the body. Code in hints is not folded, because its indentation has a meaning.
fn body(model: &Model, style: &Style, columns: usize) -> Vec<Line<'static>> {
    let page = body::page(model, style);
    match &model.overlay {
        Some(Overlay::Hints(_)) => text::whole_lines(&page, style),
        _ => text::lines(&page, style, columns),
    }
}

/// The first row of a ladder, and the last ones up to the marked one.
const SHORTEST_LADDER: usize = 4;

/// By how many rows a ladder that does not fit is shortened each time.
const LADDER_STEP: usize = 4;

/// In a narrower terminal, lines continue in the next row.
const NARROWEST: usize = 40;
