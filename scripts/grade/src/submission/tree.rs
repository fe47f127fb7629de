//! The files of a submission, in memory.

use std::fmt;
use std::io;
use std::path::PathBuf;

use ledger::{LeftOut, Timestamp};

use super::path;
use crate::sandbox::Sandbox;

/// The longest file that is read, in bytes.
pub const MAX_FILE: u64 = 1024 * 1024;

/// The most bytes of all files that are read.
pub const MAX_BYTES: u64 = 32 * 1024 * 1024;

/// The most files of a submission.
pub const MAX_FILES: usize = 10_000;

/// The most files that are listed as left out. One more entry counts the others.
const MAX_LISTED: usize = 100;

/// The files of a submission. It also lists the files that are not read.
#[derive(Debug, Default)]
pub struct Tree {
    /// Files by their path in the submission.
    pub files: Vec<Item>,
    /// Files that are not read, with the reason.
    pub left_out: Vec<LeftOut>,
    /// Archives in a folder, which are still to be read.
    pub archives: Vec<Archive>,
    bytes: u64,
    entries: usize,
}

/// One file.
#[derive(Debug, PartialEq, Eq)]
pub struct Item {
    /// Its path, with `/` between the parts.
    pub path: String,
    /// Its bytes.
    pub content: Vec<u8>,
}

/// An archive in a folder.
#[derive(Debug)]
pub struct Archive {
    /// Where it is.
    pub path: PathBuf,
    /// Its path in the submission.
    pub name: String,
}

/// Which files are read. All others are only listed.
#[derive(Clone, Copy)]
pub struct Filter<'names> {
    /// The names of the lab's files, without folders. `None`: every file is read.
    pub names: Option<&'names [String]>,
}

impl Filter<'_> {
    /// Whether the file at `path` is read.
    pub fn wants(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        self.names.is_none_or(|names| names.iter().any(|wanted| wanted == name))
    }
}

/// How a submission is read.
#[derive(Clone, Copy)]
pub struct Reading<'run> {
    /// Which files are read.
    pub filter: Filter<'run>,
    /// Where git runs.
    pub sandbox: Sandbox,
    /// The last moment that counts, for clones.
    pub deadline: Option<Timestamp>,
}

/// Why a file of no lab is left out.
pub const NOT_OF_LAB: &str = "not a file of the lab";

/// Why a large file is left out.
pub const TOO_LARGE: &str = "it is larger than 1 MiB";

/// Why a submission is not read.
#[derive(Debug)]
pub enum Refusal {
    /// Because of what it is, as a sentence. It would be refused again.
    Submission(String),
    /// Because of the machine. This says nothing about the submission.
    Machine(io::Error),
}

impl From<String> for Refusal {
    fn from(sentence: String) -> Refusal {
        Refusal::Submission(sentence)
    }
}

impl From<&str> for Refusal {
    fn from(sentence: &str) -> Refusal {
        Refusal::Submission(sentence.to_owned())
    }
}

impl From<io::Error> for Refusal {
    fn from(error: io::Error) -> Refusal {
        Refusal::Machine(error)
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Submission(sentence) => f.write_str(sentence),
            Refusal::Machine(error) => {
                write!(f, "The machine could not read the submission ({error}).")
            }
        }
    }
}

impl Tree {
    /// Counts one more file or folder.
    ///
    /// # Errors
    ///
    /// The submission has too many.
    pub fn count(&mut self) -> Result<(), Refusal> {
        self.entries += 1;
        match self.entries > MAX_FILES {
            true => Err(format!("It has more than {MAX_FILES} files.").into()),
            false => Ok(()),
        }
    }

    /// Adds the file at `path`.
    ///
    /// # Errors
    ///
    /// The path occurs twice, so that different programs would unpack different files. Or it is both a
    /// file and a folder, or the submission is too large.
    pub fn add(&mut self, path: String, content: Vec<u8>) -> Result<(), Refusal> {
        let is_in_the_other = |file: &&Item| is_in(&file.path, &path) || is_in(&path, &file.path);
        if let Some(Item { path: other, .. }) = self.files.iter().find(is_in_the_other) {
            return Err(format!(
                "One of {other} and {path} is a file and also a folder of the other."
            )
            .into());
        }
        if self.files.iter().any(|file| file.path == path) {
            return Err(format!("It has the file {path} twice.").into());
        }
        self.bytes += content.len() as u64;
        if self.bytes > MAX_BYTES {
            return Err(format!("Its files have more than {} MiB.", MAX_BYTES >> 20).into());
        }
        self.files.push(Item { path, content });
        Ok(())
    }

    /// Lists the file called `name` as not read.
    pub fn leave_out(&mut self, name: &[u8], reason: &str) {
        self.left_out.push(LeftOut { path: path::shown(name), reason: reason.to_owned() });
    }
}

/// Whether `path` is below `folder`.
fn is_in(folder: &str, path: &str) -> bool {
    path.as_bytes().get(folder.len()) == Some(&b'/') && path.starts_with(folder)
}

/// `left_out`, sorted, and shortened if it is long.
pub fn listed(mut left_out: Vec<LeftOut>) -> Vec<LeftOut> {
    left_out.sort_by(|one, other| one.path.cmp(&other.path));
    let more = left_out.len().saturating_sub(MAX_LISTED);
    if more > 0 {
        left_out.truncate(MAX_LISTED);
        left_out.push(LeftOut { path: format!("{more} more"), reason: "not listed".to_owned() });
    }
    left_out
}
