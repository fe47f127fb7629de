//! A report as text, in this order: what went wrong, the conversation, what to check, where the
//! hint is.

mod fold;
mod ladder;
mod live;

pub use live::LiveLadder;

use crate::failure::{Failure, Kind, StderrTail};
use crate::outcome::{Outcome, Report};
use terminal::{Style, wrap_all, wrap_lines};

/// How far the lines of stderr are indented.
const INDENT: usize = 4;

impl Report {
    /// All of it, for a terminal of this style.
    pub fn render(&self, style: &Style) -> String {
        let mut text = self.render_without_hint(style);
        if let Some(hint) = self.hint() {
            // The advice and the hint belong together.
            let has_advice = self.failure().is_some_and(|failure| failure.advice.is_some());
            text += if has_advice { "\n" } else { "\n\n" };
            text += &style.shown(&hint);
        }
        text
    }

    /// The same without the line that says where the hint is.
    pub fn render_without_hint(&self, style: &Style) -> String {
        let test = format!("{} › {}", self.test.group(), self.test.name);
        let text = match &self.outcome {
            Outcome::Passed { ladder } => {
                let heading = style.good(&format!("✓ {test}"));
                [heading, ladder::render(ladder, style)].join("\n\n")
            }
            Outcome::Skipped { reason } => format!("skipped {test}: {reason}"),
            Outcome::Machine { reason } => {
                let heading = style.bold_bad(&format!("✗ {test}"));
                let text = format!("{reason} This is no verdict on the program.");
                [heading, style.bold(&wrapped(&text, style))].join("\n\n")
            }
            Outcome::Failed(failure) => {
                let heading = style.bold_bad(&format!("✗ {test}"));
                [vec![heading], failure.paragraphs(style)].concat().join("\n\n")
            }
        };
        style.shown(&text)
    }

    /// `Stuck? cargo lab hint 01 echo`, for a failure in a step.
    pub fn hint(&self) -> Option<String> {
        let step = self.failure().and(self.step_with_hints())?;
        Some(format!("Stuck? cargo lab hint {} {step}", self.lab))
    }
}

impl Failure {
    fn paragraphs(&self, style: &Style) -> Vec<String> {
        let mut paragraphs = vec![style.bold(&wrapped(&self.message.text, style))];
        let details = self.details.iter().map(|detail| wrapped(detail, style));
        let details: Vec<String> =
            details.chain(self.stderr.iter().map(|tail| tail.text(style))).collect();
        paragraphs.extend((!details.is_empty()).then(|| details.join("\n")));
        paragraphs.extend(self.ladder.as_ref().map(|it| ladder::render(it, style)));
        let advice = self.advice.as_ref();
        let advice = advice.map(|advice| format!("{}: {}", self.advice_heading(), advice.text));
        paragraphs.extend(advice.map(|advice| wrapped(&advice, style)));
        paragraphs
    }

    /// An advice is about what the test expected. A panic may have another cause.
    fn advice_heading(&self) -> &'static str {
        match self.kind {
            Kind::Panicked => "Find the cause of the panic first. The test is about this",
            _ => "Think about it",
        }
    }
}

impl StderrTail {
    fn text(&self, style: &Style) -> String {
        let heading = format!("{}:", self.heading());
        let lines = self.lines.iter().flat_map(|line| wrap_all(line, style.columns - INDENT));
        let lines = lines.map(|line| format!("{:INDENT$}{line}", ""));
        [heading].into_iter().chain(lines).collect::<Vec<_>>().join("\n")
    }
}

fn wrapped(text: &str, style: &Style) -> String {
    wrap_lines(text, style.columns).join("\n")
}
