//! The named test catches each mistake, and each test catches at least one mistake.
//!
//! On each mistake we run the tests that it names, and the idle tests, which no mistake names. Each
//! idle test must also fail on some mistake. Until it does, it costs its time on each mistake, so name
//! it in a mistake that it catches.

mod of_lab;
mod pool;
mod trial;

use self::of_lab::LabMistakes;
pub use self::of_lab::idle_tests;
pub use self::trial::{Suites, Trial, by_tests};
use crate::check::Check;
use lab::commands::command_line::VerifyArgs;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::workspace::Workspace;

/// Makes every mistake of these labs, and checks which tests catch it. Returns the check and the trials
/// of each lab.
pub fn are_caught(
    workspace: &Workspace,
    labs: &[(&Lab, &Suites)],
    arguments: &VerifyArgs,
) -> Result<Vec<(Check, Vec<Trial>)>, Error> {
    let builders = pool::builders();
    let open = |&(lab, suites)| LabMistakes::open(workspace, lab, suites, arguments, builders);
    let labs = labs.iter().map(open).collect::<Result<Vec<_>, Error>>()?;
    pool::try_all(&labs, arguments);
    labs.into_iter().map(|lab| lab.check(arguments)).collect()
}
