//! The solution passes its suite, and the tests that only the instructor has.

use terminal::count_of;

use crate::check::Check;
use crate::mistakes::Suites;
use lab::build::program::{Program, Reporting};
use lab::build::rustc_cache;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::judge::{Outcome, Permits, TestResult};
use lab::workspace::Workspace;
use terminal::Style;

/// Judges the solution as `cargo lab test` judges a student's answer. (Plain `cargo test` runs the
/// same tests without the fast pass.)
pub fn passes(workspace: &Workspace, lab: &Lab, suites: &Suites) -> Result<Check, Error> {
    let name = "solution";
    let built = rustc_cache::build(&Program::of_solution(workspace, lab), Reporting::NONE)?;
    if !built.compiled {
        let problem = format!("it does not compile\n{}", built.errors());
        return Ok(Check::new(name, "", vec![problem]));
    }
    let program = built.executable(&lab.solution())?;
    let results = suites.run(lab, &program, &Permits::for_one_program(), |_| true)?;
    let failed = results.iter().filter(|result| result.is_failure());
    let problems =
        failed.map(|result| format!("{}\n{}", result.test, result.render(&Style::PLAIN))).collect();
    Ok(Check::new(name, summary(&results), problems))
}

fn summary(results: &[TestResult]) -> String {
    let with = |outcome| results.iter().filter(|result| result.outcome == outcome).count();
    let passed = count_of(with(Outcome::Passed), "test");
    format!(
        "{passed} of suite and held-back tests pass, {} cannot run here",
        with(Outcome::Skipped)
    )
}
