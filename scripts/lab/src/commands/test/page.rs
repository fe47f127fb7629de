//! The verdict as a page: the steps, what fails in the first of them that is not done, in brief
//! what fails in the others, and what to type next.

use super::failures;
use super::verdict::{StepVerdict, Verdict};
use crate::judge::Outcome;
use crate::screen::{Screen, pad, wrap};

pub fn page(verdict: &Verdict, screen: &Screen) -> String {
    let mut page = format!("\n{}\n\n", screen.bold(&heading(verdict)));
    page += &table(verdict, screen);
    if let Some(step) = verdict.current() {
        page += &failures::of_the_step(step, verdict, screen);
        page += &failures::of_later_steps(verdict, step, screen);
    }
    page += &skipped(verdict, screen);
    page += &closing(verdict, screen);
    page
}

fn heading(verdict: &Verdict) -> String {
    format!("Lab {}  {}", verdict.number, verdict.title)
}

fn table(verdict: &Verdict, screen: &Screen) -> String {
    let width = verdict.steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
    let mut table = String::new();
    for step in &verdict.steps {
        let tests = format!("{}/{} tests", step.passed, step.tests.len() - step.skipped);
        let points = format!("{}/{} points", step.points, step.points_possible);
        let name = pad(&step.name, width);
        table += &format!("  {} {name}   {}  {points}\n", step_mark(step, screen), pad(&tests, 12));
    }
    table
}

fn step_mark(step: &StepVerdict, screen: &Screen) -> String {
    if step.failures().next().is_some() {
        return screen.mark(false);
    }
    if step.done { screen.mark(true) } else { screen.careful("○") }
}

fn skipped(verdict: &Verdict, screen: &Screen) -> String {
    let tests = verdict.steps.iter().flat_map(|step| &step.tests);
    let skipped: Vec<String> = tests
        .filter(|test| test.outcome == Outcome::Skipped)
        .map(|test| format!("  {}\n      {}\n", name_in_words(&test.test), wrap(&test.sentence, 6)))
        .collect();
    if skipped.is_empty() {
        return String::new();
    }
    format!("\n{}\n{}", screen.bold("Not run on this machine"), skipped.concat())
}

fn closing(verdict: &Verdict, screen: &Screen) -> String {
    let points = format!("{} of {} points", verdict.points, verdict.points_possible);
    let Some(step) = verdict.current() else {
        return format!("\n{}\n", screen.good(&format!("All tests pass: {points}.")));
    };
    let again = screen.bold(&format!("cargo lab test {} {}", verdict.number, step.name));
    let hint = screen.bold(&format!("cargo lab hint {} {}", verdict.number, step.step_to_ask()));
    let left = if verdict.next_hint.is_some() { "" } else { "  (all hints shown)" };
    format!("\n{points}. Only this step again: {again}\nStuck? {hint}{left}\n")
}

/// `step2_echo::all_comes_back` as `all comes back`.
pub fn name_in_words(test: &str) -> String {
    test.rsplit("::").next().unwrap_or(test).replace('_', " ")
}
