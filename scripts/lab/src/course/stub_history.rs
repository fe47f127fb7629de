//! A lab's stub, found in git's history.
//!
//! Students commit their answers on top of the stub, and a pull may bring a corrected stub on top
//! of those. So the stub is neither the first commit nor the last one. It is the newest version of
//! `src` among those with the most `todo!`s of its lab.

use crate::course::labs::Lab;
use crate::error::Error;
use crate::git;

/// One file of a stub.
#[derive(Debug, PartialEq, Eq)]
pub struct StubFile {
    /// Relative to the lab's folder, as in `src/main.rs`.
    pub path: String,
    /// What the stub has in it.
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
    let advice = "`reset` needs the folder as `git clone` made it. Nothing was changed.";
    let no_stub = |why: String| {
        Error::failed(format!("cannot find the stub of lab {}", lab.number), why).advice(advice)
    };
    let log = git::run(&lab.path, &["log", "--format=%H", "--", "src"])
        .map_err(|error| no_stub(error.cause()))?;
    let log = String::from_utf8_lossy(&log).into_owned();
    // From old to new: of several with the most markers, `max_by_key` returns the last.
    let commits = log.lines().rev().map(|commit| (markers(lab, commit), commit));
    match commits.max_by_key(|(markers, _)| *markers) {
        Some((1.., commit)) => Ok(commit.to_owned()),
        _ => Err(no_stub(format!("no commit has a `{}` in it", marker(lab)))),
    }
}

/// How many unwritten functions the lab has in `commit`.
fn markers(lab: &Lab, commit: &str) -> usize {
    let arguments = ["grep", "--fixed-strings", "--count", "-h", &marker(lab), commit, "--", "src"];
    // git grep fails if it finds nothing, or if the commit has no such folder. Both mean 0.
    let counts = git::run(&lab.path, &arguments).unwrap_or_default();
    String::from_utf8_lossy(&counts).lines().filter_map(|line| line.parse::<usize>().ok()).sum()
}

fn marker(lab: &Lab) -> String {
    format!("todo!(\"{}", lab.package())
}

#[cfg(test)]
pub(crate) mod tests {
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::course::labs::tests::example;

    pub const STUB: &str =
        "fn a() { todo!(\"lab01, step listen: a\") }\nfn b() { todo!(\"lab01, step echo: b\") }\n";

    /// A repository in `folder` with the lab in it; each of `versions` is a commit of main.rs.
    pub fn repository(folder: &Path, versions: &[&str]) -> Lab {
        let lab = Lab { path: folder.join("labs/01-echo"), ..example() };
        fs::create_dir_all(lab.src()).expect("made");
        git::run(folder, &["init", "--quiet"]).expect("a repository");
        for version in versions {
            fs::write(lab.src().join("main.rs"), version).expect("written");
            commit(folder);
        }
        lab
    }

    fn commit(folder: &Path) {
        let author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
        git::run(folder, &["add", "--all"]).expect("added");
        let words = ["-c", "commit.gpgsign=false", "commit", "--quiet", "--message", "a version"];
        git::run(folder, &[&author[..], &words].concat()).expect("committed");
    }

    fn found(versions: &[&str]) -> Result<String, Error> {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let files = stub(&repository(folder.path(), versions))?;
        assert_eq!(files.len(), 1);
        assert_eq!(files[0].path, "src/main.rs");
        Ok(String::from_utf8_lossy(&files[0].content).into_owned())
    }

    #[test]
    fn the_stub_is_found_below_answers() {
        let half = "fn a() {}\nfn b() { todo!(\"lab01, step echo: b\") }\n";
        assert_eq!(found(&["// empty\n", STUB, half, "fn a() {}\n"]).expect("found"), STUB);
    }

    #[test]
    fn a_corrected_stub_is_preferred_to_the_older_one() {
        let corrected = format!("// corrected\n{STUB}");
        assert_eq!(found(&[STUB, &corrected, "fn a() {}\n"]).expect("found"), corrected);
    }

    #[test]
    fn without_a_stub_the_error_says_so() {
        let error = found(&["fn a() {}\n"]).expect_err("none");
        assert!(error.to_string().contains("no commit has a `todo!(\"lab01`"), "{error}");
    }

    #[test]
    fn without_a_repository_the_error_says_so() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let lab = Lab { path: folder.path().to_owned(), ..example() };
        let error = stub(&lab).expect_err("none");
        assert!(error.to_string().contains("not a git repository"), "{error}");
    }
}
