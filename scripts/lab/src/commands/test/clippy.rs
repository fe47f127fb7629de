//! What clippy thinks of the lab: told after the verdict, and never part of it.

use std::fs;

use crate::cargo::{self, Built, Noise};
use crate::labs::Lab;
use crate::screen::{Screen, count};
use crate::trouble::Trouble;
use crate::workspace::Workspace;

/// Prints clippy's opinion. That it could not be had is an opinion too.
pub fn show_opinion(workspace: &Workspace, lab: &Lab, screen: &Screen) {
    let page = match ask(workspace, lab, screen) {
        Ok(built) => opinion(&built, screen),
        Err(trouble) => {
            format!("\nClippy could not be asked. {trouble}\n(rustup component add clippy)\n")
        }
    };
    screen.print(&page);
}

fn ask(workspace: &Workspace, lab: &Lab, screen: &Screen) -> Result<Built, Trouble> {
    // Left behind once clippy has compiled what the lab depends on.
    let trace = workspace.memory().join(format!("clippy-{}", lab.number));
    let noise = if trace.is_file() { Noise::Quiet } else { Noise::Shown };
    if noise == Noise::Shown {
        screen.print(
            "\nNow clippy, which reads for mistakes. Its first run reads the dependencies too.\n",
        );
    }
    let mut command = cargo::command(&workspace.root);
    command.args(["clippy", "--package", &lab.package(), "--bins"]);
    // In one folder cargo remembers what one compiler says of itself. In ours that would be
    // clippy's from now on, and the next build would ask rustc again: 60 ms of a verdict.
    command.arg("--target-dir").arg(workspace.root.join("target").join("clippy"));
    let built = cargo::compile(command, noise, screen.color)?;
    // Without the trace, the next run says again that it is the first: a small lie.
    let _ = fs::write(trace, "");
    Ok(built)
}

fn opinion(built: &Built, screen: &Screen) -> String {
    let (errors, warnings): (Vec<_>, Vec<_>) =
        built.diagnostics.iter().partition(|diagnostic| diagnostic.is_error());
    let said: String =
        errors.iter().chain(&warnings).map(|diagnostic| diagnostic.rendered.as_str()).collect();
    let (errors, warnings) = (count(errors.len(), "error"), count(warnings.len(), "warning"));
    if built.diagnostics.is_empty() {
        return format!("\nClippy finds nothing to improve. {}\n", screen.mark(true));
    }
    if errors.starts_with("0 ") {
        return format!("\n{}\n\n{said}", screen.careful(&format!("Clippy has {warnings}.")));
    }
    let heading = format!("Clippy has {errors} and {warnings}. What it calls an error is a bug.");
    format!("\n{}\n\n{said}", screen.bad(&heading))
}
