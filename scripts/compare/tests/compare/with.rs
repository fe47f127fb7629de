//! What `--with` names.

use std::fs;
use std::path::{Path, PathBuf};

use compare::with::With;
use lab::course::labs::Lab;
use manifest::{Manifest, Step};
use tempfile::TempDir;

/// Lab 02 with one step.
pub fn lab() -> Lab {
    let step = Step {
        name: "limits".to_owned(),
        idea: "One idea.".to_owned(),
        points: 1,
        functions: 11,
        files: ["pool.rs", "limits.rs"].map(str::to_owned).to_vec(),
        tests: Vec::new(),
        hints: Vec::new(),
        test_hints: Vec::new(),
        also_check: Vec::new(),
    };
    let manifest =
        Manifest { title: "Multithreaded".to_owned(), minutes: 240, load: None, steps: vec![step] };
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

/// The names of the files in `with`, and the name of their author.
fn handed_in(with: &With) -> (Vec<&str>, String) {
    let With::Submission(_, files) = with else { panic!("{with:?}") };
    (files.keys().map(String::as_str).collect(), with.name())
}

#[test]
fn files_that_were_handed_in_are_an_answer() {
    let files =
        ["README.md", "given/limits.rs", "limits.rs", "notes.rs", "pool.rs", "target/pool.rs"];
    for place in ["", "src/", "labs/02-multithreaded/src/", "02-multithreaded/src/"] {
        let all = files.map(|file| format!("anna/{place}{file}"));
        let here = folder(&all.each_ref().map(String::as_str));
        let wanted = (vec!["limits.rs", "pool.rs"], "anna".to_owned());
        assert_eq!(handed_in(&parse("anna", here.path())), wanted, "{place}");
        let below = parse(&format!("anna/{place}"), here.path());
        assert_eq!(handed_in(&below).0, wanted.0, "{place}");
    }
    let here = folder(&["anna/src/pool.rs"]);
    assert_eq!(handed_in(&parse("anna/src", here.path())).1, "anna");
    assert_eq!(handed_in(&parse(".", &here.path().join("anna"))).1, "anna");
}

/// Its manifest needs the workspace, which was not handed in.
#[test]
fn a_package_of_the_lab_without_its_checkout_was_handed_in() {
    let here = folder(&["anna/02/Cargo.toml", "anna/02/src/main.rs", "anna/02/src/pool.rs"]);
    let manifest = here.path().join("anna/02/Cargo.toml");
    fs::write(manifest, "[package]\nname = \"lab02\"\nversion.workspace = true\n")
        .expect("written");
    assert_eq!(handed_in(&parse("anna/02", here.path())).0, ["pool.rs"]);
    fs::write(here.path().join("Cargo.toml"), "[workspace]").expect("written");
    assert!(matches!(parse("anna/02", here.path()), With::Package(_)));
}

#[test]
fn a_folder_without_an_answer_is_an_error_of_one_line() {
    let here = folder(&["photos/a.png", "two/new/pool.rs", "two/old/pool.rs", "tests/pool.rs"]);
    let error = |text: &str| {
        let error = With::parse(text, &lab(), here.path()).expect_err(text).to_string();
        assert!(error.starts_with("error: cannot take an answer from ") && !error.contains('\n'));
        error
    };
    let none = "photos: it has no file of lab 02: limits.rs, pool.rs";
    assert!(error("photos").ends_with(none), "{}", error("photos"));
    let two = "two: it has files of lab 02 in two folders: new/ and old/";
    assert!(error("two").ends_with(two), "{}", error("two"));
}

/// Of a link, the file elsewhere does not count, as with `cargo lab grade`.
#[cfg(unix)]
#[test]
fn links_are_not_handed_in() {
    let here = folder(&["pool.rs", "anna/limits.rs"]);
    let link = here.path().join("anna/pool.rs");
    std::os::unix::fs::symlink(here.path().join("pool.rs"), link).expect("a link");
    assert_eq!(handed_in(&parse("anna", here.path())).0, ["limits.rs"]);
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
