//! The student's program: built by cargo, and after an edit as cargo built it before.
//!
//! ```text
//!   first     cargo build ── starts us instead of rustc ──▶ calls.rs notes the call ──▶ rustc
//!   then      the same call of rustc
//! ```
//!
//! Cargo looks at more than a hundred packages to find out what an edit in `src/` always means:
//! that call. The look takes up to 100 ms. So the call is remembered, and repeated as long as nothing
//! else has changed. Whatever then goes wrong, cargo is asked after all: its word counts.

mod calls;
mod recipe;

use crate::cargo::{self, Built, Noise};
use crate::labs::Lab;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

pub use calls::stand_in_for_rustc;
use recipe::{Recipe, Repeated};

/// Builds the program of `lab` from its sources as they are now.
pub fn build(
    workspace: &Workspace,
    lab: &Lab,
    noise: Noise,
    color: bool,
) -> Result<Built, Trouble> {
    let Some(mut recipe) = Recipe::remembered(workspace, lab) else {
        return build_and_remember(workspace, lab, noise, color);
    };
    let repeated = recipe.repeat(lab);
    if repeated == Repeated::Built {
        recipe.remember(workspace, lab);
        return Ok(Built::program(&lab.package(), recipe.program));
    }
    let built = build_by_cargo(workspace, lab, noise, color)?;
    if repeated == Repeated::Failed && built.compiled {
        // Not the sources were to blame, but the recipe.
        Recipe::forget(workspace, lab);
    }
    Ok(built)
}

/// The same, whatever is remembered.
pub fn build_by_cargo(
    workspace: &Workspace,
    lab: &Lab,
    noise: Noise,
    color: bool,
) -> Result<Built, Trouble> {
    cargo::compile(cargo_build(workspace, lab), noise, color)
}

fn build_and_remember(
    workspace: &Workspace,
    lab: &Lab,
    noise: Noise,
    color: bool,
) -> Result<Built, Trouble> {
    let log = tempfile::NamedTempFile::new()
        .map_err(|error| Trouble::failed("cannot make a temporary file", error))?;
    // Before the build: what changes while it runs is not in it.
    let inputs = recipe::inputs(workspace, lab);
    let mut command = cargo_build(workspace, lab);
    calls::note(&mut command, log.path());
    let built = cargo::compile(command, noise, color)?;
    if built.compiled {
        let program = built.executable(&lab.package())?;
        let recipe = Recipe::from_calls(lab, calls::noted(log.path()), program, inputs);
        recipe.inspect(|recipe| recipe.remember(workspace, lab));
    }
    Ok(built)
}

fn cargo_build(workspace: &Workspace, lab: &Lab) -> std::process::Command {
    let mut command = cargo::command(&workspace.root);
    command.args(["build", "--package", &lab.package(), "--bin", &lab.package()]);
    command
}
