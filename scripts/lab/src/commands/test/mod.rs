//! `cargo lab test`: builds the student's program, and judges it by the tests and by clippy.
//!
//! A verdict must come soon after an edit. So a cached call of rustc builds the program
//! ([`crate::build::rustc_cache`]) beside clippy, the suite is built only once
//! ([`crate::build::suite`]), and the tests run at the same time ([`crate::judge`]).

mod announcement;
mod clippy;
mod earlier;
mod failures;
mod judgement;
mod not_begun;
mod not_judged;
mod other_subject;
mod page;
mod regression;
mod repeated;
mod run;
mod verdict;

use std::collections::BTreeMap;
use std::path::Path;
use std::thread::{self, ScopedJoinHandle};

use super::next::Afterwards;
use crate::build::cargo::{Reporting, Verbosity};
use crate::build::program::Program;
use crate::build::rustc_cache;
use crate::build::suite::Suite;
use crate::cancel::CancellationToken;
use crate::course::functions;
use crate::course::kept_stub;
use crate::course::labs::{Lab, Step};
use crate::course::progress::{Progress, ReadAdvice};
use crate::error::{Error, Exit};
use crate::files;
use crate::judge::{self, TestResult};
use crate::output::Printer;
use crate::workspace::Workspace;
use announcement::{announce_build, announce_if_slow};
pub use clippy::{Finding, Lints};
pub use failures::Cause;
pub use judgement::{DoesNotCompile, Judgement};
pub use not_judged::NotJudged;
use other_subject::OtherSubject;
pub use regression::Regression;
pub use run::Run;
pub use verdict::{Before, StepVerdict, Verdict, points_for};

/// Judges `lab`, or one step of it; shows the verdict and clippy's diagnostics.
pub fn run(
    workspace: &Workspace,
    lab: &Lab,
    step: Option<&Step>,
    printer: &Printer,
) -> Result<Exit, Error> {
    if let Some(other) = OtherSubject::of_environment() {
        return other.judge(workspace, lab, step, printer);
    }
    let color = printer.style.color;
    let reporting = Reporting { color, ..Reporting::SHOWN };
    Ok(printer.show(&judge(workspace, lab, step, reporting)?))
}

/// Judges `lab`, or one step of it, and writes the verdict into the student's progress.
///
/// # Errors
///
/// The tool or the machine failed, or the run was cancelled.
pub fn judge(
    workspace: &Workspace,
    lab: &Lab,
    step: Option<&Step>,
    reporting: Reporting<'_>,
) -> Result<Judgement, Error> {
    kept_stub::keep(workspace, lab);
    // Before the build, so that an edit during the build is noticed later.
    let files = files::rust_fingerprints(&lab.src());
    let (results, lints) = match build_and_judge(workspace, lab, step, reporting)? {
        Ok(judged) => judged,
        Err(does_not_compile) => return Ok(Judgement::DoesNotCompile(does_not_compile)),
    };
    // Clippy may have been killed after the last test.
    if reporting.token.is_some_and(CancellationToken::is_cancelled) {
        return Err(Error::failed("there is no verdict", "the run was cancelled"));
    }
    if let Some(not_judged) = NotJudged::find(lab, &results) {
        return Ok(Judgement::NotJudged(not_judged));
    }

    let run = Run { files: files.clone(), results, lints };
    let before = Progress::read(workspace);
    let mut verdict = Verdict::new(lab, step, run, &before);
    let after = remember(workspace, lab, &verdict, files, before);
    if verdict.is_passed() {
        verdict.afterwards = Some(Afterwards::find(workspace, lab, &after)?);
    }
    Ok(Judgement::Verdict(Box::new(verdict)))
}

/// Why a run has no verdict: the results may be those of another program.
const REPLACED: &str = "the program or its suite was replaced while the tests ran";

/// The results of the tests, and what clippy found.
type Judged = (Vec<TestResult>, Lints);

/// Builds the program, and judges it.
fn build_and_judge(
    workspace: &Workspace,
    lab: &Lab,
    step: Option<&Step>,
    reporting: Reporting<'_>,
) -> Result<Result<Judged, DoesNotCompile>, Error> {
    let is_quiet = reporting.verbosity == Verbosity::Quiet;
    let cached = Suite::cached(workspace, lab);
    if cached.is_none() && !is_quiet {
        announce_build(lab);
    }
    let building = if cached.is_some() { reporting.quiet() } else { reporting };
    let token = reporting.token.cloned().unwrap_or_else(CancellationToken::of_process);
    thread::scope(|scope| {
        // The compiler mostly works on one core, so clippy begins now.
        let early = scope.spawn(move || Lints::by_cached_call(workspace, lab, step, reporting));
        let built = rustc_cache::build(&Program::of_student(workspace, lab), building)?;
        if !built.compiled {
            return Ok(Err(DoesNotCompile::new(lab, &built)));
        }
        let suite = match cached {
            Some(suite) => suite,
            None => Suite::build(workspace, lab, building)?,
        };
        let program = built.executable(&lab.package())?;
        let announcement = (!is_quiet).then(announce_if_slow);
        // The build has recorded its call, if none was recorded before.
        let find =
            move || join(early).unwrap_or_else(|| Lints::find(workspace, lab, step, reporting));
        let lints = scope.spawn(find);
        let (suite_before, before) = (files::stamp(&suite.program), files::stamp(&program));
        let results = judge_steps(workspace, lab, step, &suite, &program, &token);
        let lints = join(lints);
        drop(announcement);
        let is_same =
            suite_before == files::stamp(&suite.program) && before == files::stamp(&program);
        if !is_same {
            return Err(Error::failed("there is no verdict", REPLACED));
        }
        Ok(Ok((results?, lints)))
    })
}

/// Runs the tests of the steps that the student has begun, of all or of one. The results are in the
/// order of `lab.toml`.
fn judge_steps(
    workspace: &Workspace,
    lab: &Lab,
    asked: Option<&Step>,
    suite: &Suite,
    program: &Path,
    token: &CancellationToken,
) -> Result<Vec<TestResult>, Error> {
    let is_asked = |step: &&Step| asked.is_none_or(|asked| asked == *step);
    let (begun, others): (Vec<&Step>, Vec<&Step>) =
        lab.steps().iter().filter(is_asked).partition(|step| functions::is_begun(lab, step));
    let mut results =
        judge::judge_program(lab, |step| begun.contains(&step), suite, program, token)?;
    results.extend(others.iter().flat_map(|step| not_begun::results(workspace, lab, step, suite)));
    judge::sort(lab, &mut results);
    Ok(results)
}

fn join<T>(clippy: ScopedJoinHandle<'_, T>) -> T {
    clippy.join().expect("clippy's thread does not panic")
}

/// Writes the verdict on `files` into the student's progress, and returns it.
fn remember(
    workspace: &Workspace,
    lab: &Lab,
    verdict: &Verdict,
    files: BTreeMap<String, String>,
    mut progress: Progress,
) -> Progress {
    let current = verdict.current().map(|step| &step.name);
    for step in &verdict.steps {
        let entry = progress.step_mut(lab, &step.name);
        let results = step.tests.iter().map(|test| (test.test.clone(), test.mark())).collect();
        entry.record(results, files.clone());
        entry.denied = step.denied > 0;
        let shown = step.failures().next().filter(|_| current == Some(&step.name));
        entry.show(shown.and_then(|failure| ReadAdvice::of(failure, &files)));
    }
    progress.keep(workspace);
    progress
}
