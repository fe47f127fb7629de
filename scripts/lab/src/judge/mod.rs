//! Runs the tests of a suite against a program.
//!
//! ```text
//!   fast pass     a process for each step, all at once, short times ──▶ most results are final
//!                                                                             │ the others
//!   one by one    suite --exact step1_listen::a ── starts ──▶ program         ▼
//!                 suite --exact step1_listen::b ── starts ──▶ program   (many at once)
//!                 ...            └─ writes a report if it fails or is skipped
//! ```
//!
//! A test in its own process can be killed at its deadline without its neighbours, and nothing that
//! it leaves behind reaches the next test. But the start of a process is half of the cost of most
//! tests. So tests share a few processes first, and only the tests whose result is not final get
//! their own.

mod fast_pass;
mod one_by_one;
mod permits;
mod process;
mod result;
mod scratch;

use std::path::Path;

pub use one_by_one::{one_by_one, trace};
pub use permits::Permits;
pub use process::{Job, Sandbox, deadline, subject};
pub use result::{Outcome, TestResult};

use crate::build::suite::Suite;
use crate::cancel::CancellationToken;
use crate::course::labs::{Lab, Step};
use crate::error::Error;

/// Runs the tests of the steps of `lab` that `is_judged` takes, against `program`. The results are in
/// the order of `lab.toml`.
pub fn judge_program(
    lab: &Lab,
    is_judged: impl Fn(&Step) -> bool,
    suite: &Suite,
    program: &Path,
    token: &CancellationToken,
) -> Result<Vec<TestResult>, Error> {
    judge_subject(lab, is_judged, suite, &subject(program)?, token)
}

/// The same for a command, as `LAB_SUBJECT` takes it.
pub fn judge_subject(
    lab: &Lab,
    is_judged: impl Fn(&Step) -> bool,
    suite: &Suite,
    subject: &str,
    token: &CancellationToken,
) -> Result<Vec<TestResult>, Error> {
    if let Some(stray) = suite.tests.iter().find(|test| lab.step_of(test).is_none()) {
        let what = format!("the test {stray} has no step");
        return Err(Error::failed(what, "lab.toml has no step for its module"));
    }
    let is_wanted = |test: &&String| lab.step_of(test).is_some_and(&is_judged);
    let job = |test: &String| Job::new(&suite.program, test, lab, subject);
    let jobs: Vec<Job> = suite.tests.iter().filter(is_wanted).map(job).collect();
    let mut results = judge(&jobs, &Permits::for_one_program(token))?;
    sort(lab, &mut results);
    Ok(results)
}

/// Brings results into the order of `lab.toml`. libtest lists tests by name. The first failure that a
/// student reads should be the most basic.
pub fn sort(lab: &Lab, results: &mut [TestResult]) {
    results.sort_by(|one, other| lab.place(&one.test).cmp(&lab.place(&other.test)));
}

/// Runs all `jobs`, which are tests of one program. First all run at the same time. Then the tests
/// whose result is not final run again, one by one. The results are in the order of the jobs.
pub fn judge(jobs: &[Job], permits: &Permits) -> Result<Vec<TestResult>, Error> {
    let first = fast_pass::run(jobs, permits)?;
    let undecided = jobs.iter().zip(&first).filter(|(_, result)| result.is_none());
    let undecided: Vec<Job> = undecided.map(|(job, _)| job.clone()).collect();
    let mut second = one_by_one(&undecided, permits)?.into_iter();
    let results = first.into_iter().map(|result| result.or_else(|| second.next()));
    Ok(results.map(|result| result.expect("each undecided job ran again")).collect())
}
