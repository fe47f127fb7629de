//! Clippy's diagnostics on the lab: shown after the verdict, and never part of it.

use std::fs;

use crate::build::cargo::{self, BuildResult, Verbosity};
use crate::course::labs::Lab;
use crate::error::Error;
use crate::workspace::Workspace;
use terminal::{Style, count_of};

/// Prints clippy's diagnostics, or why there are none.
pub fn show_diagnostics(workspace: &Workspace, lab: &Lab, style: &Style) {
    let page = match run(workspace, lab, style) {
        Ok(built) => page_of(&built, style),
        Err(error) => {
            format!("\nClippy could not run. {error}\n(rustup component add clippy)\n")
        }
    };
    style.print(&page);
}

fn run(workspace: &Workspace, lab: &Lab, style: &Style) -> Result<BuildResult, Error> {
    // This file exists once clippy has compiled the lab's dependencies.
    let trace = workspace.state_dir().join(format!("clippy-{}", lab.number));
    let verbosity = if trace.is_file() { Verbosity::Quiet } else { Verbosity::Normal };
    if verbosity == Verbosity::Normal {
        style.print("\nNow clippy, a linter. Its first run also checks the dependencies.\n");
    }
    let mut command = cargo::command(&workspace.root);
    command.args(["clippy", "--package", &lab.package(), "--bins"]);
    // A target folder caches the version of one compiler only. In the shared folder, clippy's
    // version would replace rustc's, and the next build would take 60 ms to ask rustc for its
    // version again.
    command.arg("--target-dir").arg(workspace.target_dir().join("clippy"));
    let built = cargo::compile(command, verbosity, style.color)?;
    // Without this file, the next run announces itself as the first again.
    let _ = fs::write(trace, "");
    Ok(built)
}

fn page_of(built: &BuildResult, style: &Style) -> String {
    let (errors, warnings): (Vec<_>, Vec<_>) =
        built.diagnostics.iter().partition(|diagnostic| diagnostic.is_error());
    let said: String =
        errors.iter().chain(&warnings).map(|diagnostic| diagnostic.rendered.as_str()).collect();
    if built.diagnostics.is_empty() {
        return format!("\nClippy finds nothing to improve. {}\n", style.mark(true));
    }
    let counted = count_of(warnings.len(), "warning");
    if errors.is_empty() {
        return format!("\n{}\n\n{said}", style.careful(&format!("Clippy has {counted}.")));
    }
    let errors = count_of(errors.len(), "error");
    let heading = format!("Clippy has {errors} and {counted}. What it calls an error is a bug.");
    format!("\n{}\n\n{said}", style.bad(&heading))
}
