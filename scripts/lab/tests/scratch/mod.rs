//! A scratch workspace with one lab, `01-echo`, of two steps. Nothing in it compiles.

#![allow(dead_code, reason = "no test program uses all of it")]

use std::fs;
use std::path::Path;
use std::process::Command;

use lab::command::strip_user_settings;
use lab::course::labs::{self, Lab};
use lab::git;
use lab::workspace::Workspace;
use tempfile::TempDir;

pub const LAB: &str = r#"
title = "Echo"
minutes = 120
[load]
shape = "echo"
clients = 1
message_bytes = 64
in_flight = 1
seconds = 1
[[step]]
name = "listen"
idea = "a queue that the kernel fills"
points = 15
functions = 1
files = ["listen.rs", "main.rs"]
tests = ["simple", "hard"]
hints = ["a nudge", "a direction", "nearly the answer"]
test_hints = [{ tests = ["hard"], text = "for the hard one" }]
[[step]]
name = "echo"
idea = "bytes, not messages"
points = 20
functions = 1
files = ["main.rs"]
tests = ["bytes", "text"]
also_check = [{ tests = ["text"], function = "a", file = "main.rs" }]
hints = ["look", "think", "Like this:\nloop {\n    read()?;\n}\n"]
"#;

pub const STUB: &str =
    "fn a() { todo!(\"lab01, step listen: a\") }\nfn b() { todo!(\"lab01, step echo: b\") }\n";

/// The tests of `watch` and `verify` use this module, too, and start no `lab`.
const LAB_PROGRAM: Option<&str> = option_env!("CARGO_BIN_EXE_lab");

/// `cargo lab`, without the settings of the user.
pub fn lab_command() -> Command {
    let mut command = Command::new(LAB_PROGRAM.expect("cargo builds it for the tests of lab"));
    strip_user_settings(&mut command);
    command
}

/// The workspace, which is removed at the end.
pub struct Scratch {
    folder: TempDir,
}

impl Scratch {
    pub fn new() -> Scratch {
        Scratch::of(tempfile::tempdir().expect("a scratch folder"))
    }

    /// One in a folder of `parent`.
    pub fn inside(parent: &Path) -> Scratch {
        Scratch::of(tempfile::tempdir_in(parent).expect("a scratch folder"))
    }

    fn of(folder: TempDir) -> Scratch {
        let scratch = Scratch { folder };
        scratch.write("Cargo.toml", "[workspace]\nresolver = \"3\"\n");
        scratch.write("Cargo.lock", "version = 4\n");
        scratch.write("labs/01-echo/lab.toml", LAB);
        scratch.write("labs/01-echo/src/main.rs", STUB);
        scratch
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    pub fn workspace(&self) -> Workspace {
        Workspace { root: self.path().to_owned() }
    }

    pub fn lab(&self) -> Lab {
        labs::find(&self.workspace(), "01").expect("lab.toml is valid")
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("inside the workspace")).expect("made");
        fs::write(path, text).expect("written");
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path().join(path)).expect("it is there")
    }

    /// Commits each of `versions` as `src/main.rs`.
    pub fn commit(&self, versions: &[&str]) {
        self.git(&["init", "--quiet"]);
        let author = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"];
        let commit = ["commit", "--quiet", "--message", "a version"];
        for version in versions {
            self.write("labs/01-echo/src/main.rs", version);
            self.git(&["add", "--all"]);
            self.git(&[&author[..], &commit].concat());
        }
    }

    fn git(&self, arguments: &[&str]) {
        let mut git = git::command_without_settings(self.path());
        let output = git.args(arguments).output().expect("git starts");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}
