//! Copies of the last commit of this workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lab::files;
use lab::git;

/// What students do not have, as a page would name it.
const ABSENT: [&str; 12] = [
    "`solutions",
    "solutions/",
    "mistakes/",
    "held-back",
    "held_back",
    "CONTRIBUTING",
    "lab verify",
    "lab grade",
    "lab report",
    "lab similar",
    "lab handout",
    "--peers",
];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub fn handout(folder: &Path, options: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_handout"));
    command.current_dir(root()).arg(folder).args(options);
    command.output().expect("the program starts")
}

/// A copy in a new folder, which is removed at the end.
pub fn copy(options: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let place = tempfile::tempdir().expect("a folder");
    let folder = place.path().join("students");
    let output = handout(&folder, options);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (place, folder)
}

pub fn git_says(folder: &Path, arguments: &[&str]) -> String {
    String::from_utf8(git::run(folder, arguments).expect("git succeeds")).expect("git prints text")
}

/// The files of `folder` that end in one of `kinds`, with their text.
pub fn texts(folder: &Path, kinds: &[&str]) -> Vec<(PathBuf, String)> {
    let is_text = |path: &PathBuf| {
        let kind = path.extension().and_then(|kind| kind.to_str());
        kind.is_some_and(|kind| kinds.contains(&kind))
    };
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).expect("the file is text");
        (path, text)
    };
    files::files_under(folder).into_iter().filter(is_text).map(read).collect()
}

fn assert_speaks_of_nothing_absent(folder: &Path) {
    for (path, text) in texts(folder, &["md", "toml", "json"]) {
        for word in ABSENT {
            assert!(!text.contains(word), "{} names {word}", path.display());
        }
        let base = path.parent().expect("a file is in a folder");
        let is_markdown = path.extension().is_some_and(|kind| kind == "md");
        let parts = if is_markdown { text.split("```").step_by(2).collect() } else { Vec::new() };
        for link in parts.iter().flat_map(|part| part.split("](").skip(1)) {
            let target = link.split([')', '#']).next().unwrap_or("");
            let is_there = target.contains(':') || base.join(target).exists();
            assert!(is_there, "{} links to {target}", path.display());
        }
    }
}

#[test]
fn a_copy_is_one_clean_commit_that_speaks_of_nothing_absent() {
    let (_place, folder) = copy(&[]);
    assert_eq!(git_says(&folder, &["rev-list", "--count", "HEAD"]), "1\n");
    assert_eq!(git_says(&folder, &["status", "--porcelain", "--ignored"]), "");
    assert!(!folder.join("solutions").exists());
    assert_speaks_of_nothing_absent(&folder);
}

#[test]
fn a_copy_has_only_the_chosen_labs() {
    let (_place, folder) = copy(&["--labs", "02,echo"]);
    let labs = fs::read_dir(folder.join("labs")).expect("the labs").count();
    assert_eq!(labs, 2);
    assert_speaks_of_nothing_absent(&folder);
    let readme = fs::read_to_string(folder.join("README.md")).expect("a README");
    assert!(readme.contains("| [02 ") && !readme.contains("| [03 "), "{readme}");
}

/// Whether cargo finds nothing to change in `Cargo.lock`.
pub fn is_locked(folder: &Path) -> bool {
    let mut metadata = Command::new(env!("CARGO"));
    metadata.args(["metadata", "--locked", "--format-version", "1"]).current_dir(folder);
    metadata.args(["--filter-platform", "host-tuple"]);
    metadata.output().expect("cargo starts").status.success()
}

#[test]
fn cargo_changes_nothing_in_a_copy() {
    let (_place, folder) = copy(&["--labs", "02"]);
    assert!(is_locked(&folder));
    let lock = fs::read_to_string(folder.join("Cargo.lock")).expect("a Cargo.lock");
    assert!(lock.contains("\"lab02\"") && !lock.contains("\"lab03\""));
}

#[test]
fn the_same_commit_and_options_give_the_same_commit() {
    let commit = |options: &[&str]| git_says(&copy(options).1, &["rev-parse", "HEAD"]);
    assert_eq!(commit(&["--labs", "01"]), commit(&["--labs", "01"]));
    assert_ne!(commit(&["--labs", "01"]), commit(&["--labs", "01", "--dev-container"]));
}

#[test]
fn a_folder_that_exists_is_left_alone() {
    let place = tempfile::tempdir().expect("a folder");
    let output = handout(place.path(), &[]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_dir(place.path()).expect("the folder").count(), 0);
}

#[test]
fn an_unknown_lab_leaves_no_folder() {
    let place = tempfile::tempdir().expect("a folder");
    let output = handout(&place.path().join("students"), &["--labs", "77"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(fs::read_dir(place.path()).expect("the folder").count(), 0);
}
