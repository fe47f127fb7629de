//! A failed expectation: what it prints, and the report that it leaves for the runner.

use super::deadline::was_hurried;
use super::ladder::{WIDTH, to_ascii};
use super::text;
use serde::Serialize;
use std::env;
use std::io::IsTerminal;
use std::ops::Not;
use std::path::PathBuf;
use std::thread::Thread;

/// All that a failing test has to say.
pub(super) struct Failure {
    pub kind: Kind,
    pub test: TestName,
    /// What went wrong, in one sentence.
    pub sentence: String,
    /// What it means for the expectation, and the last words of the program.
    pub details: Vec<String>,
    pub ladder: String,
    /// What to think about.
    pub think: Option<String>,
    pub lab: String,
}

/// Why a test failed, as far as a program needs to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Kind {
    /// The program met a `todo!`.
    Unwritten,
    /// The program panicked.
    Panicked,
    /// The program ended although it should not have.
    Exited,
    /// The program did not do what was expected of it.
    Expectation,
}

/// `step2_echo::a_test` as what it means: step `echo`, test `a_test`.
#[derive(Clone, Debug)]
pub(super) struct TestName {
    /// The step, or the module of a test that belongs to none.
    pub step: String,
    pub test: String,
    /// Only steps have hints.
    pub has_hints: bool,
}

impl TestName {
    pub fn parse(path: &str) -> TestName {
        let (module, test) = path.rsplit_once("::").unwrap_or(("", path));
        let module = module.rsplit("::").next().unwrap_or(module);
        let (step, has_hints) =
            match module.strip_prefix("step").and_then(|rest| rest.split_once('_')) {
                Some((number, key)) if number.chars().all(|digit| digit.is_ascii_digit()) => {
                    (key, true)
                }
                _ => (module, false),
            };
        TestName { step: step.to_owned(), test: test.to_owned(), has_hints }
    }
}

#[derive(Serialize)]
struct Report<'a> {
    outcome: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kind: Option<Kind>,
    step: &'a str,
    test: &'a str,
    sentence: &'a str,
    text: &'a str,
    /// Times were not as the test has them (`LAB_HURRY`), or a clock of the program's own ran beside
    /// many other tests: without that it may pass.
    #[serde(skip_serializing_if = "Not::not")]
    hurried: bool,
}

impl Failure {
    /// In this order: what went wrong, the ladder, what to think about, where the hint is.
    pub fn render(&self) -> String {
        let style = Style::of_stdout();
        let mut parts = vec![style.bold_red(&format!("✗ {} › {}", self.test.step, self.test.test))];
        parts.push(style.bold(&text::wrap(&self.sentence, WIDTH).join("\n")));
        parts.extend((!self.details.is_empty()).then(|| self.details.join("\n")));
        parts.extend((!self.ladder.is_empty()).then(|| style.mark(&self.ladder)));
        let think = self.think.iter().map(|think| format!("Think about it: {think}"));
        let mut closing: Vec<String> = think.flat_map(|line| text::wrap(&line, WIDTH)).collect();
        if self.test.has_hints {
            closing.push(format!("Stuck? cargo lab hint {} {}", self.lab, self.step_to_ask()));
        }
        parts.extend((!closing.is_empty()).then(|| closing.join("\n")));
        style.finish(&parts.join("\n\n"))
    }

    /// The step whose hints help: that of the function which is missing, or else the test's.
    fn step_to_ask(&self) -> &str {
        let missing = (self.kind == Kind::Unwritten).then(|| self.sentence.strip_prefix("step "));
        let missing = missing.flatten().and_then(|rest| rest.split(' ').next());
        missing.unwrap_or(&self.test.step)
    }

    /// Leaves the report where the runner looks for it. The test runs on `thread`.
    pub fn report(&self, text: &str, thread: &Thread) {
        let TestName { step, test, .. } = &self.test;
        let (kind, sentence) = (Some(self.kind), &self.sentence);
        let hurried = was_hurried(thread.id());
        let report = Report { outcome: "failed", kind, step, test, sentence, text, hurried };
        write_report(&report, thread);
    }
}

/// Leaves word that a test could not be run here. It runs on `thread`.
pub(super) fn report_skip(name: &TestName, reason: &str, thread: &Thread) {
    let TestName { step, test, .. } = name;
    let text = reason;
    let (outcome, kind, sentence, hurried) = ("skipped", None, reason, false);
    write_report(&Report { outcome, kind, step, test, sentence, text, hurried }, thread);
}

