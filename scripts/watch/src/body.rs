//! The text in the middle of the screen.

use lab::commands::hint::Ask;
use lab::commands::test::{Cause, Judgement, Verdict};
use lab::output::Output;
use terminal::{Style, pad, width, wrap_to};

use crate::event::Key;
use crate::model::{Model, Overlay};

/// The page for `model`, with the escapes of its colours.
pub fn page(model: &Model, style: &Style) -> String {
    let page = match &model.overlay {
        Some(Overlay::Help) => help(style),
        Some(Overlay::Hints(hints)) => hints.page_with(style, Ask::Key(Key::HINT)),
        Some(Overlay::Output) => output(model, style),
        None => of_last_run(model, style),
    };
    page.trim_matches('\n').to_owned()
}

fn help(style: &Style) -> String {
    let widest = Key::HELP.iter().map(|(key, _)| width(key)).max().unwrap_or(0);
    let line = |(key, what): &(&str, &str)| {
        let what = wrap_to(what, widest + 2, style.columns);
        format!("{}  {what}\n", style.bold(&pad(key, widest)))
    };
    let lines: String = Key::HELP.iter().map(line).collect();
    let about = "Each save builds and tests your program. A save during a run starts again.";
    format!("{lines}\n{}\n", wrap_to(about, 0, style.columns))
}

/// What `cargo lab test` would print.
fn output(model: &Model, style: &Style) -> String {
    match &model.last {
        None => waiting(model, style),
        Some(Ok(judgement)) => judgement.page(style),
        Some(Err(error)) => error.clone(),
    }
}

fn of_last_run(model: &Model, style: &Style) -> String {
    match &model.last {
        None => waiting(model, style),
        Some(Ok(Judgement::Verdict(verdict))) => of_verdict(model, verdict, style),
        // The first error first, as cargo prints them.
        Some(Ok(Judgement::DoesNotCompile(errors))) => errors.errors.clone(),
        Some(Ok(Judgement::NotJudged(reasons))) => reasons.page(style),
        Some(Err(error)) => style.bad(&wrap_lines(error, style)),
    }
}

fn waiting(model: &Model, style: &Style) -> String {
    let is_first = model.running.as_ref().is_some_and(|running| running.is_first_build);
    let text = match is_first {
        true => "Building the lab and its test program. Only the first build takes long.",
        false => "Building your program and running its tests.",
    };
    wrap_to(text, 0, style.columns)
}

/// What became worse is on top, then what became better, then one failure in full.
fn of_verdict(model: &Model, verdict: &Verdict, style: &Style) -> String {
    let mut parts = vec![through_failure(model, style)];
    if verdict.is_passed() {
        parts.push(verdict.afterwards.as_ref().map(|it| it.page(style)).unwrap_or_default());
    }
    parts.push(verdict.lints_page(style));
    paragraphs(&parts)
}

/// The page down to the end of the failure. Empty without a verdict.
pub fn through_failure(model: &Model, style: &Style) -> String {
    let changed = model.verdict().map(|verdict| what_changed(verdict, style)).unwrap_or_default();
    let failure = model.cause().map(|cause| in_full(model, &cause, style)).unwrap_or_default();
    paragraphs(&[changed, failure])
}

/// The part of the page above the failure, with the empty line between them.
pub fn above_failure(model: &Model, style: &Style) -> String {
    let above = model.verdict().map(|verdict| what_changed(verdict, style)).unwrap_or_default();
    if above.is_empty() { above } else { above + "\n\n" }
}

fn what_changed(verdict: &Verdict, style: &Style) -> String {
    let regression = verdict.regression.as_ref().map(|it| it.page(style)).unwrap_or_default();
    paragraphs(&[regression, praise(verdict, style)])
}

/// The parts that are not empty, with an empty line between two of them.
fn paragraphs(parts: &[String]) -> String {
    let parts = parts.iter().map(|part| part.trim_matches('\n'));
    let shown: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    shown.join("\n\n")
}

/// A line of praise for each step that was not done before, and the idea of the next step.
fn praise(verdict: &Verdict, style: &Style) -> String {
    if verdict.is_passed() {
        return style.good(&format!("All tests pass: {}.", verdict.points_in_words()));
    }
    let done = verdict.newly_done();
    let Some(next) = verdict.current().filter(|_| !done.is_empty()) else { return String::new() };
    let line = |step: &&str| style.good(&format!("✓ Well done: step {step} passes all its tests."));
    let praise: Vec<String> = done.iter().map(line).collect();
    let idea = wrap_to(&format!("Next is step {}: {}", next.name, next.idea), 0, style.columns);
    format!("{}\n{idea}", praise.join("\n"))
}

fn in_full(model: &Model, cause: &Cause<'_>, style: &Style) -> String {
    let count = model.causes().len();
    if count < 2 {
        return cause.in_full(style);
    }
    let place = format!("Failure {} of {count}", model.selected + 1);
    format!("{}\n{}", style.dim(&place), cause.in_full(style))
}

fn wrap_lines(text: &str, style: &Style) -> String {
    terminal::wrap_lines(text, style.columns).join("\n")
}
