//! Each step passes before the next one is written.
//!
//! ```text
//! stub ─ the answer to step 1 ─▶ its tests ─ the answer to step 2 ─▶ its tests ─ ...
//! ```
//!
//! The stages are made of the stub and the solution's files. A file of the solution may call
//! functions of a later step where a student would write less at first. So a stage that does not
//! compile, or that panics (at a `todo!`, or because another thread did), proves nothing. A stage
//! that does something wrong is a problem.

use report::Kind;
use terminal::count_of;

use crate::check::Check;
use crate::lane::Lane;
use lab::build::program::Program;
use lab::build::suite::Suite;
use lab::cancel::CancellationToken;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::judge::{self, Outcome, TestResult};
use lab::workspace::Workspace;

/// Writes one step after the other, and judges each.
pub fn pass(workspace: &Workspace, lab: &Lab, suite: &Suite) -> Result<Check, Error> {
    let solution = lab.solution_path(workspace).join("src");
    let lanes = Lane::open(&Program::of_student(workspace, lab), lab, 1)?;
    let token = CancellationToken::of_process();
    let (mut passed, mut problems) = (0, Vec::new());
    for (lane, step) in lanes.iter().cycle().zip(lab.steps()) {
        step.files.iter().try_for_each(|file| lane.write(&solution, file))?;
        let Ok(program) = lane.build(&step.name)? else { continue };
        let results = judge::judge_program(lab, |it| it == step, suite, &program.path, &token)?;
        passed += results.iter().filter(|result| result.outcome == Outcome::Passed).count();
        let wrong = results.iter().filter(|result| is_wrong(result));
        problems.extend(wrong.map(|result| {
            format!("{}: fails until the next step is written: {}", result.test, result.sentence())
        }));
    }
    let all = count_of(suite.tests.len(), "test");
    let summary = format!("{passed} of {all} were seen to pass before the next step is written");
    Ok(Check::new("in order", summary, problems))
}

fn is_wrong(result: &TestResult) -> bool {
    result.is_failure() && !matches!(result.kind(), Some(Kind::Unwritten | Kind::Panicked))
}
