//! The tests of steps that the student has not begun. They do not run: each would come to the same
//! `todo!`, or pass by accident, because a server that panics closes its connections.

use report::{Report, TestId, Unwritten};

use crate::build::suite::Suite;
use crate::course::functions;
use crate::course::labs::{Lab, Step};
use crate::judge::TestResult;
use crate::workspace::Workspace;

/// The results of all tests of `step`: each waits for the step's first function.
pub fn results(workspace: &Workspace, lab: &Lab, step: &Step, suite: &Suite) -> Vec<TestResult> {
    let function = functions::first_unwritten(lab, step);
    let function = function.expect("a step that is not begun has a `todo!`");
    let place = function.place(workspace);
    let result = |test: &String| {
        let unwritten = Unwritten { step: step.name.clone(), function: function.name.clone() };
        let failure = unwritten.failure(place.clone());
        TestResult::reported(test, Report::failed(&lab.number, TestId::parse(test), failure))
    };
    suite.tests.iter().filter(|test| lab.step_of(test) == Some(step)).map(result).collect()
}
