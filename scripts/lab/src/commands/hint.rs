//! `cargo lab hint`: one more hint at each call, and those before it again.
//!
//! A hint that fits the first failing test comes first, or in `cargo lab watch` one that fits the failure
//! on the screen. Otherwise they come in the order of lab.toml.

use report::TestId;
use serde::Serialize;

use crate::course::labs::{Lab, Step};
use crate::course::progress::{Progress, TestMark};
use crate::error::Error;
use crate::files;
use crate::judge::TestResult;
use crate::output::Output;
use crate::workspace::Workspace;
use terminal::{Style, wrap_to};

/// The hints that are shown now.
#[derive(Debug, Serialize)]
pub struct Hints {
    lab: String,
    step: String,
    idea: String,
    shown: Vec<Hint>,
    hints: usize,
    /// Whether the last of `shown` was not shown before.
    is_new: bool,
    /// Whether the step passed when it was last judged.
    has_passed: bool,
    number: String,
}

/// One hint.
#[derive(Debug, Serialize)]
struct Hint {
    /// The failing test that it is for; `None` for a hint on the whole step.
    test: Option<String>,
    text: String,
}

/// Shows one more hint for `step`, or else for the first step that is not done, of those that were
/// judged as they are now, if there are any. A student may have judged one step only.
pub fn run(workspace: &Workspace, lab: &Lab, step: Option<&Step>) -> Result<Hints, Error> {
    let progress = Progress::read(workspace);
    let step = match step {
        Some(step) => step,
        None => first_to_do(lab, &progress)?,
    };
    let test = first_failing(lab, step, &progress);
    Ok(one_more(workspace, lab, (step, test), progress))
}

/// Shows one more hint for `step`, first the one that fits `failure`.
pub fn for_failure(workspace: &Workspace, lab: &Lab, step: &Step, failure: &TestResult) -> Hints {
    let is_own = lab.step_of(&failure.test) == Some(step);
    let test = (is_own && failure.mark() == TestMark::Failed).then(|| failure.name());
    one_more(workspace, lab, (step, test), Progress::read(workspace))
}

/// Shows one more hint for `step`, first the one that fits `test`. Remembers it in `progress`.
fn one_more(
    workspace: &Workspace,
    lab: &Lab,
    (step, test): (&Step, Option<&str>),
    mut progress: Progress,
) -> Hints {
    let fitting = test.and_then(|test| fitting_hint(step, test));
    let index = fitting.as_ref().map(|(index, _)| *index);
    let entry = progress.step_mut(lab, &step.name);
    let is_new = entry.has_hint_left(step, index);
    let has_passed = entry.is_done();
    let fits_now = index.is_some_and(|index| entry.test_hints.insert(index));
    // The number may come from an edited file.
    entry.hints = entry.hints.saturating_add(usize::from(!fits_now)).min(step.hints.len());

    let mut shown: Vec<Hint> =
        step.hints[..entry.hints].iter().map(|text| Hint::new(text)).collect();
    // The newest hint is the last.
    let place = if fits_now { shown.len() } else { 0 };
    shown.splice(place..place, fitting.map(|(_, hint)| hint));
    progress.keep(workspace);
    Hints {
        lab: lab.folder(),
        step: step.name.clone(),
        idea: step.idea.clone(),
        shown,
        hints: step.hints.len() + usize::from(index.is_some()),
        is_new,
        has_passed,
        number: lab.number.clone(),
    }
}

impl Hint {
    fn new(text: &str) -> Hint {
        Hint { test: None, text: text.to_owned() }
    }
}

/// The hint that fits `test`, and its place in `test_hints`.
fn fitting_hint(step: &Step, test: &str) -> Option<(usize, Hint)> {
    let index = step.hint_for(test)?;
    let hint = Hint { test: Some(test.to_owned()), ..Hint::new(&step.test_hints[index].text) };
    Some((index, hint))
}

