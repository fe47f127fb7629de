//! Functions of earlier steps that may be the cause of a failure, as lab.toml names them.

use report::Kind;
use serde::Serialize;
use terminal::{Style, wrap_to};

use crate::course::functions;
use crate::course::labs::{EarlierFunction, Lab, Step};
use crate::judge::TestResult;
use crate::output::list_in_words;

/// A function to check although its own step may be done.
#[derive(Debug, Serialize)]
pub struct Suspect {
    /// The failing test, as libtest lists it.
    test: String,
    function: String,
    /// `labs/01-echo/src/echo.rs:44`
    place: String,
}

impl Suspect {
    /// The suspects for the failures among `tests`, which are tests of `step`.
    pub fn find(lab: &Lab, step: &Step, tests: &[TestResult]) -> Vec<Suspect> {
        let failures = tests.iter().filter(|test| is_unexplained(test));
        let suspects = failures.flat_map(|failure| {
            let earlier = step.also_check.iter();
            let earlier = earlier.filter(|it| it.tests.iter().any(|test| test == failure.name()));
            let earlier = earlier.filter(|it| fits(it, failure));
            earlier.map(|earlier| Suspect::new(lab, failure, earlier))
        });
        suspects.collect()
    }

    fn new(lab: &Lab, failure: &TestResult, earlier: &EarlierFunction) -> Suspect {
        let line = lab.line_of(earlier).map(|line| format!(":{line}")).unwrap_or_default();
        Suspect {
            test: failure.test.clone(),
            function: earlier.function.clone(),
            place: format!("labs/{}/src/{}{line}", lab.folder(), earlier.file),
        }
    }

    /// Whether it may be the cause of `failure`.
    pub fn concerns(&self, failure: &TestResult) -> bool {
        self.test == failure.test
    }

    /// Whether the advice of `failure` names the function already.
    fn is_named_in(&self, failure: &TestResult) -> bool {
        let advice = failure.failure().and_then(|failure| failure.advice.as_ref());
        advice.is_some_and(|advice| functions::is_named_in(&advice.text, &self.function))
    }
}

/// A sentence below `failure` that names its suspects. Where the advice names one, only its line is
/// new.
pub fn paragraph(suspects: &[Suspect], failure: &TestResult, style: &Style) -> String {
    let suspects = suspects.iter().filter(|suspect| suspect.concerns(failure));
    let (named, others): (Vec<_>, Vec<_>) =
        suspects.partition(|suspect| suspect.is_named_in(failure));
    let belongs = |suspect: &&Suspect| {
        format!("`{}` belongs to an earlier step: {}.", suspect.function, suspect.place)
    };
    let mut sentences: Vec<String> = named.iter().map(belongs).collect();
    let others: Vec<String> =
        others.iter().map(|other| format!("`{}` in {}", other.function, other.place)).collect();
    if !others.is_empty() {
        let others = list_in_words(&others.iter().map(String::as_str).collect::<Vec<_>>());
        sentences.push(format!("The cause may be in an earlier step. Also check {others}."));
    }
    sentences.iter().map(|sentence| wrap_to(sentence, 0, style.columns) + "\n").collect()
}

/// A panic names its place, and a `todo!` its function.
fn is_unexplained(test: &TestResult) -> bool {
    matches!(test.kind(), Some(Kind::Expectation | Kind::Exited))
}

/// Whether `failure` is one of those that `earlier` causes. The same test also fails for functions of
/// its own step, with another message or another advice.
fn fits(earlier: &EarlierFunction, failure: &TestResult) -> bool {
    let Some(failure) = failure.failure() else { return earlier.seen.is_empty() };
    let advice = failure.advice.as_ref().map(|advice| &advice.id);
    let ids = [Some(&failure.message.id), advice];
    earlier.seen.is_empty() || ids.into_iter().flatten().any(|id| earlier.seen.contains(id))
}
