//! Commands as text: `LAB_SUBJECT`, `LAB_SUBJECT_WRAPPER`, and the name of a program.

use report::env::SUBJECT_WRAPPER;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What the grader puts before every program.
pub fn wrapper() -> Vec<OsString> {
    let command = env::var(SUBJECT_WRAPPER).unwrap_or_default();
    split(&command, None).into_iter().map(OsString::from).collect()
}

/// A command line as a shell splits it; a path that exists is taken as it is.
pub fn split(command: &str, typed_in: Option<&Path>) -> Vec<String> {
    let path = typed_in.map_or(PathBuf::from(command), |folder| folder.join(command));
    if path.exists() {
        return vec![command.to_owned()];
    }
    shlex::split(command).unwrap_or_else(|| vec![command.to_owned()])
}

/// The name of the program in a command, for the ladder.
pub fn program_name(words: &[OsString]) -> String {
    let stem = words.first().and_then(|word| Path::new(word).file_stem());
    stem.map_or("program".to_owned(), |stem| stem.to_string_lossy().into_owned())
}
