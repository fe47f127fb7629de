//! The cached call of rustc builds what cargo builds, byte for byte.
//!
//! Each test has a scratch workspace with one small lab that depends on no crate.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use tempfile::TempDir;

const MANIFEST: &str = r#"
[package]
name = "lab01"
version = "0.1.0"
edition = "2024"
[[bin]]
name = "lab01"
path = "src/main.rs"
test = false
[[test]]
name = "suite"
path = "tests/suite/main.rs"
"#;

const LAB: &str = r#"
title = "Small"
minutes = 1
functions = 1
[[step]]
name = "listen"
idea = "one"
points = 100
files = ["main.rs"]
tests = ["it_passes"]
hints = ["one", "two", "three"]
"#;

/// The test passes if the program exits with 0.
const SUITE: &str = r#"
mod step1_listen {
    #[test]
    fn it_passes() {
        let program = std::env::var("LAB_SUBJECT").expect("the judge sets it");
        assert!(std::process::Command::new(program).status().expect("it starts").success());
    }
}
"#;

const PASSES: &str = "fn main() { println!(\"one\"); }\n";
const ALSO_PASSES: &str = "fn main() { println!(\"{}\", [2; 2].len()); }\n";
const FAILS: &str = "fn main() { std::process::exit(1) }\n";
const DOES_NOT_COMPILE: &str = "fn main() { one }\n";

struct Lab {
    folder: TempDir,
}

impl Lab {
    fn new() -> Lab {
        let lab = Lab { folder: tempfile::tempdir().expect("a scratch folder") };
        lab.write("Cargo.toml", "[workspace]\nmembers = [\"labs/*\"]\nresolver = \"3\"\n");
        lab.write("labs/01-small/Cargo.toml", MANIFEST);
        lab.write("labs/01-small/lab.toml", LAB);
        lab.write("labs/01-small/tests/suite/main.rs", SUITE);
        lab.write("labs/01-small/src/main.rs", PASSES);
        lab
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("inside the workspace")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn edit(&self, text: &str) {
        self.write("labs/01-small/src/main.rs", text);
    }

    /// Judges the lab, with more `variables`, and returns the verdict.
    fn test(&self, variables: &[(&str, &str)]) -> String {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command.args(["--format", "json", "test", "01"]).current_dir(self.folder.path());
        for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET", "LAB_RUSTC_CACHE"] {
            command.env_remove(name);
        }
        let output = command.envs(variables.iter().copied()).output().expect("it starts");
        let json: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
        });
        json["verdict"].as_str().expect("a verdict").to_owned()
    }

    fn program(&self) -> Vec<u8> {
        fs::read(self.program_path()).expect("it was built")
    }

    fn program_path(&self) -> PathBuf {
        self.path("target/debug").join(format!("lab01{}", std::env::consts::EXE_SUFFIX))
    }

    /// The program's stamp in the cache, which changes at each build by the cached call.
    fn cached_stamp(&self) -> Option<String> {
        let text = fs::read(self.path(".lab/rustc-lab01.json")).ok()?;
        let json: Value = serde_json::from_slice(&text).expect("JSON");
        Some(json["built"].as_str().expect("a stamp").to_owned())
    }
}

fn set_modified(path: &Path, time: SystemTime) {
    File::options().write(true).open(path).and_then(|file| file.set_modified(time)).expect("set");
}

#[test]
fn both_ways_give_the_same_program() {
    let lab = Lab::new();
    assert_eq!(lab.test(&[]), "passed");
    let first = lab.cached_stamp().expect("the first build records the call");

    lab.edit(ALSO_PASSES);
    assert_eq!(lab.test(&[]), "passed");
    assert_ne!(lab.cached_stamp().expect("there"), first, "the cached call built it");
    let by_cache = lab.program();

    // A build from nothing, so that cargo does not take the objects of the cached call.
    fs::remove_dir_all(lab.path("target")).expect("removed");
    assert_eq!(lab.test(&[("LAB_RUSTC_CACHE", "off")]), "passed");
    assert!(lab.program() == by_cache, "cargo builds another program");
}

#[test]
fn an_old_file_time_does_not_bring_back_an_old_verdict() {
    let lab = Lab::new();
    let old = SystemTime::now() - Duration::from_secs(3600);
    let restore = |text| {
        lab.edit(text);
        set_modified(&lab.path("labs/01-small/src/main.rs"), old);
    };
    assert_eq!(lab.test(&[]), "passed");
    restore(FAILS);
    assert_eq!(lab.test(&[]), "failed");
    restore(DOES_NOT_COMPILE);
    assert_eq!(lab.test(&[]), "did_not_compile");
    restore(PASSES);
    assert_eq!(lab.test(&[("LAB_RUSTC_CACHE", "off")]), "passed");
    restore(FAILS);
    assert_eq!(lab.test(&[("LAB_RUSTC_CACHE", "off")]), "failed");
    restore(PASSES);
    fs::remove_dir_all(lab.path(".lab")).expect("removed");
    assert_eq!(lab.test(&[]), "passed");
}

#[test]
fn a_changed_manifest_and_a_replaced_program_are_noticed() {
    let lab = Lab::new();
    assert_eq!(lab.test(&[]), "passed");
    lab.write("labs/01-small/src/other.rs", FAILS);
    let manifest = MANIFEST.replace("src/main.rs", "src/other.rs");
    lab.write("labs/01-small/Cargo.toml", &manifest);
    assert_eq!(lab.test(&[]), "failed");

    lab.write("labs/01-small/Cargo.toml", MANIFEST);
    assert_eq!(lab.test(&[]), "passed");
    fs::remove_file(lab.program_path()).expect("removed");
    assert_eq!(lab.test(&[]), "passed");
}

#[test]
fn an_unusual_build_is_left_to_cargo() {
    let lab = Lab::new();
    // A program that runs the command after it, as sccache does.
    if cfg!(unix) {
        assert_eq!(lab.test(&[("RUSTC_WRAPPER", "env")]), "passed");
        assert_eq!(lab.test(&[("RUSTC_WORKSPACE_WRAPPER", "env")]), "passed");
        assert_eq!(lab.cached_stamp(), None, "a wrapper of rustc");
    }
    lab.write("labs/01-small/build.rs", "fn main() {}\n");
    assert_eq!(lab.test(&[]), "passed");
    assert_eq!(lab.cached_stamp(), None, "a build script");
    fs::remove_file(lab.path("labs/01-small/build.rs")).expect("removed");

    lab.write("other/Cargo.toml", "[package]\nname = \"other\"\nedition = \"2024\"\n");
    lab.write("other/src/lib.rs", "");
    let dependency = "[dependencies]\nother = { path = \"../../other\" }\n";
    lab.write("labs/01-small/Cargo.toml", &format!("{MANIFEST}{dependency}"));
    assert_eq!(lab.test(&[]), "passed");
    assert_eq!(lab.cached_stamp(), None, "a dependency beside the registry's");
    lab.write("labs/01-small/Cargo.toml", MANIFEST);

    lab.write(".cargo/config.toml", "[env]\nANSWER = \"42\"\n");
    assert_eq!(lab.test(&[]), "passed");
    assert_eq!(lab.cached_stamp(), None, "an environment for rustc");
    fs::remove_file(lab.path(".cargo/config.toml")).expect("removed");

    assert_eq!(lab.test(&[("LAB_RUSTC_CACHE", "off")]), "passed");
    assert_eq!(lab.cached_stamp(), None, "the off switch");
    assert_eq!(lab.test(&[]), "passed");
    assert!(lab.cached_stamp().is_some(), "nothing is unusual any more");
}
