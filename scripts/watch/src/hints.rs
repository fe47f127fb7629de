//! The hints for what the screen shows.

use lab::commands::hint::{self, Hints};
use lab::commands::test::Verdict;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::workspace::Workspace;

use crate::model::Model;

/// One more hint for the failure on the screen. Without a failure, it is for the step that the newest
/// verdict is about.
pub fn one_more(model: &Model, workspace: &Workspace, lab: &Lab) -> Result<Hints, Error> {
    if let Some(cause) = model.cause() {
        let failure = cause.tests[0];
        let step = lab.step(cause.step.step_to_ask_about(failure))?;
        return Ok(hint::for_failure(workspace, lab, step, failure));
    }
    let current = model.newest_verdict().and_then(Verdict::current);
    let step = current.and_then(|current| lab.step(current.step_to_ask()).ok());
    hint::run(workspace, lab, step)
}
