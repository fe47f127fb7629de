//! What the command makes for each system.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use zip::ZipArchive;

use crate::copy::{git_says, handout, is_locked};

/// The files for a system, in a new folder, which is removed at the end.
fn made(options: &[&str]) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().expect("a folder");
    let place = folder.path().join("made");
    let output = handout(&place, options);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    (folder, place)
}

/// Asserts that the command refuses `options` as wrong usage, for the reason `why`.
fn assert_refused(options: &[&str], why: &str) {
    let folder = tempfile::tempdir().expect("a folder");
    let output = handout(&folder.path().join("made"), options);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(said.contains(why), "{said}");
    assert_eq!(fs::read_dir(folder.path()).expect("the folder").count(), 0);
}

fn names_in(archive: &Path) -> Vec<String> {
    let archive =
        ZipArchive::new(File::open(archive).expect("the archive")).expect("a ZIP archive");
    archive.file_names().map(|name| name.expect("text").into_owned()).collect()
}

#[test]
fn an_autograder_has_its_scripts_and_the_workspace() {
    let (_folder, archive) = made(&["--for", "gradescope", "--labs", "01"]);
    let names = names_in(&archive);
    for name in ["setup.sh", "run_autograder", "workspace/solutions/01-echo/tests/held_back.rs"] {
        assert!(names.iter().any(|other| other == name), "{name}");
    }
    let mut archive = ZipArchive::new(File::open(archive).expect("the archive")).expect("ZIP");
    let run = archive.by_name("run_autograder").expect("the script");
    assert_eq!(run.unix_mode().map(|mode| mode & 0o111), Some(0o111));
}

#[test]
fn an_autograder_without_a_sandbox_has_nothing_to_copy() {
    let (_folder, archive) = made(&["--for", "gradescope", "--labs", "01", "--sandbox", "none"]);
    let names = names_in(&archive);
    assert!(names.iter().any(|name| name == "workspace/labs/01-echo/lab.toml"));
    assert!(!names.iter().any(|name| name.contains("solutions")));
}

#[test]
fn the_same_commit_and_options_give_the_same_archive() {
    let bytes = || {
        let (_folder, archive) = made(&["--for", "gradescope", "--labs", "01"]);
        fs::read(archive).expect("the archive")
    };
    assert!(bytes() == bytes());
}

#[test]
fn a_repository_that_judges_itself_has_the_grader_and_no_answer() {
    let (_folder, copy) = made(&["--for", "github", "--labs", "01"]);
    for path in [".github/workflows/grade.yml", ".github/grade.sh", "scripts/grade/Cargo.toml"] {
        assert!(copy.join(path).is_file(), "{path}");
    }
    assert!(!copy.join("solutions").exists());
    assert_eq!(git_says(&copy, &["rev-list", "--count", "HEAD"]), "1\n");
    assert_eq!(git_says(&copy, &["status", "--porcelain", "--ignored"]), "");
    assert!(is_locked(&copy));
}

#[test]
fn an_image_is_made_of_all_files() {
    let (_folder, files) = made(&["--for", "kubernetes", "--labs", "01"]);
    for path in ["Containerfile", "workspace/Cargo.lock", "workspace/solutions/01-echo/src/main.rs"]
    {
        assert!(files.join(path).is_file(), "{path}");
    }
}

#[test]
fn an_assignment_is_one_lab() {
    assert_refused(&["--for", "gradescope"], "more than one lab");
    assert_refused(&["--for", "github", "--labs", "01,02"], "more than one lab");
}

#[test]
fn only_a_container_of_gradescope_can_do_without_a_sandbox() {
    assert_refused(&["--for", "slurm", "--sandbox", "none"], "needs the sandbox");
    assert_refused(&["--sandbox", "none"], "--for");
}

#[test]
fn a_class_has_at_least_one_part() {
    assert_refused(&["--for", "slurm", "--shards", "0"], "0 is not in 1..");
}
