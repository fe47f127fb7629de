//! A lab, with all that its submissions are judged with.

use std::path::Path;

use lab::course::labs::Lab;
use lab::course::stub_history::StubFile;
use lab::error::Error;
use lab::workspace::Workspace;

use crate::bench::{self, Bench, Subject};
use crate::submission::take;

/// One lab of a class.
pub struct Course {
    /// The lab.
    pub lab: Lab,
    /// The files of its stub.
    pub stub: Vec<StubFile>,
    /// Suites and compiler.
    pub bench: Bench,
    /// The names of the files that students write, without folders.
    pub names: Vec<String>,
}

impl Course {
    /// Builds what `lab` needs, in `folder`.
    ///
    /// # Errors
    ///
    /// A build fails, or the lab has no stub.
    pub fn prepare(
        workspace: &Workspace,
        lab: Lab,
        subject: Subject<'_>,
        folder: &Path,
    ) -> Result<Course, Error> {
        let stub = bench::stub(workspace, &lab)?;
        let bench = Bench::build(workspace, &lab, subject, &folder.join(&lab.number))?;
        let name = |path: String| path.rsplit('/').next().unwrap_or(&path).to_owned();
        let names = take::allowed(&lab).into_iter().map(name).collect();
        Ok(Course { lab, stub, bench, names })
    }
}
