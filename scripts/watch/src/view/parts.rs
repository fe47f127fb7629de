//! The parts around the body, each as lines that fit.

use lab::commands::test::{Cause, Judgement, StepVerdict, Verdict};
use ratatui::text::Line;
use terminal::{Style, count_of, pad, width};

use crate::model::Model;
use crate::text;

/// A screen with fewer rows shows the steps in one line, or not at all.
const ROWS_FOR_TABLE: u16 = 30;
const ROWS_FOR_STEPS: u16 = 12;

/// A screen with fewer rows does not list the causes.
const ROWS_FOR_CAUSES: u16 = 20;

/// Most causes that are listed.
const CAUSES: usize = 4;

/// `Lab 01  Echo           3 of 8 tests · 25 of 97 points`
pub fn header(model: &Model, style: &Style, columns: usize) -> Line<'static> {
    let short = format!("Lab {}", model.number);
    let long = format!("{short}  {}", model.title);
    let fits = |left: &str, state: &str| width(left) + 2 + width(state) <= columns;
    // The first state is the longest.
    let states = states(model);
    let state = states.iter().find(|state| fits(&short, state)).or(states.last());
    let state = state.map_or("", String::as_str);
    let left = if fits(&long, state) { long } else { short };
    let gap = columns.saturating_sub(width(&left) + width(state)).max(2);
    one_line(&format!("{left}{}{state}", " ".repeat(gap)), style, columns)
}

/// What the last run found, or that one is running, in words for several widths.
fn states(model: &Model) -> Vec<String> {
    if let Some(running) = &model.running {
        return vec![match running.since.elapsed().as_secs() {
            0 => "running".to_owned(),
            seconds => format!("running, {seconds} s"),
        }];
    }
    match &model.last {
        None => Vec::new(),
        Some(Ok(Judgement::Verdict(verdict))) => summaries(verdict),
        Some(Ok(Judgement::DoesNotCompile(errors))) => {
            vec![format!("does not compile: {}", count_of(errors.count, "error"))]
        }
        Some(Ok(Judgement::NotJudged(_))) => vec!["not judged".to_owned()],
        Some(Err(_)) => vec!["error".to_owned()],
    }
}

fn summaries(verdict: &Verdict) -> Vec<String> {
    let passed: usize = verdict.steps.iter().map(|step| step.passed).sum();
    let judged: usize = verdict.steps.iter().map(StepVerdict::judged).sum();
    let tests = format!("{passed} of {judged} tests");
    let before = verdict.steps.iter().map(|step| Some(step.before.as_ref()?.passed));
    let before = before.sum::<Option<usize>>().filter(|before| *before != passed);
    let before = before.map(|before| format!(", before {before}")).unwrap_or_default();
    let points = format!("{} of {} points", verdict.points, verdict.points_possible);
    vec![format!("{tests}{before} · {points}"), format!("{tests}{before}"), tests]
}

/// The steps in a line each, or all in one line, or not at all.
pub fn steps(model: &Model, style: &Style, rows: u16) -> Vec<String> {
    let Some(verdict) = model.newest_verdict() else { return Vec::new() };
    let table = verdict.table(style);
    if rows >= ROWS_FOR_TABLE {
        return table.lines().map(str::to_owned).collect();
    }
    let steps: Vec<String> = verdict.steps.iter().map(|step| in_brief(step, style)).collect();
    if rows >= ROWS_FOR_STEPS { vec![steps.join("  ")] } else { Vec::new() }
}

/// `✓ listen`, `✗ echo 2/10`
fn in_brief(step: &StepVerdict, style: &Style) -> String {
    let mark = step.mark(style);
    match step.done {
        true => format!("{mark} {}", step.name),
        false => format!("{mark} {} {}/{}", step.name, step.passed, step.judged()),
    }
}

/// A list of the causes around the shown one, if there are several.
pub fn causes(model: &Model, style: &Style, rows: u16, columns: usize) -> Vec<String> {
    let causes = model.causes();
    if causes.len() < 2 || rows < ROWS_FOR_CAUSES || model.overlay.is_some() {
        return Vec::new();
    }
    let last_start = causes.len().saturating_sub(CAUSES);
    let start = model.selected.saturating_sub(1).min(last_start);
    let shown = causes.iter().enumerate().skip(start).take(CAUSES);
    shown.map(|(index, cause)| row(cause, index == model.selected, style, columns)).collect()
}

fn row(cause: &Cause<'_>, is_selected: bool, style: &Style, columns: usize) -> String {
    let first = cause.tests[0];
    let sign = if is_selected { "›" } else { " " };
    let text =
        format!("{sign} {} › {}: {}", cause.step.name, first.name_in_words(), first.sentence());
    let text = cut(&text.replace('\n', " "), columns);
    if is_selected { style.bold(&text) } else { text }
}

/// A message, if there is one. It is not cut, because it may end with the path of a file.
pub fn notice(model: &Model, style: &Style) -> String {
    model.notice.as_deref().map(|notice| style.careful(notice)).unwrap_or_default()
}

/// What of the body is not on the screen.
pub struct Hidden {
    /// How many lines are below it.
    pub below: usize,
    /// How many columns are on its right.
    pub right: usize,
}

/// The keys.
pub fn footer(model: &Model, style: &Style, columns: usize, hidden: &Hidden) -> Line<'static> {
    let more = hidden.in_words();
    let back = if model.overlay.is_some() { "Esc back  " } else { "" };
    let all = "h hint  n p failure  e edit  o output  r run  ";
    let few = "h hint  n p  e edit  ";
    let end = "? help  q quit";
    let texts = [format!("{more}{back}{all}{end}"), format!("{more}{back}{few}{end}")];
    let shortest = format!("{more}{end}");
    let text = texts.into_iter().find(|text| width(text) <= columns).unwrap_or(shortest);
    one_line(&style.dim(&pad(&cut(&text, columns), columns)), style, columns)
}

impl Hidden {
    fn in_words(&self) -> String {
        let below = format!("{} below (j)  ", count_of(self.below, "line"));
        let below = if self.below > 0 { below } else { String::new() };
        let right = if self.right > 0 { "long lines (Right)  " } else { "" };
        below + right
    }
}

fn one_line(text: &str, style: &Style, columns: usize) -> Line<'static> {
    text::lines(text, style, columns).into_iter().next().unwrap_or_default()
}

/// `text`, cut to `columns`.
fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    // In ASCII, the ellipsis has three columns.
    let kept: String = text.chars().take(columns.saturating_sub(3)).collect();
    kept + "…"
}
