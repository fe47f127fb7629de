//! A scratch workspace with one small lab that depends on no crate.

#![allow(dead_code, reason = "no test program uses all of it")]

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use lab::command::strip_user_settings;
use report::{Failure, Kind, Report, TestId};
use serde_json::Value;
use tempfile::TempDir;

pub const MANIFEST: &str = r#"
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

/// The tests of `watch` use this module, too, and start no `lab`.
const LAB_PROGRAM: Option<&str> = option_env!("CARGO_BIN_EXE_lab");

const LAB: &str = r#"
title = "Small"
minutes = 1
[[step]]
name = "listen"
idea = "one"
points = 100
functions = 1
files = ["main.rs"]
tests = ["it_passes"]
hints = ["one", "two", "three"]
"#;

/// The test passes if the program exits with 0. Otherwise it writes a report as the test kit does.
const SUITE: &str = r#"
mod step1_listen {
    #[test]
    fn it_passes() {
        let variable = |name| std::env::var(name).expect("the judge sets it");
        let mut command = std::process::Command::new(variable("LAB_SUBJECT"));
        let status = command.current_dir(variable("PWD")).status().expect("it starts");
        if !status.success() {
            let mut report = std::path::PathBuf::from(variable("LAB_REPORT"));
            if report.is_dir() {
                report.push("step1_listen.it_passes");
            }
            std::fs::write(report, include_str!("report.json")).expect("written");
            panic!("as the report says");
        }
    }
}
"#;

pub const PASSES: &str = "fn main() { println!(\"one\"); }\n";
pub const ALSO_PASSES: &str = "fn main() { println!(\"{}\", [2; 2].len()); }\n";
pub const FAILS: &str = "fn main() { std::process::exit(1) }\n";
pub const DOES_NOT_COMPILE: &str = "fn main() { one }\n";

pub struct Lab {
    folder: TempDir,
}

impl Lab {
    pub fn new() -> Lab {
        let lab = Lab { folder: tempfile::tempdir().expect("a scratch folder") };
        lab.write("Cargo.toml", "[workspace]\nmembers = [\"labs/*\"]\nresolver = \"3\"\n");
        lab.write("labs/01-small/Cargo.toml", MANIFEST);
        lab.write("labs/01-small/lab.toml", LAB);
        lab.write("labs/01-small/tests/suite/main.rs", SUITE);
        lab.write("labs/01-small/tests/suite/report.json", &report());
        lab.write("labs/01-small/src/main.rs", PASSES);
        lab
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("inside the workspace")).expect("made");
        fs::write(path, text).expect("written");
    }

    /// Writes a program for sh. Another process does so. If this one did, a child of another test could
    /// still have it open for writing when it starts, and execve(2) would fail with ETXTBSY.
    pub fn write_script(&self, path: &str, script: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("inside the workspace")).expect("made");
        let mut shell = Command::new("sh");
        shell.args(["-c", "printf '#!/bin/sh\\n%s\\n' \"$1\" >\"$0\" && chmod +x \"$0\""]);
        let status = shell.arg(&path).arg(script).status();
        assert!(status.expect("sh starts").success(), "{}", path.display());
    }

    pub fn edit(&self, text: &str) {
        self.write("labs/01-small/src/main.rs", text);
    }

    /// A call of `cargo lab` in the lab's workspace.
    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(LAB_PROGRAM.expect("cargo builds it for the tests of lab"));
        command.args(words).current_dir(self.folder.path());
        self.ignore_user_settings(&mut command);
        command
    }

    /// `command` gets neither the user's variables nor the file `~/.cargo/config.toml`, which may name a
    /// linker or a wrapper of rustc. The lab needs no crate from `~/.cargo`.
    pub fn ignore_user_settings(&self, command: &mut Command) {
        strip_user_settings(command);
        command.env("CARGO_HOME", self.path("cargo-home"));
    }

    /// Judges the lab, with more `variables`.
    pub fn run(&self, variables: &[(&str, &str)]) -> Output {
        let mut command = self.command(&["--format", "json", "test", "01"]);
        command.envs(variables.iter().copied()).output().expect("it starts")
    }

    /// Judges the lab, with more `variables`, and returns the verdict.
    pub fn test(&self, variables: &[(&str, &str)]) -> String {
        let json = json(&self.run(variables));
        json["verdict"].as_str().expect("a verdict").to_owned()
    }

    pub fn program(&self) -> Vec<u8> {
        fs::read(self.program_path()).expect("it was built")
    }

    pub fn program_path(&self) -> PathBuf {
        self.path("target/debug").join(format!("lab01{}", std::env::consts::EXE_SUFFIX))
    }

    /// The program's stamp in the cache, which changes at each build by the cached call.
    pub fn cached_stamp(&self) -> Option<String> {
        let text = fs::read(self.path(".lab/rustc-lab01.json")).ok()?;
        let json: Value = serde_json::from_slice(&text).expect("JSON");
        Some(json["built"].as_str().expect("a stamp").to_owned())
    }
}

/// The JSON value that `cargo lab` printed.
pub fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
    })
}

/// The report of the failing test.
fn report() -> String {
    let failure = Failure::new(Kind::Expectation, "exit-status", "The program failed.");
    let report = Report::failed("01", TestId::parse("step1_listen::it_passes"), failure);
    serde_json::to_string(&report).expect("it has text as keys")
}
