//! The verdict as a page: the steps, the first step that fails in full, the others by name.

use super::verdict::{StepVerdict, Verdict};
use crate::judge::{Judged, Kind, Outcome};
use crate::screen::{Screen, count, pad, wrap};

pub fn page(verdict: &Verdict, screen: &Screen) -> String {
    let mut page = format!("\n{}\n\n", screen.bold(&heading(verdict)));
    page += &table(verdict, screen);
    if let Some(step) = verdict.current() {
        page += &in_full(step, screen);
        page += &later_failures(verdict, step, screen);
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

/// The failures of the step to work on. Tests that wait for the same unwritten function are
/// told once.
fn in_full(step: &StepVerdict, screen: &Screen) -> String {
    let heading = screen.bold(&format!("Step {}", step.name));
    let mut page = format!("\n{heading}\n  {}\n", wrap(&step.idea, 2));
    let mut told: Vec<&str> = Vec::new();
    for failure in step.failures() {
        if told.contains(&failure.sentence.as_str()) {
            continue;
        }
        page += &format!("\n{}\n", told_in_full(failure, screen));
        if is_unwritten(failure) {
            told.push(&failure.sentence);
            page += &waiting(step, failure, screen);
        }
    }
    page
}

/// The report as the test kit wrote it; a heading of our own where it could write none.
fn told_in_full(failure: &Judged, screen: &Screen) -> String {
    let is_reported = failure.outcome == Outcome::Failed && !failure.text.is_empty();
    if is_reported {
        return without_hint(&failure.text).to_owned();
    }
    let name = name_in_words(&failure.test);
    format!("{} {name}\n\n{}", screen.mark(false), failure.text.trim_end())
}

/// `text` without its last line, if that says where the hint is: we say so once, at the end.
fn without_hint(text: &str) -> &str {
    let text = text.trim_end();
    match text.rsplit_once('\n') {
        Some((before, last)) if last.starts_with("Stuck?") => before.trim_end(),
        _ => text,
    }
}

/// How many other tests wait for the function that `first` waits for.
fn waiting(step: &StepVerdict, first: &Judged, screen: &Screen) -> String {
    let others = step.failures().filter(|other| other.sentence == first.sentence).count() - 1;
    let more = match others {
        0 => return String::new(),
        1 => "1 more test of this step waits".to_owned(),
        _ => format!("{others} more tests of this step wait"),
    };
    format!("{}\n", screen.dim(&format!("{more} for the same function.")))
}

/// What fails in the steps behind the current one: names and sentences only.
fn later_failures(verdict: &Verdict, current: &StepVerdict, screen: &Screen) -> String {
    let mut page = String::new();
    for step in verdict.steps.iter().filter(|step| step.name != current.name) {
        let mut told: Vec<&str> = Vec::new();
        for failure in step.failures().filter(|failure| !is_unwritten(failure)) {
            page += &format!("  {} › {}\n", step.name, name_in_words(&failure.test));
            page += &format!("      {}\n", screen.dim(&wrap(&failure.sentence, 6)));
        }
        for failure in step.failures().filter(|failure| is_unwritten(failure)) {
            if told.contains(&failure.sentence.as_str()) {
                continue;
            }
            told.push(&failure.sentence);
            let same = step.failures().filter(|other| other.sentence == failure.sentence).count();
            let line = format!("{}: {}", count(same, "test"), failure.sentence);
            page += &format!("  {} › {}\n", step.name, wrap(&line, step.name.len() + 5));
        }
    }
    if page.is_empty() {
        return page;
    }
    format!("\n{}\n{page}", screen.bold("In later steps"))
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
    let step_words = format!("{} {}", verdict.number, step.name);
    let again = screen.bold(&format!("cargo lab test {step_words}"));
    let hint = screen.bold(&format!("cargo lab hint {step_words}"));
    let left = if verdict.next_hint.is_some() { "" } else { "  (all hints shown)" };
    format!("\n{points}. Only this step again: {again}\nStuck? {hint}{left}\n")
}

fn is_unwritten(failure: &Judged) -> bool {
    failure.kind == Some(Kind::Unwritten)
}

/// `step2_echo::all_comes_back` as `all comes back`.
fn name_in_words(test: &str) -> String {
    test.rsplit("::").next().unwrap_or(test).replace('_', " ")
}
