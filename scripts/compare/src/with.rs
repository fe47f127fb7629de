//! `--with`: another answer to the lab, a wrong answer, or a program in any language.
//!
//! | example | what it names |
//! | --- | --- |
//! | `../anna` | a checkout with `labs/01-echo` |
//! | `../anna/labs/01-echo` | the folder of a package |
//! | `../handed-in/anna` | a folder with the files of an answer only |
//! | `solutions/02-multithreaded/mistakes/a-name.patch` | a change of the model answer |
//! | `'python3 server.py'`, `./server` | a command that takes `serve --listen ADDR` |

use std::fs;
use std::path::{Path, PathBuf};

use lab::course::labs::Lab;
use lab::error::Error;

use crate::submission::{self, Files};

/// What one `--with` names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    /// The folder of a Cargo package.
    Package(PathBuf),
    /// Files that were handed in, and the folder in which they are.
    Submission(PathBuf, Files),
    /// A change of the model answer.
    Patch(PathBuf),
    /// A command with its arguments. Files among its words are named in full.
    Command(Vec<String>),
}

impl With {
    /// Reads `text`, whose relative paths begin in the folder `here`.
    pub fn parse(text: &str, lab: &Lab, here: &Path) -> Result<With, Error> {
        let path = here.join(text);
        if path.is_dir() {
            return answer_in(&path, lab);
        }
        if path.extension().is_some_and(|extension| extension == "patch") && path.is_file() {
            return Ok(With::Patch(path));
        }
        if text.ends_with(".patch") && !path.is_file() {
            return Err(Error::usage(format!("cannot apply `{text}`"), "there is no such file"));
        }
        if path.is_file() {
            return Ok(With::Command(vec![path.to_string_lossy().into_owned()]));
        }
        let words = shlex::split(text).filter(|words| !words.is_empty());
        let words = words
            .ok_or_else(|| Error::usage(format!("cannot read `{text}`"), "a quote is missing"))?;
        let is_path = words[0].contains(['/', '\\']);
        let words: Vec<String> = words.iter().map(|word| in_full(word, here)).collect();
        if is_path && !Path::new(&words[0]).is_file() {
            return Err(Error::usage(
                format!("there is no `{text}`"),
                "it names no folder and no program",
            ));
        }
        Ok(With::Command(words))
    }

    /// A short name for the heading of a column.
    pub fn name(&self) -> String {
        match self {
            With::Package(folder) | With::Submission(folder, _) => author_of(folder),
            With::Patch(patch) => name_of(patch.file_stem()),
            With::Command(words) => {
                let last = words.iter().rev().find(|word| !word.starts_with('-'));
                name_of(last.and_then(|word| Path::new(word).file_name()))
            }
        }
    }
}

/// The answer to `lab` in `folder`: that of a checkout, a package, or files that were handed in.
fn answer_in(folder: &Path, lab: &Lab) -> Result<With, Error> {
    let in_checkout = folder.join("labs").join(lab.folder());
    let found = [&in_checkout, folder].into_iter().find(|folder| is_package(folder, lab));
    let in_full = |folder: &Path| folder.canonicalize().unwrap_or(folder.to_owned());
    match found {
        Some(package) => Ok(With::Package(in_full(package))),
        None => Ok(With::Submission(in_full(folder), submission::find(lab, folder)?)),
    }
}

/// Whether cargo can build what is in `folder`. A lab's package needs the workspace around it, which
/// students do not hand in.
fn is_package(folder: &Path, lab: &Lab) -> bool {
    let Ok(manifest) = fs::read_to_string(folder.join("Cargo.toml")) else { return false };
    let name = format!("name = \"{}\"", lab.package());
    let has_workspace = || folder.join("../../Cargo.toml").is_file();
    folder.join("src").is_dir() && (!manifest.lines().any(|line| line == name) || has_workspace())
}

/// `anna` of `../anna/labs/01-echo` and `../anna/src`, and `tokio-server` of `../tokio-server`.
fn author_of(folder: &Path) -> String {
    let folder = folder.parent().filter(|_| folder.ends_with("src")).unwrap_or(folder);
    let labs = folder.parent().filter(|parent| parent.ends_with("labs"));
    name_of(labs.and_then(Path::parent).unwrap_or(folder).file_name())
}

fn name_of(part: Option<&std::ffi::OsStr>) -> String {
    part.unwrap_or_default().to_string_lossy().into_owned()
}

/// A file among the words of a command, named in full, because servers and suites start in other
/// folders. A bare name is looked for in PATH if it is the program.
fn in_full(word: &str, here: &Path) -> String {
    let path = here.join(word);
    if path.is_file() { path.to_string_lossy().into_owned() } else { word.to_owned() }
}
