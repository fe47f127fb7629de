//! A lab, its stub, and the suites and the compiler for its submissions.

use std::path::Path;

use lab::course::answer;
use lab::course::kept_stub;
use lab::course::labs::{self, Lab};
use lab::course::stub_history::StubFile;
use lab::error::Error;
use lab::workspace::Workspace;

use crate::bench::{Bench, Subject};

/// One lab of a class.
pub struct Course {
    /// The lab.
    pub lab: Lab,
    /// The files of its stub.
    pub stub: Vec<StubFile>,
    /// Suites and compiler.
    pub bench: Bench,
    /// The names of all its files, without folders.
    pub names: Vec<String>,
    /// All labs, for which a submission may be by mistake.
    pub labs: Vec<Lab>,
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
        let stub = kept_stub::current(workspace, &lab)?;
        let bench = Bench::build(workspace, &lab, subject, &folder.join(&lab.number))?;
        let names = Course::file_names(&lab, &stub);
        let labs = labs::all(workspace)?;
        Ok(Course { lab, stub, bench, names, labs })
    }

    /// The names of the files of `lab`, without folders: those that students write, and the others of
    /// its `stub`.
    pub fn file_names(lab: &Lab, stub: &[StubFile]) -> Vec<String> {
        let paths =
            answer::file_names(lab).into_iter().chain(stub.iter().map(|it| it.path.clone()));
        paths.map(|path| path.rsplit('/').next().unwrap_or(&path).to_owned()).collect()
    }
}
