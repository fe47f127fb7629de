//! The failures on the page. It shows the first failure of the current step in full and every other
//! failure in a line or two, so that a tired reader finds the one thing to do next.
//!
//! Tests are in teaching order, and most of the other failures have the same cause. Their advice would be
//! about other causes, and would send the reader to functions that are right.

use report::{Failure, Kind};
use terminal::{Style, count_of, wrap_to};

use super::earlier;
use super::verdict::{StepVerdict, Verdict};
use crate::judge::TestResult;
use crate::output::list_in_words;

/// How many tests are named that a panic has failed.
const NAMED: usize = 3;

/// How many causes are shown of each later step.
const LATER: usize = 2;

/// The failures of the current step: the first in full, the others in brief.
pub fn of_the_step(step: &StepVerdict, verdict: &Verdict, style: &Style) -> String {
    let heading = style.bold(&format!("Step {}", step.name));
    let mut page = format!("\n{heading}\n  {}\n", wrap_to(&step.idea, 2, style.columns));
    if step.denied > 0 {
        let denied =
            "Clippy finds a bug in this step, so it has no points. The bug is shown below.";
        page += &format!("\n{}\n", wrap_to(denied, 0, style.columns));
    }
    let causes = step.causes();
    page.extend(causes.first().map(|cause| format!("\n{}", cause.in_full(style))));
    let left = causes.iter().skip(1).flat_map(|cause| &cause.tests).copied();
    let left = grouped(left, reads_alike);
    let Some(first) = left.first() else { return page };
    let brief: String = left.iter().map(|same| in_brief(step, same, style)).collect();
    let command = format!("cargo test -p lab{} {}", verdict.number, module(first[0]));
    format!("{page}\n{}\n{brief}", style.bold(&format!("Also in this step (in full: {command})")))
}

/// Failures of one step that seem to have the same cause.
#[derive(Debug)]
pub struct Cause<'verdict> {
    /// The step of the tests.
    pub step: &'verdict StepVerdict,
    /// The tests that fail. There is at least one.
    pub tests: Vec<&'verdict TestResult>,
}

impl StepVerdict {
    /// The causes of the step's failures.
    pub fn causes(&self) -> Vec<Cause<'_>> {
        let groups = grouped(self.failures(), has_one_cause).into_iter();
        groups.map(|tests| Cause { step: self, tests }).collect()
    }
}

impl Cause<'_> {
    /// The first failure, other functions to check, and how many tests fail alike.
    pub fn in_full(&self, style: &Style) -> String {
        let first = self.tests[0];
        let suspects = earlier::paragraph(&self.step.suspects, first, style);
        let is_first = self.step.failures().next().is_some_and(|it| it.test == first.test);
        let repeated = self.step.repeated.as_ref().filter(|_| is_first);
        let repeated = repeated.map(|it| it.paragraph(style)).unwrap_or_default();
        let others = others_like(&self.tests, style);
        format!("{}\n{suspects}{repeated}{others}", first.render(style).trim_end())
    }
}

/// The failures of the other steps, which may have the same cause.
pub fn of_later_steps(verdict: &Verdict, current: &StepVerdict, style: &Style) -> String {
    let mut page = String::new();
    let others = verdict.steps.iter().filter(|step| step.name != current.name);
    let (waiting, others): (Vec<_>, Vec<_>) = others.partition(|step| is_unwritten(step));
    for step in others {
        let causes = grouped(step.failures(), reads_alike);
        let (shown, left) = causes.split_at(causes.len().min(LATER));
        page.extend(shown.iter().map(|same| in_brief(step, same, style)));
        let left: usize = left.iter().map(Vec::len).sum();
        if left > 0 {
            page += &format!("  {} › {}\n", step.name, more_that_fail(left));
        }
    }
    page += &not_written(&waiting, style);
    if page.is_empty() {
        return page;
    }
    format!("\n{}\n{page}", style.bold("In later steps"))
}

/// Whether all failures of the step wait for functions that are not written.
fn is_unwritten(step: &StepVerdict) -> bool {
    let is_waiting = |test: &TestResult| test.kind() == Some(Kind::Unwritten);
    step.failures().next().is_some() && step.failures().all(is_waiting)
}

