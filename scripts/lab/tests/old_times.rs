//! Cargo builds a changed package again, whatever the times of its files.

mod scratch;

use std::fs::{self, File};
use std::io;
use std::time::{Duration, SystemTime};

use lab::build::old_times;
use scratch::Scratch;

const BUILDS: &str = "target/debug/.fingerprint";

/// Whether the runner is among the packages that cargo will build again.
fn refresh(workspace: &Scratch) -> io::Result<bool> {
    old_times::refresh(&workspace.workspace(), &workspace.path().join("target"))
}

/// A workspace with a shared package, the runner, and a suite. All were built an hour ago.
fn built() -> Scratch {
    let workspace = Scratch::new();
    for (folder, name) in [
        ("common", "common"),
        ("common/report", "report"),
        ("scripts/lab", "lab"),
        ("scripts/watch", "watch"),
    ] {
        let manifest = format!("[package]\nname = \"{name}\"\n");
        workspace.write(&format!("{folder}/Cargo.toml"), &manifest);
        workspace.write(&format!("{folder}/src/lib.rs"), "one");
    }
    workspace.write("labs/01-echo/tests/suite/main.rs", "one");
    for build in
        ["common-5eed", "report-5eed", "lab-5eed", "lab01-5eed", "watch-5eed", "common-x-5eed"]
    {
        workspace.write(&format!("{BUILDS}/{build}/dep-lib"), "");
    }
    assert!(!refresh(&workspace).expect("it can be written"), "nothing was known");
    workspace
}

/// Writes "two" to `path`, as an archive does that was made a day ago.
fn unpack(workspace: &Scratch, path: &str) {
    workspace.write(path, "two");
    let day = Duration::from_secs(24 * 3600);
    let file = File::options().write(true).open(workspace.path().join(path)).expect("it is there");
    file.set_modified(SystemTime::now() - day).expect("set");
}

/// The builds that cargo still knows.
fn builds(workspace: &Scratch) -> Vec<String> {
    let entries = fs::read_dir(workspace.path().join(BUILDS)).expect("it is there");
    let names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.collect();
    names.sort();
    names
}

#[test]
fn a_changed_file_with_an_old_time_makes_its_package_stale() {
    let workspace = built();
    unpack(&workspace, "common/src/lib.rs");
    assert!(!refresh(&workspace).expect("written"), "the runner does not use it");
    assert_eq!(
        builds(&workspace),
        ["common-x-5eed", "lab-5eed", "lab01-5eed", "report-5eed", "watch-5eed"]
    );
    unpack(&workspace, "labs/01-echo/tests/suite/main.rs");
    unpack(&workspace, "scripts/watch/src/lib.rs");
    refresh(&workspace).expect("written");
    assert_eq!(builds(&workspace), ["common-x-5eed", "lab-5eed", "report-5eed"]);
}

#[test]
fn a_changed_runner_starts_again_once() {
    for path in ["scripts/lab/src/lib.rs", "common/report/src/lib.rs"] {
        let workspace = built();
        unpack(&workspace, path);
        assert!(refresh(&workspace).expect("written"), "{path}");
        assert!(!refresh(&workspace).expect("written"), "{path}");
    }
}

#[test]
fn equal_content_stays_built() {
    let workspace = built();
    let before = builds(&workspace);
    unpack(&workspace, "common/src/lib.rs");
    workspace.write("common/src/lib.rs", "one");
    refresh(&workspace).expect("written");
    assert_eq!(builds(&workspace), before);
}

#[test]
fn a_newer_file_is_left_to_cargo() {
    let workspace = built();
    let before = builds(&workspace);
    workspace.write("scripts/lab/src/lib.rs", "two");
    let soon = SystemTime::now() + Duration::from_secs(1);
    let path = workspace.path().join("scripts/lab/src/lib.rs");
    File::options().write(true).open(path).and_then(|file| file.set_modified(soon)).expect("set");
    assert!(!refresh(&workspace).expect("written"));
    assert_eq!(builds(&workspace), before);
}
