//! `cargo lab test`: builds the student's program, judges it, and then runs clippy.
//!
//! A verdict must come soon after an edit. So a cached call of rustc builds the program
//! ([`crate::build::rustc_cache`]), the suite is built only once ([`crate::build::suite`]), and the
//! tests run at the same time ([`crate::judge`]). Everything else comes after the verdict.

mod announcement;
mod clippy;
mod failures;
mod other_subject;
mod page;
mod verdict;

use serde::Serialize;
use terminal::{Style, count_of};

use crate::build::cargo::{BuildResult, Verbosity};
use crate::build::program::{Program, Reporting};
use crate::build::rustc_cache;
use crate::build::suite::Suite;
use crate::course::kept_stub;
use crate::course::labs::{Lab, Step};
use crate::course::progress::Progress;
use crate::error::{Error, Exit};
use crate::files;
use crate::judge::{self, TestResult};
use crate::output::{Output, Printer};
use crate::workspace::Workspace;
use announcement::{announce_build, announce_if_slow};
use other_subject::OtherSubject;
pub use verdict::Verdict;

/// Judges `lab`, or one step of it; shows the verdict, and then clippy's diagnostics.
pub fn run(
    workspace: &Workspace,
    lab: &Lab,
    step: Option<&Step>,
    printer: &Printer,
) -> Result<Exit, Error> {
    if let Some(other) = OtherSubject::of_environment() {
        return other.judge(workspace, lab, step, printer);
    }
    kept_stub::keep(workspace, lab);
    let cached = Suite::cached(workspace, lab);
    let verbosity = if cached.is_some() { Verbosity::Quiet } else { Verbosity::Normal };
    if cached.is_none() {
        announce_build(lab);
    }
    let source = files::content_fingerprint(&[lab.src()]);
    let reporting = Reporting { verbosity, color: printer.style.color };
    let built = rustc_cache::build(&Program::of_student(workspace, lab), reporting)?;
    if !built.compiled {
        return Ok(printer.show(&DoesNotCompile::new(lab, &built)));
    }
    let suite = match cached {
        Some(suite) => suite,
        None => Suite::build(workspace, lab, verbosity)?,
    };
    let program = built.executable(&lab.package())?;
    let announcement = announce_if_slow();
    let results = judge::judge_program(lab, step, &suite, &program)?;
    drop(announcement);

    let progress = remember(workspace, lab, &results, &source);
    let exit = printer.show(&Verdict::new(lab, step, results, &progress));
    if printer.is_for_people() {
        clippy::show_diagnostics(workspace, lab, &printer.style);
    }
    Ok(exit)
}

/// Writes the results into the student's progress, and returns it.
fn remember(workspace: &Workspace, lab: &Lab, results: &[TestResult], source: &str) -> Progress {
    let mut progress = Progress::read(workspace);
    for (step, tests) in verdict::by_step(lab, results) {
        let entry = progress.step_mut(lab, &step.name);
        entry.passed = verdict::passed(&tests);
        entry.skipped = verdict::skipped(&tests);
        entry.tests = tests.len();
        entry.source = source.to_owned();
    }
    progress.keep(workspace);
    progress
}

/// The output if there is no program to judge.
#[derive(Serialize)]
struct DoesNotCompile {
    lab: String,
    verdict: &'static str,
    errors: String,
    count: usize,
}

impl DoesNotCompile {
    fn new(lab: &Lab, built: &BuildResult) -> DoesNotCompile {
        DoesNotCompile {
            lab: lab.folder(),
            verdict: "did_not_compile",
            errors: built.errors(),
            count: built.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count(),
        }
    }
}

impl Output for DoesNotCompile {
    fn page(&self, style: &Style) -> String {
        let errors = count_of(self.count, "error");
        let verdict = format!("Lab {} does not compile: {errors}, so no test was run.", self.lab);
        format!("{}\n{}\n", self.errors, style.bad(&verdict))
    }

    fn exit(&self) -> Exit {
        Exit::WorkFails
    }
}
