//! Functions of earlier steps that may be the cause of a failure, as lab.toml names them.

use report::Kind;
use serde::Serialize;
use terminal::wrap;

use crate::course::labs::{EarlierFunction, Lab, Step};
use crate::judge::TestResult;

/// A function to check although its own step may be done.
#[derive(Debug, Serialize)]
pub struct Suspect {
    /// The failing test, as libtest lists it.
    test: String,
    /// The step of the function.
    step: Option<String>,
    function: String,
    /// `labs/05-tls/src/server.rs:44`
    place: String,
}

impl Suspect {
    /// The suspects for the failures among `tests`, which are tests of `step`.
    pub fn find(lab: &Lab, step: &Step, tests: &[TestResult]) -> Vec<Suspect> {
        let failures = tests.iter().filter(|test| is_unexplained(test));
        let suspects = failures.flat_map(|failure| {
            let earlier = step.also_check.iter();
            let earlier = earlier.filter(|it| it.tests.iter().any(|test| test == failure.name()));
            earlier.map(|earlier| Suspect::new(lab, failure, earlier))
        });
        suspects.collect()
    }

    fn new(lab: &Lab, failure: &TestResult, earlier: &EarlierFunction) -> Suspect {
        let line = lab.line_of(earlier).map(|line| format!(":{line}")).unwrap_or_default();
        let step = lab.steps().iter().find(|step| step.files.contains(&earlier.file));
        Suspect {
            test: failure.test.clone(),
            step: step.map(|step| step.name.clone()),
            function: earlier.function.clone(),
            place: format!("labs/{}/src/{}{line}", lab.folder(), earlier.file),
        }
    }

    /// Whether it may be the cause of `failure`.
    pub fn concerns(&self, failure: &TestResult) -> bool {
        self.test == failure.test
    }

    /// A line below the failure.
    pub fn line(&self) -> String {
        let step = self.step.iter().map(|step| format!(" in step {step}"));
        let (function, place) = (&self.function, &self.place);
        let cause = format!("The cause may be{}.", step.collect::<String>());
        wrap(&format!("{cause} Also check `{function}` in {place}."), 0) + "\n"
    }
}

/// A panic names its place, and a `todo!` its function.
fn is_unexplained(test: &TestResult) -> bool {
    matches!(test.kind(), Some(Kind::Expectation | Kind::Exited))
}
