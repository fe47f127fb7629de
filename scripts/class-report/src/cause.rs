//! The failed tests of a step, by cause.

use ledger::{Outcome, Test};
use report::{Failure, Kind, Report};

/// Failed tests that seem to have the same cause.
#[derive(Clone, Debug)]
pub struct Cause<'a> {
    /// The first one, which has the most basic lesson.
    pub first: &'a Test,
    /// The tests that fail alike.
    pub others: Vec<&'a Test>,
}

/// The causes of the failures in `tests`, in teaching order.
pub fn causes(tests: &[Test]) -> Vec<Cause<'_>> {
    let mut causes: Vec<Cause> = Vec::new();
    for test in tests.iter().filter(|test| test.outcome == Outcome::Failed) {
        match causes.iter_mut().find(|cause| is_alike(cause.first, test)) {
            Some(cause) => cause.others.push(test),
            None => causes.push(Cause { first: test, others: Vec::new() }),
        }
    }
    causes
}

impl Cause<'_> {
    /// How many failures count if a cause counts once. A function that is not written is no mistake
    /// which tests repeat, so all its tests count.
    pub fn failures_that_count_once(&self) -> usize {
        let is_unwritten =
            failure(self.first).is_some_and(|failure| failure.kind == Kind::Unwritten);
        if is_unwritten { 1 + self.others.len() } else { 1 }
    }
}

fn is_alike(one: &Test, other: &Test) -> bool {
    failure(one).zip(failure(other)).is_some_and(|(one, other)| one.has_same_cause(other))
}

/// The failure that `test` reports.
pub fn failure(test: &Test) -> Option<&Failure> {
    test.report.as_ref().and_then(Report::failure)
}
