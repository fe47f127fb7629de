//! Files of a commit, and a new repository with one commit.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use lab::error::Error;
use lab::git;

/// A commit that is handed out.
pub struct Source<'path> {
    /// The repository.
    pub root: &'path Path,
    /// The id of the commit.
    pub commit: String,
    /// When it was made, as git reads it.
    date: String,
}

impl Source<'_> {
    /// The last commit of the repository at `root`.
    pub fn last_commit(root: &Path) -> Result<Source<'_>, Error> {
        let show = |format| line_of(root, &["show", "--no-patch", format, "HEAD"]);
        let commit = show("--format=%H")?;
        Ok(Source { root, commit, date: show("--format=%cI")? })
    }

    /// A call of git in the repository.
    pub fn git(&self) -> Command {
        git::command(self.root)
    }

    /// The paths of all files.
    pub fn files(&self) -> Result<Vec<String>, Error> {
        let names = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", &self.commit];
        let output = git::run(self.root, &names)?;
        let output = String::from_utf8_lossy(&output);
        Ok(output.split_terminator('\0').map(str::to_owned).collect())
    }

    /// Writes `files` below `folder`. git uses the file `index` meanwhile.
    pub fn write(&self, files: &[String], folder: &Path, index: &Path) -> Result<(), Error> {
        let call = || {
            let mut command = self.git();
            command.env("GIT_INDEX_FILE", index);
            command
        };
        run_with_input(call().args(["read-tree", &self.commit]), "")?;
        let prefix = format!("--prefix={}/", folder.display());
        let names = files.join("\0");
        run_with_input(call().args(["checkout-index", "-z", "--stdin", &prefix]), &names)
    }

    /// Makes `folder` a repository with one commit of all its files. Author and date depend only on
    /// this commit, and so does the id, which is returned.
    pub fn commit_copy(&self, folder: &Path) -> Result<String, Error> {
        git::run(folder, &["init", "--quiet", "--template=", "--initial-branch=main"])?;
        // `--force`: also a file that the user's own git configuration ignores.
        git::run(folder, &["add", "--all", "--force"])?;
        let mut commit = git::command(folder);
        commit.args(["-c", "commit.gpgSign=false", "-c", "core.hooksPath=/dev/null"]);
        commit.args(["commit", "--quiet", "--message", "Hand out Wirelab"]);
        for role in ["AUTHOR", "COMMITTER"] {
            commit.env(format!("GIT_{role}_NAME"), "Wirelab");
            commit.env(format!("GIT_{role}_EMAIL"), "wirelab@localhost");
            commit.env(format!("GIT_{role}_DATE"), &self.date);
        }
        run_with_input(&mut commit, "")?;
        line_of(folder, &["rev-parse", "HEAD"])
    }
}

fn line_of(folder: &Path, arguments: &[&str]) -> Result<String, Error> {
    let output = git::run(folder, arguments)?;
    Ok(String::from_utf8_lossy(&output).trim().to_owned())
}

fn run_with_input(command: &mut Command, input: &str) -> Result<(), Error> {
    let failed = |error| Error::failed("git failed", error);
    let mut child = command.stdin(Stdio::piped()).spawn().map_err(failed)?;
    let mut stdin = child.stdin.take().expect("it is a pipe");
    stdin.write_all(input.as_bytes()).map_err(failed)?;
    drop(stdin);
    let status = child.wait().map_err(failed)?;
    if status.success() {
        return Ok(());
    }
    Err(Error::failed("git failed", status))
}
