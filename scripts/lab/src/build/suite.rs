//! The test program of a lab. It is built again only if one of its sources has changed.
//!
//! The suite uses the student's code only through the lab's program, so an edit in `src/` does not
//! change the suite. Cargo would find that out, but it examines more than a hundred packages for it.
//! So this module keeps the path of the test program, and a fingerprint of its sources.

use std::fs;
use std::io;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

use super::cargo::{self, Reporting};
use super::libtest;
use crate::course::labs::Lab;
use crate::error::Error;
use crate::files;
use crate::workspace::Workspace;

/// A test program and the names of its tests.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Suite {
    /// The fingerprint of its sources.
    pub inputs: String,
    /// A stamp of the test program, which changes when another program replaces it.
    built: String,
    /// The test program.
    pub program: PathBuf,
    /// The names of its tests, as libtest lists them.
    pub tests: Vec<String>,
}

impl Suite {
    /// The suite of `lab`, if it was built from the sources as they are now.
    pub fn cached(workspace: &Workspace, lab: &Lab) -> Option<Suite> {
        let suite = Suite::read(workspace, lab)?;
        let is_current =
            suite.inputs == inputs(workspace, lab) && suite.built == files::stamp(&suite.program);
        is_current.then_some(suite)
    }

    fn read(workspace: &Workspace, lab: &Lab) -> Option<Suite> {
        let text = fs::read(state_file(workspace, lab)).ok()?;
        serde_json::from_slice(&text).ok()
    }

    /// The suite of `lab`, built only if necessary.
    pub fn current(
        workspace: &Workspace,
        lab: &Lab,
        reporting: Reporting<'_>,
    ) -> Result<Suite, Error> {
        match Suite::cached(workspace, lab) {
            Some(suite) => Ok(suite),
            None => Suite::build(workspace, lab, reporting),
        }
    }

    /// Builds the suite of `lab`.
    pub fn build(
        workspace: &Workspace,
        lab: &Lab,
        reporting: Reporting<'_>,
    ) -> Result<Suite, Error> {
        // Before the build, so that an edit during the build is noticed later.
        let inputs = inputs(workspace, lab);
        // Another program has replaced the suite, although its sources are the same. Cargo would take
        // that program for its own, so it must find none.
        let recorded = Suite::read(workspace, lab).filter(|suite| suite.inputs == inputs);
        if let Some(replaced) = recorded.filter(|suite| suite.built != files::stamp(&suite.program))
        {
            // An error means that it is gone already.
            let _ = fs::remove_file(&replaced.program);
        }
        let (program, tests) = build_tests(workspace, &lab.package(), "suite", reporting)?;
        if tests.is_empty() {
            let what = format!("the suite of lab {} has no tests", lab.number);
            return Err(Error::failed(what, "it would pass whatever you write"));
        }
        let built = files::stamp(&program);
        let suite = Suite { inputs, built, program, tests };
        // In a read-only checkout, the next run asks cargo again.
        let _ = suite.store(workspace, lab);
        Ok(suite)
    }

    /// The tests for `lab` that only the instructor has, if there are any.
    pub fn held_back(workspace: &Workspace, lab: &Lab) -> Result<Option<Suite>, Error> {
        if !lab.solution_path(workspace).join("tests/held_back.rs").is_file() {
            return Ok(None);
        }
        let (program, tests) =
            build_tests(workspace, &lab.solution(), "held_back", Reporting::NONE)?;
        let (inputs, built) = (String::new(), files::stamp(&program));
        Ok(Some(Suite { inputs, built, program, tests }))
    }

    fn store(&self, workspace: &Workspace, lab: &Lab) -> io::Result<()> {
        let text = serde_json::to_vec_pretty(self).expect("names and paths in UTF-8 are JSON");
        files::write_whole(&state_file(workspace, lab), &text)
    }
}

/// Builds the test target `target` of `package`. Returns its program and the names of its tests.
fn build_tests(
    workspace: &Workspace,
    package: &str,
    target: &str,
    reporting: Reporting<'_>,
) -> Result<(PathBuf, Vec<String>), Error> {
    let mut command = cargo::command(&workspace.root);
    command.args(["test", "--no-run", "--package", package, "--test", target]);
    let built = cargo::compile(command, Reporting { color: false, ..reporting })?;
    if !built.compiled {
        let why = format!("this is not a fault of your code\n{}", built.errors());
        return Err(Error::failed("the test program does not compile", why));
    }
    let program = built.executable(target)?;
    let tests = libtest::list(&program)?;
    Ok((program, tests))
}

/// A fingerprint of the suite's sources.
fn inputs(workspace: &Workspace, lab: &Lab) -> String {
    let mut files = workspace.shared();
    files.extend(["tests/suite", "Cargo.toml"].map(|name| lab.path.join(name)));
    files::content_fingerprint(&files)
}

fn state_file(workspace: &Workspace, lab: &Lab) -> PathBuf {
    workspace.state_dir().join(format!("suite-{}.json", lab.number))
}
