//! The solution passes its suite, and the tests that only the instructor has.

use std::num::NonZeroU32;

use terminal::count_of;

use crate::check::Check;
use crate::mistakes::Suites;
use lab::build::cargo::Reporting;
use lab::build::program::Program;
use lab::build::rustc_cache;
use lab::cancel::CancellationToken;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::judge::{Outcome, Permits, TestResult};
use lab::workspace::Workspace;
use terminal::Style;

/// Judges the solution as `cargo lab test` judges a student's answer. (Plain `cargo test` runs the
/// same tests without the fast pass.) A right program must never fail by chance, so no run has a
/// second try.
pub fn passes(
    workspace: &Workspace,
    lab: &Lab,
    suites: &Suites,
    rounds: NonZeroU32,
) -> Result<Check, Error> {
    let name = "solution";
    let built = rustc_cache::build(&Program::of_solution(workspace, lab), Reporting::NONE)?;
    if !built.compiled {
        let problem = format!("it does not compile\n{}", built.errors());
        return Ok(Check::new(name, "", vec![problem]));
    }
    let program = built.executable(&lab.solution())?;
    let mut problems = Vec::new();
    let mut results = Vec::new();
    for round in 1..=rounds.get() {
        results = suites.run(
            lab,
            &program,
            &Permits::for_one_program(&CancellationToken::of_process()),
            |_| true,
        )?;
        let failed = results.iter().filter(|result| result.is_failure());
        problems.extend(failed.map(|result| problem_with(result, round)));
    }
    let runs = if rounds.get() == 1 { String::new() } else { format!(", {rounds} times") };
    Ok(Check::new(name, summary(&results) + &runs, problems))
}

fn problem_with(result: &TestResult, round: u32) -> String {
    format!("{}, run {round}\n{}", result.test, result.render(&Style::PLAIN))
}

fn summary(results: &[TestResult]) -> String {
    let with = |outcome| results.iter().filter(|result| result.outcome == outcome).count();
    let passed = count_of(with(Outcome::Passed), "test");
    format!(
        "{passed} of suite and held-back tests pass, {} cannot run here",
        with(Outcome::Skipped)
    )
}
