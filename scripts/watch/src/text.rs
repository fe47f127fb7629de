//! Pages with colours as lines that fit the screen.

use ansi_to_tui::IntoText;
use ratatui::text::{Line, Span, Text};
use terminal::{Style, unbroken, width};

/// In a line, this share of the columns may stay empty so that no word is cut.
const RAGGED: usize = 3;

/// The lines of `page`, each at most `columns` wide. An empty page has none.
pub fn lines(page: &str, style: &Style, columns: usize) -> Vec<Line<'static>> {
    let lines = whole_lines(page, style).into_iter();
    lines.flat_map(|line| fold(line, columns.max(1))).collect()
}

/// The lines of `page`, however wide they are.
pub fn whole_lines(page: &str, style: &Style) -> Vec<Line<'static>> {
    if page.is_empty() {
        return Vec::new();
    }
    // A terminal's own tabs depend on the column. rustc shows a tab as 4 spaces, too.
    let page = style.shown(&page.replace('\t', "    "));
    page.into_text().unwrap_or_else(|_| Text::raw(page.clone())).lines
}

/// `line` in lines of at most `columns`. They begin with the same spaces.
fn fold(line: Line<'_>, columns: usize) -> Vec<Line<'static>> {
    let line_style = line.style;
    let mut signs: Vec<(char, ratatui::style::Style)> = Vec::new();
    for span in &line.spans {
        signs.extend(span.content.chars().map(|sign| (sign, line_style.patch(span.style))));
    }
    let indent = signs.iter().take_while(|(sign, _)| *sign == ' ').count();
    let indent = if indent < columns / 2 { indent } else { 0 };
    let mut folded = Vec::new();
    while signs.len() > columns {
        let text: String = signs.iter().map(|(sign, _)| *sign).collect();
        let mut rest = signs.split_off(place_to_cut(&text, columns, indent));
        folded.push(to_line(&signs));
        let spaces = rest.iter().take_while(|(sign, _)| *sign == ' ').count();
        rest.drain(..spaces);
        signs = vec![(' ', line_style); indent];
        signs.extend(rest);
    }
    folded.push(to_line(&signs));
    folded
}

/// After the last part that leaves not too many columns empty. A command begins a new line, however many
/// columns stay empty.
fn place_to_cut(text: &str, columns: usize, indent: usize) -> usize {
    let earliest = columns - columns / RAGGED;
    let mut start = 0;
    for part in unbroken(text, columns - indent) {
        let end = start + width(part);
        if end > columns {
            let is_command = part.contains(' ');
            let fits = start > indent + 1 && (is_command || start > earliest);
            // The space before the part ends the line.
            return if fits { start - 1 } else { columns };
        }
        start = end + 1;
    }
    columns
}

fn to_line(signs: &[(char, ratatui::style::Style)]) -> Line<'static> {
    let spans = signs.chunk_by(|(_, one), (_, other)| one == other);
    let span = |same: &[(char, ratatui::style::Style)]| {
        let text: String = same.iter().map(|(sign, _)| *sign).collect();
        Span::styled(text, same[0].1)
    };
    Line::from(spans.map(span).collect::<Vec<_>>())
}
