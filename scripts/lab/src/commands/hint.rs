//! `cargo lab hint`: one more hint at each call, and those before it again.

use serde::Serialize;

use crate::course::labs::{Lab, Step};
use crate::course::progress::Progress;
use crate::error::Error;
use crate::output::Output;
use crate::workspace::Workspace;
use terminal::{Style, wrap};

/// The hints that are shown now.
#[derive(Debug, Serialize)]
pub struct Hints {
    lab: String,
    step: String,
    idea: String,
    shown: Vec<String>,
    hints: usize,
    /// Whether the last of `shown` was not shown before.
    is_new: bool,
    number: String,
}

/// Shows one more hint for `step`, or for the first step that is not done.
pub fn run(workspace: &Workspace, lab: &Lab, step: Option<&Step>) -> Result<Hints, Error> {
    let mut progress = Progress::read(workspace);
    let step = match step {
        Some(step) => step,
        None => first_to_do(lab, &progress)?,
    };
    let entry = progress.step_mut(lab, &step.name);
    let before = entry.hints.min(step.hints.len());
    entry.hints = (before + 1).min(step.hints.len());
    let shown = entry.hints;
    progress.keep(workspace);
    Ok(Hints {
        lab: lab.folder(),
        step: step.name.clone(),
        idea: step.idea.clone(),
        shown: step.hints[..shown].to_vec(),
        hints: step.hints.len(),
        is_new: shown > before,
        number: lab.number.clone(),
    })
}

fn first_to_do<'lab>(lab: &'lab Lab, progress: &Progress) -> Result<&'lab Step, Error> {
    let to_do = lab.steps().iter().find(|step| !progress.step(lab, &step.name).is_done());
    to_do.ok_or_else(|| {
        let steps: Vec<&str> = lab.steps().iter().map(|step| step.name.as_str()).collect();
        Error::usage(
            format!("all steps of lab {} are done", lab.number),
            format!("name the step that you want hints for: {}", steps.join(", ")),
        )
    })
}

impl Output for Hints {
    fn page(&self, style: &Style) -> String {
        let idea = wrap(&format!("Lab {}, step {}: {}", self.number, self.step, self.idea), 0);
        let mut page = format!("\n{}\n\n", style.bold(&idea));
        for (index, hint) in self.shown.iter().enumerate() {
            let label = format!("hint {} of {}", index + 1, self.hints);
            let is_last = index + 1 == self.shown.len();
            let text = lay_out(hint, 15);
            let text = if is_last { text } else { style.dim(&text) };
            page += &format!("  {label}  {text}\n");
        }
        page + "\n" + &wrap(&self.what_next(), 0) + "\n"
    }
}

/// A hint of several lines shows code, so its lines keep their indentation and are not joined.
fn lay_out(hint: &str, indent: usize) -> String {
    let line = |line: &str| {
        let inner = line.len() - line.trim_start().len();
        format!("{}{}", " ".repeat(inner), wrap(line, indent + inner))
    };
    let lines: Vec<String> = hint.lines().map(line).collect();
    lines.join(&format!("\n{}", " ".repeat(indent)))
}

impl Hints {
    fn what_next(&self) -> String {
        let (number, step) = (&self.number, &self.step);
        if self.shown.len() < self.hints {
            return format!("Still stuck? One more: cargo lab hint {number} {step}");
        }
        let first = if self.is_new { "That was the last one." } else { "These are all the hints." };
        format!(
            "{first} Now read the failure itself, slowly (cargo lab test {number} {step}), \
             and the step's part of labs/{}/README.md.",
            self.lab
        )
    }
}
