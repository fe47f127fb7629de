//! A row in words: on its arrow, and for a reader who does not see the picture.

use report::{Direction, Ladder, Row};
use terminal::{count_of, thousands};

/// Most characters in the lane.
pub const LABEL: usize = 44;

/// What stands on its arrow.
pub fn text(row: &Row) -> String {
    let pieces = row.pieces.map(|count| format!(" in {} pieces", thousands(count)));
    let pieces = pieces.unwrap_or_default();
    row.text(LABEL - pieces.chars().count()) + &pieces
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
    let text = text(row);
    let count = row.payload.as_ref().map(|bytes| count_of(bytes.len, "byte"));
    // Of a long message, the text has the count already.
    let count = count.filter(|count| !text.contains(count));
    let count = count.map(|count| format!(", {count}")).unwrap_or_default();
    let mark = ladder.mark.as_ref().filter(|mark| mark.row == Some(index));
    let mark = mark.map(|mark| format!(". It went wrong here: {}", mark.text)).unwrap_or_default();
    format!("{}, {route}: {text}{count}{mark}", time(row))
}

/// When it was.
pub fn time(row: &Row) -> String {
    format!("{:.1} ms", row.time_us as f64 / 1000.0)
}
