//! Each step passes before the next one is written.
//!
//! ```text
//! stub ─ the answer to step 1 ─▶ its tests ─ the answer to step 2 ─▶ its tests ─ ...
//! ```
//!
//! Made in the scratch copy, of the stub and the solution's files. A file of the solution may need a
//! later step where a student would write less at first. So what does not compile yet, or panics (a
//! `todo!`, or what comes of one in another thread), says nothing; what does something wrong does.

use crate::check::Check;
use crate::scratch::Scratch;
use lab::build::suite::Suite;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::judge::{self, Outcome, TestResult};
use lab::workspace::Workspace;
use report::Kind;
use terminal::count_of;

/// Writes one step after the other, and judges each.
pub fn pass(workspace: &Workspace, lab: &Lab, suite: &Suite) -> Result<Check, Error> {
    let scratch = Scratch::prepare(workspace)?;
    let (mut passed, mut problems) = (0, Vec::new());
    for step in lab.steps() {
        scratch.write_step(lab, step)?;
        let built = scratch.build(&lab.package())?;
        if !built.compiled {
            continue;
        }
        let program = built.executable(&lab.package())?;
        let judged = judge::judge_program(lab, Some(step), suite, &program)?;
        passed += judged.iter().filter(|test| test.outcome == Outcome::Passed).count();
        let wrong = judged.iter().filter(|test| is_wrong(test));
        problems.extend(wrong.map(|test| {
            format!("{}: fails until the next step is written: {}", test.test, test.sentence())
        }));
    }
    let all = count_of(suite.tests.len(), "test");
    let summary = format!("{passed} of {all} were seen to pass before the next step is written");
    Ok(Check::new("in order", summary, problems))
}

fn is_wrong(test: &TestResult) -> bool {
    test.is_failure() && !matches!(test.kind(), Some(Kind::Unwritten | Kind::Panicked))
}