fn not_written(steps: &[&StepVerdict], style: &Style) -> String {
    let names: Vec<&str> = steps.iter().map(|step| step.name.as_str()).collect();
    let text = match names.len() {
        0 => return String::new(),
        1 => format!("Step {} waits for functions that are not written yet.", names[0]),
        _ => {
            format!("Steps {} wait for functions that are not written yet.", list_in_words(&names))
        }
    };
    format!("  {}\n", wrap_to(&text, 2, style.columns))
}

/// `failures` in groups of those that are `alike`, in the order of their first members.
fn grouped<'a>(
    failures: impl Iterator<Item = &'a TestResult>,
    alike: fn(&TestResult, &TestResult) -> bool,
) -> Vec<Vec<&'a TestResult>> {
    let mut groups: Vec<Vec<&TestResult>> = Vec::new();
    for failure in failures {
        match groups.iter_mut().find(|group| alike(group[0], failure)) {
            Some(group) => group.push(failure),
            None => groups.push(vec![failure]),
        }
    }
    groups
}

fn has_one_cause(one: &TestResult, other: &TestResult) -> bool {
    one.failure().zip(other.failure()).is_some_and(|(one, other)| one.has_same_cause(other))
}

fn reads_alike(one: &TestResult, other: &TestResult) -> bool {
    match (one.failure(), other.failure()) {
        (Some(one), Some(other)) => one.reads_like(other),
        (None, None) => one.sentence() == other.sentence(),
        _ => false,
    }
}

/// How many tests are not shown, as a sentence of its own. After a test's name, which is a sentence,
/// a bare count would seem to belong to it.
fn more_that_fail(count: usize) -> String {
    match count {
        1 => "1 more test fails.".to_owned(),
        more => format!("{more} more tests fail."),
    }
}

/// Which other test, or how many, fail for the cause that was just shown.
fn others_like(same: &[&TestResult], style: &Style) -> String {
    let (one, several) = match same[0].kind() {
        Some(Kind::Unwritten) => ("waits for the same function", "wait for the same function"),
        Some(Kind::Panicked) => ("fails with the same panic", "fail with the same panic"),
        _ => ("fails and gives the same advice", "fail and give the same advice"),
    };
    let more = match &same[1..] {
        [] => return String::new(),
        [other] => format!("1 more test of this step {one}: {}", other.name_in_words()),
        others => format!("{} more tests of this step {several}.", others.len()),
    };
    format!("{}\n", style.dim(&wrap_to(&more, 0, style.columns)))
}

/// Failures that read alike, in a line or two.
fn in_brief(step: &StepVerdict, same: &[&TestResult], style: &Style) -> String {
    let sentence = same[0].sentence();
    if same[0].failure().is_some_and(Failure::is_from_program) {
        let line = format!("{}: {sentence}", names(same));
        return format!(
            "  {} › {}\n",
            step.name,
            wrap_to(&line, step.name.len() + 5, style.columns)
        );
    }
    let sentence = style.dim(&wrap_to(sentence, 6, style.columns));
    let page = format!("  {} › {}\n      {sentence}\n", step.name, same[0].name_in_words());
    let more = match &same[1..] {
        [] => return page,
        [other] => format!("1 more test fails with the same message: {}", other.name_in_words()),
        others => format!("{} more tests fail with the same message.", others.len()),
    };
    format!("{page}      {}\n", wrap_to(&more, 6, style.columns))
}

/// The names of the first tests, and how many more there are.
fn names(tests: &[&TestResult]) -> String {
    let (named, others) = tests.split_at(tests.len().min(NAMED));
    let mut names: Vec<String> = named.iter().map(|test| test.name_in_words()).collect();
    if !others.is_empty() {
        names.push(count_of(others.len(), "more test"));
    }
    list_in_words(&names.iter().map(String::as_str).collect::<Vec<_>>())
}

/// `step2_echo` of `step2_echo::all_comes_back`.
fn module(failure: &TestResult) -> &str {
    failure.test.split("::").next().unwrap_or_default()
}
