//! The ladder row by row, while the conversation goes on.

use super::ladder::Drawing;
use crate::ladder::{Ladder, Row};
use terminal::Style;

/// A ladder whose later rows are not known yet.
#[derive(Clone, Debug)]
pub struct LiveLadder {
    program: String,
    style: Style,
}

impl LiveLadder {
    /// The ladder of `program` on a terminal of this style.
    pub fn new(program: &str, style: Style) -> LiveLadder {
        LiveLadder { program: program.to_owned(), style }
    }

    /// The line above the first row.
    pub fn heading(&self) -> String {
        let mut lines = self.draw(Vec::new());
        self.style.shown(&lines.swap_remove(0))
    }

    /// The lines of the next row: one arrow, or several if it holds short lines of text.
    pub fn row(&self, row: &Row) -> Vec<String> {
        let lines = self.draw(vec![row.clone()]);
        lines[1..].iter().map(|line| self.style.shown(line)).collect()
    }

    /// The heading, and the lines of `rows`.
    fn draw(&self, rows: Vec<Row>) -> Vec<String> {
        let program = self.program.clone();
        let ladder = Ladder { program, rows, ..Ladder::default() };
        Drawing::live(&ladder, &self.style).lines()
    }
}