/// The first test of `step` that failed when it was last judged. `None` if the program came to a
/// `todo!` in it.
fn first_failing<'step>(lab: &Lab, step: &'step Step, progress: &Progress) -> Option<&'step str> {
    let results = progress.step(lab, &step.name).results;
    let is_called = |path: &str, test: &str| TestId::parse(path).name == test;
    let marked = step.tests.iter().filter_map(|test| {
        let (_, mark) = results.iter().find(|(path, _)| is_called(path, test))?;
        Some((test.as_str(), *mark))
    });
    let mut failed =
        marked.filter(|(_, mark)| matches!(mark, TestMark::Failed | TestMark::Unwritten));
    failed.next().filter(|(_, mark)| *mark == TestMark::Failed).map(|(test, _)| test)
}

fn first_to_do<'lab>(lab: &'lab Lab, progress: &Progress) -> Result<&'lab Step, Error> {
    let files = files::rust_fingerprints(&lab.src());
    let is_known_to_fail = |step: &&Step| {
        let judged = progress.step(lab, &step.name);
        !judged.is_done() && !judged.results.is_empty() && judged.files == files
    };
    let judged_now = lab.steps().iter().find(is_known_to_fail);
    judged_now.or_else(|| progress.first_to_do(lab)).ok_or_else(|| {
        let steps: Vec<&str> = lab.steps().iter().map(|step| step.name.as_str()).collect();
        Error::usage(
            format!("all steps of lab {} are done", lab.number),
            format!("name the step that you want hints for: {}", steps.join(", ")),
        )
    })
}

/// How the reader of a page of hints asks for one more.
#[derive(Clone, Copy, Debug)]
pub enum Ask {
    /// With a command.
    Command,
    /// With this key.
    Key(char),
}

impl Output for Hints {
    fn page(&self, style: &Style) -> String {
        self.page_with(style, Ask::Command)
    }
}

impl Hints {
    /// The page for a reader who asks for one more by `ask`.
    pub fn page_with(&self, style: &Style, ask: Ask) -> String {
        let wrap = |text: &str| wrap_to(text, 0, style.columns);
        let idea = wrap(&format!("Lab {}, step {}: {}", self.number, self.step, self.idea));
        let mut page = format!("\n{}\n\n", style.bold(&idea));
        for (index, hint) in self.shown.iter().enumerate() {
            let label = format!("hint {} of {}", index + 1, self.hints);
            let is_last = index + 1 == self.shown.len();
            let text = lay_out(hint, 15, style.columns);
            let text = if is_last { text } else { style.dim(&text) };
            page += &format!("  {label}  {text}\n");
        }
        page + "\n" + &wrap(&self.what_next(ask)) + "\n"
    }
}

/// A hint of several lines shows code. Its lines keep their indentation and are not wrapped.
fn lay_out(hint: &Hint, indent: usize, columns: usize) -> String {
    let lines: Vec<&str> = hint.text.lines().collect();
    let lay_out_line = |line: &&str| match lines.len() > 1 && !is_prose(line) {
        true => (*line).to_owned(),
        false => wrap_to(line, indent, columns),
    };
    let test = hint.test.iter().map(|test| format!("For the test {test}:"));
    let all: Vec<String> = test.chain(lines.iter().map(lay_out_line)).collect();
    all.join(&format!("\n{}", " ".repeat(indent)))
}

/// Whether a line among lines of code is a sentence on them.
fn is_prose(line: &str) -> bool {
    line.ends_with([':', '.']) && !line.starts_with([' ', '/'])
}

impl Hints {
    fn what_next(&self, ask: Ask) -> String {
        let (number, step) = (&self.number, &self.step);
        if self.shown.len() < self.hints {
            return match ask {
                Ask::Command => format!("Still stuck? One more: cargo lab hint {number} {step}"),
                Ask::Key(key) => format!("Still stuck? Press {key} for one more."),
            };
        }
        let first = if self.is_new { "That was the last one." } else { "These are all the hints." };
        if self.has_passed {
            return format!("{first} The step passed when it was last judged.");
        }
        let failure = match ask {
            Ask::Command => format!("(cargo lab test {number} {step})"),
            Ask::Key(_) => "(Esc goes back to it)".to_owned(),
        };
        format!(
            "{first} Now read the failure itself, slowly {failure}, and the step's part of \
             labs/{}/README.md.",
            self.lab
        )
    }
}
