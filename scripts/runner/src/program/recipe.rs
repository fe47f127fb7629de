//! How the program of a lab was built, and from what.

use std::env::{self, consts::EXE_SUFFIX};
use std::fs::{self, File};
use std::path::PathBuf;
use std::slice;

use serde::{Deserialize, Serialize};

use super::calls::Call;
use crate::files;
use crate::labs::Lab;
use crate::workspace::Workspace;

/// What it takes to build a program again.
#[derive(Debug, Deserialize, Serialize)]
pub struct Recipe {
    /// A fingerprint of all that decides which calls they are.
    inputs: String,
    /// For the library, and for the program.
    calls: [Call; 2],
    pub program: PathBuf,
    /// Fingerprints of the sources when it was built, and of itself.
    built: Option<(String, String)>,
}

impl Recipe {
    /// The recipe for `lab`, if cargo would still build by it.
    pub fn remembered(workspace: &Workspace, lab: &Lab) -> Option<Recipe> {
        let text = fs::read(memory(workspace, lab)).ok()?;
        let recipe: Recipe = serde_json::from_slice(&text).ok()?;
        (recipe.inputs == inputs(workspace, lab, &recipe.calls[0])).then_some(recipe)
    }

    /// Of cargo's `calls` those for `lab`. `None` if they are not the two that are expected: then
    /// there is more to building this than we know.
    pub fn from_calls(workspace: &Workspace, lab: &Lab, calls: Vec<Call>) -> Option<Recipe> {
        let is_ours = |call: &Call| call.argument("--crate-name") == Some(&lab.package());
        let calls: Vec<Call> = calls.into_iter().filter(is_ours).collect();
        let calls = <[Call; 2]>::try_from(calls).ok()?;
        let kinds = calls.each_ref().map(|call| call.argument("--crate-type"));
        if kinds != [Some("lib"), Some("bin")] {
            return None;
        }
        let name =
            format!("{}{}{EXE_SUFFIX}", lab.package(), calls[1].argument("-C extra-filename")?);
        let program = PathBuf::from(calls[1].argument("--out-dir")?).join(name);
        let inputs = inputs(workspace, lab, &calls[0]);
        // What the sources were when cargo looked is not known: the first time builds again.
        Some(Recipe { inputs, calls, program, built: None })
    }

    /// Builds the program from its sources as they are now. Whether it went well.
    pub fn repeat(&mut self, lab: &Lab) -> bool {
        let fingerprint = |path: &PathBuf| files::time_fingerprint(slice::from_ref(path));
        let sources = fingerprint(&lab.path);
        if self.built == Some((sources.clone(), fingerprint(&self.program))) {
            return true;
        }
        let Some(_lock) = self.lock() else { return false };
        let went_well = self.calls.iter().all(|call| call.repeat().unwrap_or(false));
        self.built = Some((sources, fingerprint(&self.program)));
        went_well && self.program.is_file()
    }

    /// Cargo's own lock on what it builds, as long as the file is open. `None` if somebody else
    /// builds: then it is cargo that should wait, and say so.
    fn lock(&self) -> Option<File> {
        let lock = File::open(self.program.parent()?.parent()?.join(".cargo-lock")).ok()?;
        lock.try_lock().ok()?;
        Some(lock)
    }

    pub fn remember(&self, workspace: &Workspace, lab: &Lab) {
        let text = serde_json::to_vec_pretty(self).expect("text as keys is JSON");
        // Without it, the next build is slower: not worth a word.
        let _ = files::write_whole(&memory(workspace, lab), &text);
    }

    pub fn forget(workspace: &Workspace, lab: &Lab) {
        // Not there is what we want.
        let _ = fs::remove_file(memory(workspace, lab));
    }
}

/// A fingerprint of all but the student's sources that decides how cargo builds `lab`: manifests,
/// settings, the compiler.
fn inputs(workspace: &Workspace, lab: &Lab, call: &Call) -> String {
    let steers = |name: &str| {
        let prefixes = ["RUST", "CARGO_ENCODED", "CARGO_BUILD", "CARGO_PROFILE", "CARGO_TARGET"];
        prefixes.iter().any(|prefix| name.starts_with(prefix))
    };
    let settings = env::vars_os().filter(|(name, _)| name.to_str().is_some_and(steers));
    let mut settings: Vec<String> =
        settings.map(|(name, value)| format!("{name:?}={value:?}")).collect();
    settings.sort();
    let files = files::time_fingerprint(&[
        lab.path.join("Cargo.toml"),
        lab.path.join("build.rs"),
        workspace.root.join("common"),
        workspace.root.join("Cargo.toml"),
        workspace.root.join("Cargo.lock"),
        workspace.root.join(".cargo"),
        call.rustc.clone(),
    ]);
    format!("{files} {}", settings.join(" "))
}

fn memory(workspace: &Workspace, lab: &Lab) -> PathBuf {
    workspace.memory().join(format!("recipe-{}.json", lab.number))
}
