//! Where each part of the screen is.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Modifier;
use ratatui::text::Line;
use ratatui::widgets::Paragraph;

/// The areas of the screen, from top to bottom. Some have no rows.
pub struct Areas {
    header: Rect,
    steps: Rect,
    upper_rule: Rect,
    /// The part that scrolls.
    pub body: Rect,
    lower_rule: Rect,
    causes: Rect,
    notice: Rect,
    footer: Rect,
}

impl Areas {
    /// The areas for so many lines of steps, of causes and of a notice.
    pub fn new(screen: Rect, steps: usize, causes: usize, notice: usize) -> Areas {
        let rows = |lines: usize| u16::try_from(lines).unwrap_or(u16::MAX);
        let rule = |lines: usize| u16::from(lines > 0);
        let rows = [1, rows(steps), rule(steps), 0, rule(causes), rows(causes), rows(notice), 1];
        let mut constraints = rows.map(Constraint::Length);
        constraints[3] = Constraint::Min(1);
        let [header, steps, upper_rule, body, lower_rule, causes, notice, footer] =
            Layout::vertical(constraints).areas(screen);
        Areas { header, steps, upper_rule, body, lower_rule, causes, notice, footer }
    }

    /// Draws the first line.
    pub fn header(&self, frame: &mut Frame<'_>, line: Line<'_>) {
        frame.render_widget(line.patch_style(Modifier::BOLD), self.header);
    }

    /// Draws the steps.
    pub fn steps(&self, frame: &mut Frame<'_>, lines: Vec<Line<'_>>) {
        frame.render_widget(Paragraph::new(lines), self.steps);
    }

    /// Draws `lines` from line `first` and column `left` on.
    pub fn body(&self, frame: &mut Frame<'_>, lines: Vec<Line<'_>>, first: usize, left: usize) {
        let shown: Vec<Line<'_>> = lines.into_iter().skip(first).collect();
        let left = u16::try_from(left).unwrap_or(u16::MAX);
        frame.render_widget(Paragraph::new(shown).scroll((0, left)), self.body);
    }

    /// Draws the list of causes.
    pub fn causes(&self, frame: &mut Frame<'_>, lines: Vec<Line<'_>>) {
        frame.render_widget(Paragraph::new(lines), self.causes);
    }

    /// Draws a message above the keys.
    pub fn notice(&self, frame: &mut Frame<'_>, lines: Vec<Line<'_>>) {
        frame.render_widget(Paragraph::new(lines), self.notice);
    }

    /// Draws the last line.
    pub fn footer(&self, frame: &mut Frame<'_>, line: Line<'_>) {
        frame.render_widget(line, self.footer);
    }

    /// Draws the lines between the parts.
    pub fn rules(&self, frame: &mut Frame<'_>, sign: &str) {
        for area in [self.upper_rule, self.lower_rule] {
            let rule = Line::from(sign.repeat(usize::from(area.width)));
            frame.render_widget(rule.patch_style(Modifier::DIM), area);
        }
    }
}
