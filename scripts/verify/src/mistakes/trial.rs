//! The trial of one mistake: all tests against the wrong program, and what that shows.

use std::path::Path;

use serde::Serialize;

use super::patch::Mistake;
use crate::judge::{self, Job, Judged, Outcome, Slots};
use crate::labs::Lab;
use crate::suite::Suite;
use crate::test;
use crate::trouble::Trouble;

/// The test programs that a mistake is tried with.
pub struct Suites {
    pub suite: Suite,
    /// The tests that only the instructor has, where there are some.
    pub held_back: Option<Suite>,
}

/// How a mistake fared.
#[derive(Debug, Serialize)]
pub struct Trial {
    pub mistake: String,
    pub believed: String,
    pub caught_by: String,
    /// What failed on it, by the names that `caught-by` uses: of the test that it names, and of
    /// those that no mistake names.
    pub failed: Vec<String>,
    /// What cannot run on this machine.
    pub skipped: Vec<String>,
    /// Why this is not a mistake that is caught as it says; empty when all is well.
    pub problem: String,
}

impl Trial {
    pub fn new(mistake: &Mistake, failed: Vec<String>, problem: Option<String>) -> Trial {
        Trial {
            mistake: mistake.name.clone(),
            believed: mistake.believed.clone(),
            caught_by: mistake.caught_by.name().to_owned(),
            failed,
            skipped: Vec::new(),
            problem: problem.unwrap_or_default(),
        }
    }
}

impl Suites {
    /// The names of all tests, as `caught-by` uses them.
    pub fn names(&self) -> Vec<String> {
        let held_back = self.held_back.iter().flat_map(|suite| &suite.tests);
        self.suite.tests.iter().cloned().chain(held_back.map(|test| held_back_name(test))).collect()
    }

    /// Runs the tests that are `wanted`, by the names that `caught-by` uses, against `program`,
    /// as many at once as there are `slots`.
    pub fn run(
        &self,
        lab: &Lab,
        program: &Path,
        slots: &Slots,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<Judged>, Trouble> {
        let subject = test::subject(program)?;
        let job = |suite: &Suite, test: &String| Job {
            program: suite.program.clone(),
            test: test.clone(),
            folder: lab.path.clone(),
            subject: subject.clone(),
            // Many programs are judged at once: there is always work to do while tests wait.
            color: false,
            deadline: judge::deadline(),
        };
        let open = self.suite.tests.iter().filter(|test| wanted(test));
        let mut jobs: Vec<Job> = open.map(|test| job(&self.suite, test)).collect();
        let count = jobs.len();
        if let Some(suite) = &self.held_back {
            let held_back = suite.tests.iter().filter(|test| wanted(&held_back_name(test)));
            jobs.extend(held_back.map(|test| job(suite, test)));
        }
        // As a student's answer is judged: a mistake that passes in a hurry is not caught.
        let mut judged = judge::judge_soon(&jobs[..count], slots)?;
        judged.extend(judge::judge(&jobs[count..], slots)?);
        for test in &mut judged[count..] {
            test.test = held_back_name(&test.test);
        }
        Ok(judged)
    }
}

/// Held-back tests may be in modules; `caught-by` names them by `held_back` alone.
fn held_back_name(test: &str) -> String {
    format!("held_back::{}", test.strip_prefix("held_back::").unwrap_or(test))
}

/// What the tests say about a mistake that one of them must catch.
pub fn by_tests(mistake: &Mistake, judged: &[Judged]) -> Trial {
    let names = |is_meant: &dyn Fn(Outcome) -> bool| -> Vec<String> {
        let meant = judged.iter().filter(|test| is_meant(test.outcome));
        meant.map(|test| test.test.clone()).collect()
    };
    let failed = names(&|outcome| !matches!(outcome, Outcome::Passed | Outcome::Skipped));
    let problem = problem_with(mistake.caught_by.name(), &mistake.says, judged);
    let skipped = names(&|outcome| outcome == Outcome::Skipped);
    Trial { skipped, ..Trial::new(mistake, failed, problem) }
}

fn problem_with(name: &str, says: &str, judged: &[Judged]) -> Option<String> {
    let Some(test) = judged.iter().find(|test| test.test == name) else {
        return Some(format!("there is no test {name}"));
    };
    match test.outcome {
        Outcome::Passed => Some(format!("{name} passes on it")),
        Outcome::Skipped => Some(format!("{name} cannot run here: {}", test.sentence)),
        _ if is_said(says, &test.text) || is_said(says, &test.sentence) => None,
        _ => Some(format!("{name} fails, but does not say `{says}`; it says\n{}", test.text)),
    }
}

/// Whether `text` holds `wanted`, wherever its lines are broken.
pub fn is_said(wanted: &str, text: &str) -> bool {
    let flat = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    flat(text).contains(&flat(wanted))
}

#[cfg(test)]
mod tests {
    use super::super::patch::Catcher;
    use super::*;
    use std::path::PathBuf;

    fn judged(test: &str, outcome: Outcome, text: &str) -> Judged {
        let (test, text) = (test.to_owned(), text.to_owned());
        Judged { test, outcome, kind: None, sentence: String::new(), text }
    }

    fn problem(outcome: Outcome, text: &str) -> String {
        let mistake = Mistake {
            name: "it".to_owned(),
            path: PathBuf::new(),
            believed: String::new(),
            caught_by: Catcher::Test("step1_listen::a".to_owned()),
            says: "wanted 9 more".to_owned(),
        };
        by_tests(&mistake, &[judged("step1_listen::a", outcome, text)]).problem
    }

    #[test]
    fn a_mistake_is_caught_by_the_named_test_in_the_named_words() {
        assert_eq!(problem(Outcome::Failed, "so I wanted 9\n   more bytes"), "");
        assert_eq!(problem(Outcome::TimedOut, "wanted 9 more"), "");
        assert!(problem(Outcome::Failed, "wanted 8 more").contains("does not say"));
        assert!(problem(Outcome::Passed, "").contains("passes on it"));
        assert!(problem(Outcome::Skipped, "").contains("cannot run here"));
    }
}
