//! The verdict as a page: the steps, the failures of the first step that is not done, the failures of
//! the others in brief, and the next command.

use terminal::{Style, count_of, pad, wrap_to};

use super::failures;
use super::verdict::{StepVerdict, Verdict};
use crate::error::Exit;
use crate::judge::Outcome;
use crate::output::{Output, list_in_words};

impl Output for Verdict {
    fn page(&self, style: &Style) -> String {
        let heading = format!("Lab {}  {}", self.number, self.title);
        let mut page = format!("\n{}\n\n", style.bold(&heading)) + &self.table(style);
        page += &self.regression.as_ref().map(|it| it.page(style)).unwrap_or_default();
        if let Some(step) = self.current() {
            page += &newly_done(self, step, style);
            page += &failures::of_the_step(step, self, style);
            page += &failures::of_later_steps(self, step, style);
        }
        page + &skipped(self, style) + &closing(self, style) + &self.lints_page(style)
    }

    fn exit(&self) -> Exit {
        Exit::of(self.is_passed())
    }
}

fn denied(step: &StepVerdict, style: &Style) -> String {
    match step.denied {
        0 => String::new(),
        errors => format!("   {}", style.bad(&format!("{} by clippy", count_of(errors, "error")))),
    }
}

/// `4 not run`: their points are not lost.
fn not_run(step: &StepVerdict, style: &Style) -> String {
    match step.skipped {
        0 => String::new(),
        tests => format!("   {}", style.dim(&format!("{tests} not run"))),
    }
}

/// `3 of 8, now 5 of 8`, if another number of tests passed in the last run.
fn before(step: &StepVerdict, style: &Style) -> String {
    let changed = step.before.as_ref().filter(|before| before.passed != step.passed);
    let Some(before) = changed else { return String::new() };
    let (passed, judged) = (step.passed, step.judged());
    let change = format!("{} of {}, now {passed} of {judged}", before.passed, before.judged);
    format!("   {}", style.dim(&change))
}

/// `Step listen is done. Step echo is next.`
fn newly_done(verdict: &Verdict, current: &StepVerdict, style: &Style) -> String {
    let done = verdict.newly_done();
    let (noun, verb) = match done.len() {
        0 => return String::new(),
        1 => ("Step", "is"),
        _ => ("Steps", "are"),
    };
    let done = format!("{noun} {} {verb} done.", list_in_words(&done));
    format!("\n{} Step {} is next.\n", style.good(&done), current.name)
}

impl StepVerdict {
    /// `✓`, `✗`, or `○` if none of its tests could run.
    pub fn mark(&self, style: &Style) -> String {
        if self.has_failed() {
            return style.mark(false);
        }
        if self.done { style.mark(true) } else { style.careful("○") }
    }
}

fn skipped(verdict: &Verdict, style: &Style) -> String {
    let tests = verdict.steps.iter().flat_map(|step| &step.tests);
    let skipped: Vec<String> = tests
        .filter(|test| test.outcome == Outcome::Skipped)
        .map(|test| {
            let sentence = wrap_to(test.sentence(), 6, style.columns);
            format!("  {}\n      {sentence}\n", test.name_in_words())
        })
        .collect();
    if skipped.is_empty() {
        return String::new();
    }
    format!("\n{}\n{}", style.bold("Not run on this machine"), skipped.concat())
}

fn closing(verdict: &Verdict, style: &Style) -> String {
    let points = verdict.points_in_words();
    let Some(step) = verdict.current() else {
        let afterwards = verdict.afterwards.as_ref().map(|it| it.page(style)).unwrap_or_default();
        return format!("\n{}\n{afterwards}", style.good(&format!("All tests pass: {points}.")));
    };
    let again = style.bold(&format!("cargo lab test {} {}", verdict.number, step.name));
    let again = format!("\n{points}. Only this step again: {again}\n");
    if step.failures().next().is_none() {
        return again;
    }
    let hint = style.bold(&format!("cargo lab hint {} {}", verdict.number, step.step_to_ask()));
    let left = if verdict.next_hint.is_some() { "" } else { "  (all hints shown)" };
    format!("{again}Stuck? {hint}{left}\n")
}

impl Verdict {
    /// Clippy's findings on the step at hand, after everything that a student should read first.
    pub fn lints_page(&self, style: &Style) -> String {
        self.clippy.page(self.current().map(|step| step.name.as_str()), style)
    }

    /// A line for each step: its tests, its points, and what changed since the last run.
    pub fn table(&self, style: &Style) -> String {
        let width = self.steps.iter().map(|step| step.name.len()).max().unwrap_or(0);
        let mut table = String::new();
        for step in &self.steps {
            let tests = format!("{}/{} tests", step.passed, step.judged());
            let points = format!("{}/{} points", step.points, step.points_possible);
            let name = pad(&step.name, width);
            let mark = step.mark(style);
            let remarks = denied(step, style) + &not_run(step, style) + &before(step, style);
            table += &format!("  {mark} {name}   {}  {points}{remarks}\n", pad(&tests, 12));
        }
        table
    }

    /// `97 of 97 points`. Points for tests that could not run are named, and not counted as lost.
    pub fn points_in_words(&self) -> String {
        let Verdict { points, points_possible, points_not_judged, .. } = self;
        let judged = format!("{points} of {points_possible} points");
        match points_not_judged {
            0 => judged,
            more => format!("{judged}, and {more} more that this machine cannot judge"),
        }
    }
}
