//! A workspace in which the tests run `drive`, with its commands through a pipe.

#![allow(dead_code, reason = "no test program uses all of it")]

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Output, Stdio};

use tempfile::TempDir;

use crate::python::{echo_server_in, has_ended, has_python};

const LAB: &str = r#"
title = "Echo"
minutes = 120
[[step]]
name = "echo"
idea = "bytes, not messages"
points = 20
functions = 1
files = ["main.rs"]
tests = ["bytes"]
hints = ["look"]
"#;

/// A workspace with one lab, whose server is another program.
pub struct Scratch {
    folder: TempDir,
    pub subject: String,
}

impl Scratch {
    /// `None`: this machine has no Python.
    pub fn new() -> Option<Scratch> {
        if !has_python() {
            return None;
        }
        let folder = tempfile::tempdir().expect("a folder");
        let subject = echo_server_in(folder.path());
        let scratch = Scratch { folder, subject };
        scratch.write("Cargo.toml", "[workspace]\n");
        scratch.write("labs/01-echo/lab.toml", LAB);
        Some(scratch)
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("inside the workspace")).expect("made");
        fs::write(path, text).expect("written");
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).expect("it is there")
    }

    /// Whether its server has ended.
    pub fn server_has_ended(&self) -> bool {
        has_ended(self.folder.path())
    }

    /// `drive`, with its pipes.
    pub fn start(&self, words: &[&str]) -> Child {
        self.command(words).spawn().expect("it starts")
    }

    pub fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_drive"));
        command.args(words).current_dir(self.folder.path());
        command.env("LAB_SUBJECT", &self.subject).env("LC_ALL", "C.UTF-8");
        // No expectation fails on a busy machine because Python is late.
        command.env("LAB_DEADLINE_SCALE", "10");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// What becomes of these commands.
    pub fn drive(&self, commands: &str) -> Output {
        self.drive_with(&["01"], commands)
    }

    pub fn drive_with(&self, words: &[&str], commands: impl AsRef<[u8]>) -> Output {
        let mut child = self.start(words);
        let mut stdin = child.stdin.take().expect("it is piped");
        // A program that has ended reads no commands.
        let _ = stdin.write_all(commands.as_ref());
        drop(stdin);
        child.wait_with_output().expect("it ends")
    }
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// What stands in the ladder, without lines, times and spaces.
pub fn rows(output: &Output) -> String {
    let is_kept = |character: &char| !matches!(character, '─' | '│' | ' ');
    stdout(output).chars().filter(is_kept).collect()
}
