//! The verdict as a page: the steps, the failures of the first step that is not done, the failures of
//! the others in brief, and the next command.

use terminal::{Style, pad, wrap};

use super::failures;
use super::verdict::{StepVerdict, Verdict};
use crate::error::Exit;
use crate::judge::Outcome;
use crate::output::Output;

impl Output for Verdict {
    fn page(&self, style: &Style) -> String {
        let heading = format!("Lab {}  {}", self.number, self.title);
        let mut page = format!("\n{}\n\n", style.bold(&heading)) + &table(self, style);
        if let Some(step) = self.current() {
            page += &failures::of_the_step(step, self, style);
            page += &failures::of_later_steps(self, step, style);
        }
        page + &skipped(self, style) + &closing(self, style)
    }

    fn exit(&self) -> Exit {
        Exit::of(self.verdict == "passed")
    }
}

fn table(verdict: &Verdict, style: &Style) -> String {
    let width = verdict.steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
    let mut table = String::new();
    for step in &verdict.steps {
        let tests = format!("{}/{} tests", step.passed, step.tests.len() - step.skipped);
        let points = format!("{}/{} points", step.points, step.points_possible);
        let name = pad(&step.name, width);
        table += &format!("  {} {name}   {}  {points}\n", step_mark(step, style), pad(&tests, 12));
    }
    table
}

fn step_mark(step: &StepVerdict, style: &Style) -> String {
    if step.failures().next().is_some() {
        return style.mark(false);
    }
    if step.done { style.mark(true) } else { style.careful("○") }
}

fn skipped(verdict: &Verdict, style: &Style) -> String {
    let tests = verdict.steps.iter().flat_map(|step| &step.tests);
    let skipped: Vec<String> = tests
        .filter(|test| test.outcome == Outcome::Skipped)
        .map(|test| format!("  {}\n      {}\n", test.name_in_words(), wrap(test.sentence(), 6)))
        .collect();
    if skipped.is_empty() {
        return String::new();
    }
    format!("\n{}\n{}", style.bold("Not run on this machine"), skipped.concat())
}

fn closing(verdict: &Verdict, style: &Style) -> String {
    let points = points(verdict);
    let Some(step) = verdict.current() else {
        return format!("\n{}\n", style.good(&format!("All tests pass: {points}.")));
    };
    let again = style.bold(&format!("cargo lab test {} {}", verdict.number, step.name));
    let hint = style.bold(&format!("cargo lab hint {} {}", verdict.number, step.step_to_ask()));
    let left = if verdict.next_hint.is_some() { "" } else { "  (all hints shown)" };
    format!("\n{points}. Only this step again: {again}\nStuck? {hint}{left}\n")
}

/// `97 of 97 points`. Points for tests that could not run are named, and not counted as lost.
fn points(verdict: &Verdict) -> String {
    let Verdict { points, points_possible, points_not_judged, .. } = verdict;
    let judged = format!("{points} of {points_possible} points");
    match points_not_judged {
        0 => judged,
        more => format!("{judged}, and {more} more that this machine cannot judge"),
    }
}
