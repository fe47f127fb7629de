//! A lab's stub, found in git's history.
//!
//! Students commit their answers on top of the stub, and a pull may bring another stub on top of
//! those. So the stub is neither the first commit nor the last one. It is the newest version of `src`
//! with as many unwritten functions as `lab.toml` says.

use crate::course::labs::Lab;
use crate::error::Error;
use crate::git;

/// One file of a stub.
#[derive(Debug, PartialEq, Eq)]
pub struct StubFile {
    /// Relative to the lab's folder, as in `src/main.rs`.
    pub path: String,
    /// Its content in the stub.
    pub content: Vec<u8>,
}

/// The files of the lab's stub.
pub fn stub(lab: &Lab) -> Result<Vec<StubFile>, Error> {
    let commit = stub_commit(lab)?;
    let list = git::run(&lab.path, &["ls-tree", "-r", "-z", "--name-only", &commit, "src"])?;
    let list = String::from_utf8_lossy(&list).into_owned();
    let read = |path: &str| {
        let content = git::run(&lab.path, &["cat-file", "blob", &format!("{commit}:./{path}")])?;
        Ok(StubFile { path: path.to_owned(), content })
    };
    list.split_terminator('\0').map(read).collect()
}

fn stub_commit(lab: &Lab) -> Result<String, Error> {
    let no_stub = |why: String| {
        Error::failed(format!("cannot find the stub of lab {}", lab.number), why).advice(format!(
            "Nothing was changed. `reset` needs the folder as `git clone` made it.\n\
             Or download the labs again, and copy labs/{}/src from there.",
            lab.folder()
        ))
    };
    // Without --full-history, git leaves out a branch whose version of `src` a merge did not keep.
    let log = git::run(&lab.path, &["log", "--full-history", "--format=%H", "--", "src"])
        .map_err(|error| no_stub(error.cause()))?;
    let log = String::from_utf8_lossy(&log);
    let functions = lab.manifest.functions();
    let stub = log.lines().find(|commit| markers(lab, commit) == functions);
    stub.map(str::to_owned).ok_or_else(|| {
        no_stub(format!("no commit has {functions} lines with `{}` in it", lab.marker()))
    })
}

/// How many unwritten functions the lab has in `commit`.
fn markers(lab: &Lab, commit: &str) -> usize {
    let arguments =
        ["grep", "--fixed-strings", "--count", "-h", &lab.marker(), commit, "--", "src"];
    // git grep fails if it finds nothing, or if the commit has no such folder. Both mean 0.
    let counts = git::run(&lab.path, &arguments).unwrap_or_default();
    String::from_utf8_lossy(&counts).lines().filter_map(|line| line.parse::<usize>().ok()).sum()
}
