//! What `--with` names.

use std::fs;
use std::path::{Path, PathBuf};

use compare::with::With;
use lab::course::labs::Lab;
use manifest::Manifest;
use tempfile::TempDir;

/// Lab 02 without a step.
pub fn lab() -> Lab {
    let manifest = Manifest {
        title: "Multithreaded".to_owned(),
        minutes: 240,
        functions: 11,
        load: None,
        steps: Vec::new(),
    };
    let (number, name) = ("02".to_owned(), "multithreaded".to_owned());
    Lab { path: PathBuf::from("/labs/02-multithreaded"), number, name, manifest }
}

/// A folder with empty files.
fn folder(files: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().expect("it is in the folder")).expect("a folder");
        fs::write(path, "").expect("a file");
    }
    folder
}

fn parse(text: &str, here: &Path) -> With {
    With::parse(text, &lab(), here).expect("it names something")
}

#[test]
fn a_checkout_stands_for_its_answer_to_the_lab() {
    let here =
        folder(&["anna/labs/02-multithreaded/Cargo.toml", "anna/labs/02-multithreaded/src/a.rs"]);
    let with = parse("anna", here.path());
    assert_eq!(with.name(), "anna");
    let With::Package(package) = &with else { panic!("{with:?}") };
    assert!(package.ends_with("anna/labs/02-multithreaded"), "{with:?}");
    assert_eq!(parse("anna/labs/02-multithreaded", here.path()), with);
}

#[test]
fn a_package_stands_for_itself() {
    let here = folder(&["tokio-server/Cargo.toml", "tokio-server/src/main.rs"]);
    let with = parse("tokio-server/", here.path());
    assert_eq!(with.name(), "tokio-server");
    assert!(matches!(with, With::Package(_)), "{with:?}");
}

#[test]
fn a_folder_without_an_answer_is_an_error() {
    let here = folder(&["photos/a.png"]);
    let error = With::parse("photos", &lab(), here.path()).expect_err("no package");
    assert!(error.to_string().contains("is no answer to lab 02"), "{error}");
}

#[test]
fn a_patch_is_a_wrong_answer() {
    let here = folder(&["too-slow.patch"]);
    let with = parse("too-slow.patch", here.path());
    assert_eq!(with, With::Patch(here.path().join("too-slow.patch")));
    assert_eq!(with.name(), "too-slow");
}

#[test]
fn a_command_keeps_its_quotes_and_names_its_files_in_full() {
    let here = folder(&["my server.py"]);
    let with = parse("python3 -u 'my server.py'", here.path());
    let script = here.path().join("my server.py").to_string_lossy().into_owned();
    let wanted = ["python3", "-u", &script].map(str::to_owned).to_vec();
    assert_eq!(with, With::Command(wanted));
    assert_eq!(with.name(), "my server.py");
}

#[test]
fn a_program_is_a_command() {
    let here = folder(&["server"]);
    let program = here.path().join("server").to_string_lossy().into_owned();
    assert_eq!(parse("./server", here.path()).name(), "server");
    assert_eq!(parse("server", here.path()), With::Command(vec![program]));
}

#[test]
fn a_typing_error_in_a_path_is_an_error() {
    let here = folder(&[]);
    for wrong in ["../nobody/here", "'unbalanced", "", "nosuch.patch"] {
        With::parse(wrong, &lab(), &here.path().join("below")).expect_err(wrong);
    }
}
