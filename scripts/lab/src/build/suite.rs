//! The test program of a lab: built once, and again only when something it is made of changed.
//!
//! The suite never touches the student's code but through the lab's program, so an edit in
//! `src/` changes nothing of it. Cargo would find that out, but only after a look at more than a
//! hundred packages. So we remember where the test program is, and a fingerprint of all that it was
//! made from.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use crate::cargo::{self, Built, Noise};
use crate::files;
use crate::labs::Lab;
use crate::trouble::Trouble;
use crate::workspace::Workspace;

/// A test program and the names of its tests.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Suite {
    /// The fingerprint of what it was made from.
    inputs: String,
    pub program: PathBuf,
    pub tests: Vec<String>,
}

impl Suite {
    /// The suite of `lab` if it was built before, and is still what its sources say.
    pub fn remembered(workspace: &Workspace, lab: &Lab) -> Option<Suite> {
        let text = fs::read(memory(workspace, lab)).ok()?;
        let suite: Suite = serde_json::from_slice(&text).ok()?;
        let is_current = suite.program.is_file() && suite.inputs == inputs(workspace, lab);
        is_current.then_some(suite)
    }

    /// The suite of `lab`, built again only if it must be.
    pub fn current(workspace: &Workspace, lab: &Lab, noise: Noise) -> Result<Suite, Trouble> {
        match Suite::remembered(workspace, lab) {
            Some(suite) => Ok(suite),
            None => Suite::build(workspace, lab, noise),
        }
    }

    /// Builds the suite of `lab`, and remembers it.
    pub fn build(workspace: &Workspace, lab: &Lab, noise: Noise) -> Result<Suite, Trouble> {
        // Before the build: what changes while it runs is not in it.
        let inputs = inputs(workspace, lab);
        let mut command = cargo::command(&workspace.root);
        command.args(["test", "--no-run", "--test", "suite", "--package", &lab.package()]);
        let built = cargo::compile(command, noise, false)?;
        let suite = Suite::from_build(&built, "suite", inputs)?;
        if suite.tests.is_empty() {
            let what = format!("the suite of lab {} has no tests", lab.number);
            return Err(Trouble::failed(what, "it would pass whatever you write"));
        }

        suite
            .remember(workspace, lab)
            .map_err(|error| Trouble::failed("cannot write to .lab", error))?;
        Ok(suite)
    }

    fn remember(&self, workspace: &Workspace, lab: &Lab) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(self).expect("names and paths in UTF-8 are JSON");
        files::write_whole(&memory(workspace, lab), &text)
    }

    /// The test program that `built` holds for the target called `target`.
    pub fn from_build(built: &Built, target: &str, inputs: String) -> Result<Suite, Trouble> {
        if !built.compiled {
            return Err(Trouble::failed(
                "the test program does not compile",
                format!("this is not your code's fault\n{}", built.errors()),
            ));
        }
        let program = built.executable(target)?;
        Ok(Suite { inputs, tests: list(&program)?, program })
    }
}

/// The names of the tests in `program`, as libtest lists them: `NAME: test`.
fn list(program: &Path) -> Result<Vec<String>, Trouble> {
    let output = cargo::output(Command::new(program).args(["--list", "--format", "terse"]))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
}

/// A fingerprint of all that the suite is made from.
fn inputs(workspace: &Workspace, lab: &Lab) -> String {
    let mut files = workspace.shared();
    files.extend(["tests", "Cargo.toml"].map(|name| lab.path.join(name)));
    files::time_fingerprint(&files)
}

fn memory(workspace: &Workspace, lab: &Lab) -> PathBuf {
    workspace.memory().join(format!("suite-{}.json", lab.number))
}
