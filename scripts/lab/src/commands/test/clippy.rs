//! Clippy's findings on the student's files.
//!
//! Clippy begins with the compiler, and usually ends before the tests. It says nothing about files with
//! functions that are not written. What it denies is a bug and costs the step.

use std::fs;
use std::path::Path;

use serde::Serialize;
use terminal::{Style, count_of, wrap_to};

use crate::build::cargo::{self, BuildResult, Reporting, Verbosity};
use crate::build::diagnostic::Diagnostic;
use crate::build::program::Program;
use crate::build::rustc_cache::{self, NO_LINKS};
use crate::course::labs::{GIVEN, Lab, Step};
use crate::error::Error;
use crate::files;
use crate::workspace::Workspace;

/// A parameter that a written function does not use is often a bug. The stubs allow it, because the
/// parameters of unwritten functions are unused.
const LINTS: [&str; 2] = ["--warn", "unused_variables"];

/// A lint whose advice can mislead in a lab, and what to add to it.
const REMARKS: [(&str, &str); 1] = [(
    "clippy::unused_io_amount",
    "Use the count that `read` returns. `read_exact` waits for a full buffer, and most messages are \
     shorter. For `write`, `write_all` is the usual answer.",
)];

/// What clippy found.
#[derive(Debug, Default, Serialize)]
pub struct Lints {
    /// `None` if clippy did not run, because no step is written.
    pub findings: Option<Vec<Finding>>,
    /// Why clippy could not run.
    pub problem: Option<String>,
}

/// One diagnostic.
#[derive(Debug, Serialize)]
pub struct Finding {
    /// The first step that its file belongs to.
    pub step: Option<String>,
    /// Whether clippy denies it.
    pub is_error: bool,
    /// The diagnostic as clippy prints it.
    pub text: String,
    /// What to add to its advice. `None` for most lints.
    pub remark: Option<&'static str>,
    /// `clippy::unused_io_amount`, `unused_variables`.
    pub lint: Option<String>,
}

impl Lints {
    /// Runs clippy on `lab`, and keeps its findings on the written files of the `asked` step, or of
    /// all steps.
    pub fn find(
        workspace: &Workspace,
        lab: &Lab,
        asked: Option<&Step>,
        reporting: Reporting<'_>,
    ) -> Lints {
        let by_cargo = || Lints::of(workspace, lab, asked, with_cargo(workspace, lab, reporting));
        Lints::by_cached_call(workspace, lab, asked, reporting).unwrap_or_else(by_cargo)
    }

    /// The same by the cached call of rustc, which needs no build before it. `None` if only cargo
    /// should call clippy.
    pub fn by_cached_call(
        workspace: &Workspace,
        lab: &Lab,
        asked: Option<&Step>,
        reporting: Reporting<'_>,
    ) -> Option<Lints> {
        let is_written = |step: &&Step| lab.files_of(step).iter().all(|file| is_written(lab, file));
        let mut wanted = lab.steps().iter().filter(|step| asked.is_none_or(|asked| asked == *step));
        if !wanted.any(|step| is_written(&step)) {
            return Some(Lints::default());
        }
        let out = workspace.target_dir().join("clippy-driver").join(lab.package());
        let program = Program::of_student(workspace, lab);
        let built = rustc_cache::lint(&program, &out, &LINTS, reporting)?;
        Some(Lints::of(workspace, lab, asked, built))
    }

    /// What clippy found, by its output.
    fn of(
        workspace: &Workspace,
        lab: &Lab,
        asked: Option<&Step>,
        built: Result<BuildResult, Error>,
    ) -> Lints {
        match built.and_then(diagnostics) {
            Ok(diagnostics) => {
                let finding = |one: &Diagnostic| Finding::new(workspace, lab, asked, one);
                let findings = diagnostics.iter().filter_map(finding).collect();
                Lints { findings: Some(findings), problem: None }
            }
            Err(error) => Lints { findings: None, problem: Some(error.cause()) },
        }
    }

