//! The most failed tests, with the wrong beliefs that fit their failures.
//!
//! Each mistake in `solutions/NN/mistakes` names what a student believed, the test that must catch it,
//! and what the failure reports. A failure *fits* a mistake if it is the same test with the same
//! report. That is no proof, because two mistakes may look alike.

use std::collections::BTreeMap;

use lab::course::mistake::Mistake;
use ledger::{Entry, Outcome, Test};
use report::TestId;

use crate::cause;

/// Most beliefs that are listed for a test.
const LISTED: usize = 3;

/// A test, and how the class did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedTest<'a> {
    /// The module that it is in.
    pub module: &'a str,
    /// Its name.
    pub name: &'a str,
    /// How many students it judged.
    pub judged: usize,
    /// The students who failed it.
    pub failed: Vec<&'a str>,
    /// The beliefs that fit, the most frequent first.
    pub beliefs: Vec<Belief<'a>>,
}

/// A wrong belief.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Belief<'a> {
    /// `one read is one message`
    pub text: &'a str,
    /// How many students have failures that fit it.
    pub students: usize,
}

/// The tests that a student failed, the most failed first.
pub fn failed_tests<'a>(
    entries: &'a BTreeMap<String, Entry>,
    mistakes: &'a [Mistake],
) -> Vec<FailedTest<'a>> {
    let mut tests: Vec<FailedTest> = Vec::new();
    for (student, entry) in entries {
        for test in all_tests(entry) {
            add(&mut tests, student, test);
        }
    }
    tests.retain(|test| !test.failed.is_empty());
    for test in &mut tests {
        test.beliefs = beliefs(test, entries, mistakes);
    }
    tests.sort_by_key(|test| (usize::MAX - test.failed.len(), test.module, test.name));
    tests
}

fn all_tests(entry: &Entry) -> impl Iterator<Item = &Test> {
    entry.steps.iter().flat_map(|step| &step.tests).chain(&entry.held_back)
}

fn add<'a>(tests: &mut Vec<FailedTest<'a>>, student: &'a str, test: &'a Test) {
    let is_same = |known: &&mut FailedTest| known.module == test.module && known.name == test.name;
    let known = match tests.iter_mut().find(is_same) {
        Some(known) => known,
        None => {
            let (module, name) = (test.module.as_str(), test.name.as_str());
            tests.push(FailedTest {
                module,
                name,
                judged: 0,
                failed: Vec::new(),
                beliefs: Vec::new(),
            });
            tests.last_mut().expect("it was just added")
        }
    };
    known.judged += usize::from(crate::grade::is_judged(test));
    known.failed.extend((test.outcome == Outcome::Failed).then_some(student));
}

fn beliefs<'a>(
    test: &FailedTest,
    entries: &BTreeMap<String, Entry>,
    mistakes: &'a [Mistake],
) -> Vec<Belief<'a>> {
    let failed = || test.failed.iter().filter_map(|student| entries.get(*student));
    let named = mistakes
        .iter()
        .filter(|mistake| is_called(test.module, test.name, mistake.caught_by.name()));
    let fitting = named.map(|mistake| {
        let students = failed().filter(|entry| fits(entry, mistake)).count();
        // A mistake that more tests must catch says more.
        (Belief { text: &mistake.believed, students }, mistake.also_caught_by.len())
    });
    let mut fitting: Vec<(Belief, usize)> =
        fitting.filter(|(belief, _)| belief.students > 0).collect();
    fitting.sort_by_key(|(belief, tests)| (usize::MAX - belief.students, usize::MAX - tests));
    fitting.into_iter().map(|(belief, _)| belief).take(LISTED).collect()
}

/// Whether the failures of `entry` are those that `mistake` causes.
pub fn fits(entry: &Entry, mistake: &Mistake) -> bool {
    let failed = |name: &str| {
        let mut tests = all_tests(entry).filter(|test| test.outcome == Outcome::Failed);
        tests.find(|test| is_called(&test.module, &test.name, name))
    };
    let has_evidence = |test: &Test| mistake.evidence.missing_in(cause::failure(test)).is_none();
    failed(mistake.caught_by.name()).is_some_and(has_evidence)
        && mistake.also_caught_by.iter().all(|name| failed(name).is_some())
}

/// Whether a test of the ledger is the one that a patch calls `path`. The path of a held-back test
/// begins with `held_back`, which may not be the name of a module.
fn is_called(module: &str, name: &str, path: &str) -> bool {
    let id = TestId::parse(path);
    let is_held_back = path.starts_with("held_back::") && !module.starts_with("step");
    id.name == name && (id.module == module || is_held_back)
}

#[cfg(test)]
mod tests {
    use super::is_called;

    #[test]
    fn a_test_is_known_by_its_step_and_its_name() {
        for (module, path, wanted) in [
            ("step2_echo", "step2_echo::a_test", true),
            ("step2_echo", "step2_echo::endings::a_test", true),
            ("step3_serve", "step2_echo::a_test", false),
            ("held_back", "held_back::a_test", true),
            ("long_run", "held_back::long_run::a_test", true),
            ("step2_echo", "held_back::a_test", false),
        ] {
            assert_eq!(is_called(module, "a_test", path), wanted, "{module} {path}");
        }
        assert!(!is_called("step2_echo", "another_test", "step2_echo::a_test"));
    }
}
