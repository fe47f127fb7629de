//! The members of the workspace, after a user has removed or added folders.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use lab::files;
use serde_json::Value;
use tempfile::TempDir;

/// A copy of the workspace: manifests and empty sources.
fn copy() -> TempDir {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let copy = tempfile::tempdir().expect("a scratch folder");
    let folders = ["common", "labs", "solutions", "scripts"];
    let files = folders.iter().flat_map(|folder| files::files_under(&root.join(folder)));
    let is_manifest = |path: &PathBuf| path.file_name() == Some(OsStr::new("Cargo.toml"));
    let is_rust = |path: &PathBuf| path.extension() == Some(OsStr::new("rs"));
    for path in files.chain([root.join("Cargo.toml"), root.join("Cargo.lock")]) {
        let target = copy.path().join(path.strip_prefix(&root).expect("below the root"));
        fs::create_dir_all(target.parent().expect("a folder")).expect("made");
        if is_manifest(&path) || path.ends_with("Cargo.lock") {
            fs::copy(&path, &target).expect("copied");
        } else if is_rust(&path) {
            fs::write(&target, "").expect("written");
        }
    }
    copy
}

/// The names of the workspace's default members and of all its members, as cargo finds them.
fn members(root: &Path) -> (Vec<String>, Vec<String>) {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["metadata", "--no-deps", "--offline", "--format-version", "1"]);
    let output = cargo.current_dir(root).output().expect("cargo starts");
    let said = String::from_utf8_lossy(&output.stderr);
    let json: Value = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("cargo prints no JSON ({error}):\n{said}"));
    let name = |id: &Value| {
        let packages = json["packages"].as_array().expect("packages");
        let package = packages.iter().find(|package| package["id"] == *id).expect("it is listed");
        package["name"].as_str().expect("a name").to_owned()
    };
    let names = |list: &str| json[list].as_array().expect("members").iter().map(name).collect();
    (names("workspace_default_members"), names("workspace_members"))
}

#[test]
fn plain_cargo_test_tests_the_finished_packages() {
    let (default, all) = members(copy().path());
    let labs: Vec<&String> = all.iter().filter(|name| !default.contains(name)).collect();
    assert!(labs.contains(&&"lab01".to_owned()), "{labs:?}");
    assert!(labs.iter().all(|name| name.starts_with("lab") && name.len() == 5), "{labs:?}");
    let finished = all.iter().filter(|name| name.starts_with("solution"));
    for name in finished.map(String::as_str).chain(["common", "lab", "testkit", "trace", "verify"])
    {
        assert!(default.contains(&name.to_owned()), "{name} in {default:?}");
    }
}

#[test]
fn folders_without_a_manifest_are_ignored() {
    let copy = copy();
    let before = members(copy.path());
    for folder in ["labs/.vscode", "labs/notes", "solutions/.idea", "solutions/old"] {
        fs::create_dir_all(copy.path().join(folder)).expect("made");
    }
    fs::write(copy.path().join("labs/07-notes.txt"), "").expect("written");
    assert_eq!(members(copy.path()), before);
}

#[test]
fn without_a_lab_or_without_solutions_the_other_packages_stay() {
    let copy = copy();
    fs::remove_dir_all(copy.path().join("labs/01-echo")).expect("removed");
    let (_, all) = members(copy.path());
    assert!(!all.contains(&"lab01".to_owned()) && all.contains(&"lab02".to_owned()), "{all:?}");
    // A copy for students has none from the start.
    let _ = fs::remove_dir_all(copy.path().join("solutions"));
    let (default, all) = members(copy.path());
    assert!(all.contains(&"lab02".to_owned()), "{all:?}");
    assert!(default.contains(&"lab".to_owned()), "{default:?}");
    assert!(!all.iter().any(|name| name.starts_with("solution")), "{all:?}");
}