    /// The errors, and the warnings on the `current` step; without one, on all steps. Or why there
    /// are none.
    pub fn page(&self, current: Option<&str>, style: &Style) -> String {
        if let Some(problem) = &self.problem {
            return format!("\nClippy could not run: {problem}\n(rustup component add clippy)\n");
        }
        let Some(findings) = &self.findings else { return String::new() };
        let shown = findings.iter().filter(|one| one.is_error || one.concerns(current));
        let (errors, warnings): (Vec<_>, Vec<_>) = shown.partition(|one| one.is_error);
        let warned = count_of(warnings.len(), "warning");
        let heading = match (errors.len(), warnings.len()) {
            (0, 0) if !findings.is_empty() => return String::new(),
            (0, 0) => {
                return format!("\nClippy finds nothing to improve. {}\n", style.mark(true));
            }
            (0, _) => style.careful(&format!("Clippy has {warned}.")),
            (denied, _) => {
                let errors = count_of(denied, "error");
                let text =
                    format!("Clippy has {errors} and {warned}. What it calls an error is a bug.");
                style.bad(&wrap_to(&text, 0, style.columns))
            }
        };
        let texts: String = errors.iter().chain(&warnings).map(|one| one.page(style)).collect();
        format!("\n{heading}\n\n{texts}")
    }
}

impl Finding {
    /// Whether it is on a file of the `current` step, or of no step.
    fn concerns(&self, current: Option<&str>) -> bool {
        match (&self.step, current) {
            (Some(step), Some(current)) => step == current,
            _ => true,
        }
    }

    fn page(&self, style: &Style) -> String {
        let remark = self.remark.map(|text| wrap_to(text, 0, style.columns) + "\n\n");
        format!("{}{}{}", self.text, remark.unwrap_or_default(), self.explanation())
    }

    /// Where clippy's own page on the lint is. The command works without a network.
    fn explanation(&self) -> String {
        let name = self.lint.as_ref().and_then(|lint| lint.strip_prefix("clippy::"));
        let line = |name| format!("The lint in full: cargo clippy --explain {name}\n\n");
        name.map(line).unwrap_or_default()
    }

    /// `None` for a diagnostic on a file that is given, not written, or of another step.
    fn new(
        workspace: &Workspace,
        lab: &Lab,
        asked: Option<&Step>,
        diagnostic: &Diagnostic,
    ) -> Option<Finding> {
        let path = workspace.root.join(diagnostic.file()?);
        let name = files::relative(path.strip_prefix(lab.src()).ok()?, Path::new(""));
        let is_given = name.split('/').next() == Some(GIVEN);
        let owners: Vec<&Step> =
            lab.steps().iter().filter(|step| step.files.contains(&name)).collect();
        let owner = owners.iter().find(|step| asked.is_none_or(|asked| asked == **step));
        if is_given || !is_written(lab, &path) || (owner.is_none() && !owners.is_empty()) {
            return None;
        }
        Some(Finding {
            step: owner.map(|step| step.name.clone()),
            is_error: diagnostic.is_error(),
            text: diagnostic.for_student(),
            remark: remark(diagnostic),
            lint: diagnostic.code.as_ref().map(|code| code.code.clone()),
        })
    }
}

/// What to add to the advice of a diagnostic.
fn remark(diagnostic: &Diagnostic) -> Option<&'static str> {
    let is_about = |lint| diagnostic.code.as_ref().is_some_and(|code| code.code == lint);
    let remark = REMARKS.iter().find(|(lint, _)| is_about(*lint));
    remark.map(|(_, text)| *text)
}

/// Whether no function of `file` is left to write.
fn is_written(lab: &Lab, file: &Path) -> bool {
    fs::read_to_string(file).is_ok_and(|text| !text.contains(&lab.marker()))
}

/// The program can be built, or there is no verdict. So an error that is no lint is a fault of clippy
/// itself.
fn diagnostics(built: BuildResult) -> Result<Vec<Diagnostic>, Error> {
    let mut errors = built.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
    match errors.find(|error| !error.is_lint()) {
        Some(fault) => Err(Error::failed("clippy failed", fault.rendered.trim_end())),
        None => Ok(built.diagnostics),
    }
}

/// Clippy by cargo, where no call of rustc is recorded. Cargo checks the dependencies, too.
fn with_cargo(
    workspace: &Workspace,
    lab: &Lab,
    reporting: Reporting<'_>,
) -> Result<BuildResult, Error> {
    let mut command = cargo::command(&workspace.root);
    command.args(["clippy", "--package", &lab.package(), "--bins"]);
    // A target folder caches the version of one compiler only. In the shared folder, clippy's
    // version would replace rustc's, and the next build would take 60 ms to ask rustc for its
    // version again.
    let target = workspace.target_dir().join("clippy");
    let verbosity = if target.is_dir() { Verbosity::Quiet } else { reporting.verbosity };
    command.arg("--target-dir").arg(target);
    command.env(NO_LINKS, "1");
    cargo::compile_with(command, &LINTS, Reporting { verbosity, ..reporting })
}
