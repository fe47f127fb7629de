//! A submission in a git clone: the files of its last commit before the deadline.
//!
//! The settings in a clone can make git run any program. So git runs in a box that shows only the
//! clone and has limits, and hands over the files as a tar archive.

use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use ledger::Timestamp;

use super::tar;
use super::tree::{Reading, Refusal, Tree};
use crate::sandbox::{Bubblewrap, Ended, Limits, Sandbox, run_bounded};

/// How long one call of git may take.
const TIME: Duration = Duration::from_secs(20);

/// The most bytes that git prints.
const MAX_OUTPUT: u64 = Limits::GIT.file;

/// The most bytes of its error message that are kept.
const MAX_MESSAGE: usize = 200;

/// Where the box shows the clone.
const CLONE: &str = "/box/clone";

/// More paths do not fit into a command line.
const MAX_PATHS: usize = 1000;

/// The commit of a clone that is judged.
#[derive(Clone, Debug)]
pub struct Commit {
    /// The folder of the clone.
    pub clone: PathBuf,
    /// Its whole id.
    pub id: String,
    /// When it was made. The student's machine has set it.
    pub time: Timestamp,
    sandbox: Sandbox,
}

impl Commit {
    /// When `paths` got the content that they have in this commit: the time of the last commit that
    /// changed one of them.
    ///
    /// # Errors
    ///
    /// git cannot read the clone, or the machine failed.
    pub fn last_change<'a>(
        &'a self,
        paths: impl ExactSizeIterator<Item = &'a String>,
    ) -> Result<Timestamp, Refusal> {
        if paths.len() > MAX_PATHS {
            return Ok(self.time);
        }
        let rev_list = ["rev-list", "--max-count=1", "--format=%cI", &self.id, "--"];
        let arguments: Vec<&str> = rev_list.into_iter().chain(paths.map(String::as_str)).collect();
        let found = find_commit(&self.clone, self.sandbox, &arguments)?;
        Ok(found.map_or(self.time, |commit| commit.time))
    }
}

/// Adds the files of the clone at `folder` to `tree`. Returns its commit.
pub fn read(folder: &Path, reading: Reading<'_>, tree: &mut Tree) -> Result<Commit, Refusal> {
    let before = reading.deadline.map(|deadline| format!("--before={deadline}"));
    let mut arguments = vec!["rev-list", "--max-count=1", "--format=%cI"];
    arguments.extend(before.as_deref());
    arguments.push("HEAD");
    let Some(commit) = find_commit(folder, reading.sandbox, &arguments)? else {
        return Err("It has no commit before the deadline.".into());
    };
    let archive = git(folder, reading.sandbox, &["archive", "--format=tar", &commit.id])?;
    tar::read(&archive[..], "", reading.filter, tree)?;
    Ok(commit)
}

/// The commit that git prints for `arguments` of rev-list, if there is one.
fn find_commit(
    clone: &Path,
    sandbox: Sandbox,
    arguments: &[&str],
) -> Result<Option<Commit>, Refusal> {
    let found = git(clone, sandbox, arguments)?;
    let found = String::from_utf8_lossy(&found);
    let mut lines = found.lines();
    let id = lines.next().and_then(|line| line.strip_prefix("commit "));
    let (Some(id), Some(time)) = (id, lines.next()) else { return Ok(None) };
    let time = parse_time(time).ok_or_else(|| format!("Its commit has the time {time:?}."))?;
    Ok(Some(Commit { clone: clone.to_owned(), id: id.to_owned(), time, sandbox }))
}

/// `2026-11-30T23:59:00+01:00`, as git prints it.
fn parse_time(text: &str) -> Option<Timestamp> {
    if let Ok(time) = text.replace("+00:00", "Z").parse() {
        return Some(time);
    }
    let (local, sign, offset) = match (text.get(..19)?, text.get(19..20)?, text.get(20..)?) {
        (local, "+", offset) => (local, -1, offset),
        (local, "-", offset) => (local, 1, offset),
        _ => return None,
    };
    let (hours, minutes) = offset.split_once(':')?;
    let seconds = (hours.parse::<i64>().ok()? * 60 + minutes.parse::<i64>().ok()?) * 60;
    let local: Timestamp = format!("{local}Z").parse().ok()?;
    let local = std::time::SystemTime::from(local);
    let offset = Duration::from_secs(seconds.unsigned_abs());
    let utc = if sign < 0 { local.checked_sub(offset) } else { local.checked_add(offset) };
    utc.map(Timestamp::from)
}

/// What git prints for `arguments`.
fn git(clone: &Path, sandbox: Sandbox, arguments: &[&str]) -> Result<Vec<u8>, Refusal> {
    match run_bounded(&mut command(clone, sandbox, arguments), TIME, MAX_OUTPUT) {
        Ok(Ended::ByItself(output)) if output.status.success() => Ok(output.stdout),
        Ok(Ended::ByItself(output)) => Err(refusal_with(&output.stderr)),
        // A setting of the clone may name a program that waits.
        Ok(Ended::Waiting) => {
            let reason = format!("git still waits after {} s to read the clone.", TIME.as_secs());
            Err(reason.into())
        }
        Ok(Ended::Late) => {
            let what = format!("git did not read the clone in {} s", TIME.as_secs());
            Err(io::Error::new(io::ErrorKind::TimedOut, what).into())
        }
        Err(error) => {
            Err(io::Error::new(error.kind(), format!("git does not start: {error}")).into())
        }
    }
}

/// The call of git, in its box if `sandbox` is one.
fn command(clone: &Path, sandbox: Sandbox, arguments: &[&str]) -> Command {
    let mut command = match sandbox {
        Sandbox::Bubblewrap(user) => {
            let room = Bubblewrap::new().empty("/tmp", 1_000_000).read_only(clone, CLONE);
            let words = room.in_folder(CLONE).confined(user, Limits::GIT);
            let mut command = Command::new(&words[0]);
            command.args(&words[1..]).arg("git");
            command
        }
        Sandbox::None => {
            let mut command = Command::new("git");
            command.current_dir(clone);
            command
        }
    };
    // The clone may belong to another user.
    command.args(["-c", "safe.directory=*", "-c", "core.fsmonitor=false", "--literal-pathspecs"]);
    command.args(arguments);
    command.env_clear().env("PATH", "/usr/bin:/bin").env("HOME", "/tmp");
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_TERMINAL_PROMPT", "0");
    command
}

/// Why git failed, by what it printed to `stderr`.
fn refusal_with(stderr: &[u8]) -> Refusal {
    let beginning = stderr.get(..MAX_MESSAGE).unwrap_or(stderr);
    let said = String::from_utf8_lossy(beginning);
    let said = terminal::harmless(said.lines().next().unwrap_or("without a message"));
    // The box, and not git.
    if said.starts_with("bwrap: ") {
        return io::Error::other(format!("git does not start: {said}")).into();
    }
    format!("git cannot read the clone ({said}).").into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_local_time_is_converted_to_utc() {
        for (local, utc) in [
            ("2026-11-30T23:59:00Z", "2026-11-30T23:59:00Z"),
            ("2026-11-30T23:59:00+00:00", "2026-11-30T23:59:00Z"),
            ("2026-12-01T00:30:00+01:00", "2026-11-30T23:30:00Z"),
            ("2026-11-30T18:00:00-05:30", "2026-11-30T23:30:00Z"),
        ] {
            let time = parse_time(local).expect(local);
            assert_eq!(time.to_string(), utc);
        }
    }
}