/// Leaves word that the test on `thread` waits for a time that it has chosen: an empty file beside
/// its report, whether it passes or not. Whoever is in a hurry starts such tests first.
pub(super) fn report_wait(thread: &Thread) {
    let Some(path) = env::var_os("LAB_REPORT").map(PathBuf::from) else { return };
    let Some(name) = thread.name().filter(|_| path.is_dir()) else { return };
    // Without it, nothing but time is lost.
    let _ = std::fs::write(path.join(file_name(name) + ".waits"), "");
}

/// Where the report of the test on `thread` belongs. Where several tests run at once, each on a
/// thread that has its name, their reports share a folder: `step2_echo.a_test`.
fn report_file(thread: &Thread) -> Option<PathBuf> {
    let path = PathBuf::from(env::var_os("LAB_REPORT")?);
    let name = file_name(thread.name().unwrap_or("test"));
    Some(if path.is_dir() { path.join(name) } else { path })
}

fn file_name(test: &str) -> String {
    test.replace("::", ".")
}

fn write_report(report: &Report<'_>, thread: &Thread) {
    let Some(path) = report_file(thread) else {
        return;
    };
    let json = serde_json::to_vec(report).expect("strings and enums are always JSON");
    if let Err(error) = std::fs::write(&path, json) {
        println!("LAB_REPORT: cannot write {}: {error}", path.display());
    }
}

/// Colour only on a terminal, signs beyond ASCII only where they can be shown.
struct Style {
    colour: bool,
    unicode: bool,
}

impl Style {
    fn of_stdout() -> Style {
        let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
        let colour = match env::var("LAB_COLOR").as_deref() {
            Ok("always") => true,
            Ok("never") => false,
            _ => std::io::stdout().is_terminal() && !set("NO_COLOR"),
        };
        Style { colour, unicode: is_unicode() }
    }

    fn bold(&self, text: &str) -> String {
        self.paint("1", text)
    }

    fn bold_red(&self, text: &str) -> String {
        self.paint("1;31", text)
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// The moment where it went wrong is red.
    fn mark(&self, ladder: &str) -> String {
        match ladder.split_once('✗') {
            Some((before, after)) => {
                let (mark, rest) = after.split_once('\n').unwrap_or((after, ""));
                let line_end = if rest.is_empty() { "" } else { "\n" };
                format!("{before}{}{line_end}{rest}", self.bold_red(&format!("✗{mark}")))
            }
            None => ladder.to_owned(),
        }
    }

    fn finish(&self, text: &str) -> String {
        if self.unicode {
            return text.to_owned();
        }
        // The escapes that colour the text are ASCII and stay as they are.
        to_ascii(text)
    }
}

/// Whether the locale says UTF-8, by POSIX' order: LC_ALL, LC_CTYPE, LANG.
fn is_unicode() -> bool {
    let set = |name: &str| env::var(name).ok().filter(|value| !value.is_empty());
    match ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| set(name)) {
        Some(locale) => locale.to_uppercase().replace('-', "").contains("UTF8"),
        None => cfg!(target_os = "macos") || set("WT_SESSION").is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_test_belongs_to_the_step_of_its_module() {
        let name = TestName::parse("suite::step2_echo::bytes_come_back");
        assert_eq!((name.step.as_str(), name.test.as_str()), ("echo", "bytes_come_back"));
        let name = TestName::parse("held_back::x");
        assert_eq!((name.step.as_str(), name.test.as_str()), ("held_back", "x"));
        assert!(!name.has_hints);
    }

    #[test]
    fn where_a_function_is_missing_its_step_has_the_hints() {
        let mut failure = Failure {
            kind: Kind::Unwritten,
            test: TestName::parse("step2_echo::bytes_come_back"),
            sentence: "step listen is not written yet: bind, in src/listen.rs:12".to_owned(),
            details: Vec::new(),
            ladder: String::new(),
            think: None,
            lab: "01".to_owned(),
        };
        assert!(failure.render().ends_with("Stuck? cargo lab hint 01 listen"));
        failure.kind = Kind::Expectation;
        assert!(failure.render().ends_with("Stuck? cargo lab hint 01 echo"));
    }
}
