//! What fails, told so that a tired reader finds the one thing to do next: a few failures of the
//! step to work on in full, everything else in a line or two.

use super::page::name_in_words;
use super::verdict::{StepVerdict, Verdict};
use crate::judge::{Judged, Kind, Outcome};
use crate::screen::{Screen, count, wrap};

/// How many failures are told in full. They stand in the suite from simple to hard, and who has
/// mended the first often has mended the others, too.
const IN_FULL: usize = 3;

/// How many things are told of each later step.
const LATER: usize = 2;

/// The failures of the step to work on: the first in full, the others in brief.
pub fn of_the_step(step: &StepVerdict, verdict: &Verdict, screen: &Screen) -> String {
    let heading = screen.bold(&format!("Step {}", step.name));
    let mut page = format!("\n{heading}\n  {}\n", wrap(&step.idea, 2));
    let causes = grouped(step.failures(), has_one_cause);
    for same in causes.iter().take(IN_FULL) {
        page += &format!("\n{}\n", in_full(same[0], screen));
        page += &others_like(same, screen);
    }
    let left = causes.iter().skip(IN_FULL).flatten().copied();
    let left = grouped(left, is_told_alike);
    let Some(first) = left.first() else { return page };
    let brief: String = left.iter().map(|same| in_brief(step, same, screen)).collect();
    let command = format!("cargo test -p lab{} {}", verdict.number, module(first[0]));
    format!("{page}\n{}\n{brief}", screen.bold(&format!("Also in this step (in full: {command})")))
}

/// What fails in the steps behind `current`: they may well fail for the same reason.
pub fn of_later_steps(verdict: &Verdict, current: &StepVerdict, screen: &Screen) -> String {
    let mut page = String::new();
    for step in verdict.steps.iter().filter(|step| step.name != current.name) {
        let causes = grouped(step.failures(), is_told_alike);
        let (told, left) = causes.split_at(causes.len().min(LATER));
        page.extend(told.iter().map(|same| in_brief(step, same, screen)));
        let left: usize = left.iter().map(Vec::len).sum();
        if left > 0 {
            page += &format!("  {} › {left} more\n", step.name);
        }
    }
    if page.is_empty() {
        return page;
    }
    format!("\n{}\n{page}", screen.bold("In later steps"))
}

/// `failures` in groups of those that are `alike`, each where its first stands.
fn grouped<'a>(
    failures: impl Iterator<Item = &'a Judged>,
    alike: fn(&Judged, &Judged) -> bool,
) -> Vec<Vec<&'a Judged>> {
    let mut groups: Vec<Vec<&Judged>> = Vec::new();
    for failure in failures {
        match groups.iter_mut().find(|group| alike(group[0], failure)) {
            Some(group) => group.push(failure),
            None => groups.push(vec![failure]),
        }
    }
    groups
}

/// A function that is not written, or one panic, may fail all tests.
fn has_one_cause(one: &Judged, other: &Judged) -> bool {
    is_programs_word(one) && is_told_alike(one, other)
}

fn is_told_alike(one: &Judged, other: &Judged) -> bool {
    one.kind == other.kind && one.sentence == other.sentence
}

/// Whether the sentence tells what the program said of itself, and not what a test saw of it.
fn is_programs_word(failure: &Judged) -> bool {
    matches!(failure.kind, Some(Kind::Unwritten | Kind::Panicked))
}

/// The report as the test kit wrote it; a heading of our own where it could write none.
fn in_full(failure: &Judged, screen: &Screen) -> String {
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

/// How many other tests fail for the cause that was just told.
fn others_like(same: &[&Judged], screen: &Screen) -> String {
    let (verb, cause) = match same[0].kind {
        Some(Kind::Unwritten) => ("wait", "for the same function"),
        _ => ("fail", "with the same panic"),
    };
    let more = match same.len() - 1 {
        0 => return String::new(),
        1 => format!("1 more test of this step {verb}s {cause}."),
        others => format!("{others} more tests of this step {verb} {cause}."),
    };
    format!("{}\n", screen.dim(&more))
}

/// Failures that are told alike, in a line or two.
fn in_brief(step: &StepVerdict, same: &[&Judged], screen: &Screen) -> String {
    let sentence = &same[0].sentence;
    if is_programs_word(same[0]) {
        let line = format!("{}: {sentence}", count(same.len(), "test"));
        return format!("  {} › {}\n", step.name, wrap(&line, step.name.len() + 5));
    }
    let more = match same.len() - 1 {
        0 => String::new(),
        others => format!(", and {others} more"),
    };
    let sentence = screen.dim(&wrap(sentence, 6));
    format!("  {} › {}{more}\n      {sentence}\n", step.name, name_in_words(&same[0].test))
}

/// `step2_echo` of `step2_echo::all_comes_back`.
fn module(failure: &Judged) -> &str {
    failure.test.split("::").next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::tests::example;
    use crate::progress::Progress;

    fn failure(test: &str, kind: Kind, sentence: &str) -> Judged {
        Judged {
            test: test.to_owned(),
            outcome: Outcome::Failed,
            kind: Some(kind),
            sentence: sentence.to_owned(),
            text: format!("✗ {test}\n\n{sentence}\n\nStuck? cargo lab hint\n"),
        }
    }

    fn page(failures: Vec<Judged>) -> String {
        let verdict = Verdict::new(&example(), None, failures, &Progress::default());
        let step = verdict.current().expect("something fails");
        let screen = Screen::default();
        of_the_step(step, &verdict, &screen) + &of_later_steps(&verdict, step, &screen)
    }

    #[test]
    fn the_first_failures_are_told_in_full_and_the_others_in_brief() {
        let names = ["a", "b", "c", "d", "e"].map(|name| format!("step1_listen::{name}"));
        let page = page(names.iter().map(|name| failure(name, Kind::Expectation, "No.")).collect());
        assert_eq!(page.matches("✗ step1_listen::").count(), 3, "{page}");
        assert!(page.contains("(in full: cargo test -p lab01 step1_listen)"), "{page}");
        assert!(page.contains("  listen › d, and 1 more\n      No.\n"), "{page}");
    }

    #[test]
    fn one_panic_is_told_once() {
        let panics = ["step1_listen::a", "step1_listen::b", "step2_echo::c", "step2_echo::d"];
        let page = page(panics.map(|name| failure(name, Kind::Panicked, "Oh no.")).to_vec());
        assert_eq!(page.matches("✗ step1_listen::").count(), 1, "{page}");
        assert!(page.contains("1 more test of this step fails with the same panic."), "{page}");
        assert!(page.contains("  echo › 2 tests: Oh no.\n"), "{page}");
    }

    #[test]
    fn of_later_steps_little_is_told() {
        let mut failures = vec![failure("step1_listen::a", Kind::Expectation, "No.")];
        let later = ["a", "b", "c", "d", "e"].map(|name| format!("step2_echo::{name}"));
        failures.extend(later.iter().map(|name| failure(name, Kind::Expectation, name)));
        let page = page(failures);
        assert!(page.contains("  echo › b\n      step2_echo::b\n  echo › 3 more\n"), "{page}");
    }
}
