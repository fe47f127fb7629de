//! The hints for what the screen shows.

use lab::commands::hint::{self, Hints};
use lab::commands::test::Verdict;
use lab::course::labs::Lab;
use lab::course::progress::Progress;
use lab::error::Error;
use lab::workspace::Workspace;

use crate::model::Model;

/// One more hint for the failure on the screen. Without a failure, it is for the step that the newest
/// verdict is about.
///
/// # Errors
///
/// All steps are done.
pub fn one_more(model: &Model, workspace: &Workspace, lab: &Lab) -> Result<Hints, Error> {
    if let Some(cause) = model.cause() {
        let failure = cause.tests[0];
        let step = lab.step(cause.step.step_to_ask_about(failure))?;
        return Ok(hint::for_failure(workspace, lab, step, failure));
    }
    let current = model.newest_verdict().and_then(Verdict::current);
    let step = current.and_then(|current| lab.step(current.step_to_ask()).ok());
    if step.is_none() && Progress::read(workspace).first_to_do(lab).is_none() {
        let command = format!("`cargo lab hint {} STEP`", lab.number);
        let why = format!("{command} prints the hints of a step");
        return Err(Error::usage("no test fails, so no hint fits", why));
    }
    hint::run(workspace, lab, step)
}
