//! Clippy's findings on a student's files, as part of the verdict.
//!
//! The scratch workspace has one small lab of two steps that depends on no crate.

use std::fs;
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

const MANIFEST: &str = r#"
[package]
name = "lab01"
version = "0.1.0"
edition = "2024"
[[test]]
name = "suite"
path = "tests/suite/main.rs"
[lints]
rust = { unused_variables = "allow" }
clippy = { unused_io_amount = "deny" }
"#;

const LAB: &str = r#"
title = "Small"
minutes = 1
functions = 2
[[step]]
name = "listen"
idea = "one"
points = 40
files = ["listen.rs"]
tests = ["it_passes"]
hints = ["one", "two", "three"]
[[step]]
name = "echo"
idea = "two"
points = 60
files = ["echo.rs"]
tests = ["it_passes"]
hints = ["one", "two", "three"]
"#;

const SUITE: &str = "
mod step1_listen {
    #[test]
    fn it_passes() {}
}
mod step2_echo {
    #[test]
    fn it_passes() {}
}
";

const MAIN: &str = "
mod echo;
mod listen;
fn main() -> std::io::Result<()> {
    echo::echo(8);
    listen::listen(7)
}
";

const UNWRITTEN: &str = r#"pub fn echo(byte: u8) { todo!("lab01, step echo: echo") }"#;
const WRITTEN: &str = "pub fn echo(byte: u8) { println!(\"{byte}\"); }\n";
const UNUSED: &str = "pub fn listen(port: u8) -> std::io::Result<()> { Ok(()) }\n";
const PARTIAL: &str = "
pub fn listen(port: u8) -> std::io::Result<()> {
    use std::io::Write;
    std::io::stdout().write(&[port])?;
    Ok(())
}
";

struct Lab {
    folder: TempDir,
}

impl Lab {
    fn new(listen: &str, echo: &str) -> Lab {
        let lab = Lab { folder: tempfile::tempdir().expect("a scratch folder") };
        lab.write("Cargo.toml", "[workspace]\nmembers = [\"labs/*\"]\nresolver = \"3\"\n");
        lab.write("labs/01-small/Cargo.toml", MANIFEST);
        lab.write("labs/01-small/lab.toml", LAB);
        lab.write("labs/01-small/tests/suite/main.rs", SUITE);
        lab.write("labs/01-small/src/main.rs", MAIN);
        lab.write("labs/01-small/src/listen.rs", listen);
        lab.write("labs/01-small/src/echo.rs", echo);
        lab
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("inside the workspace")).expect("made");
        fs::write(path, text).expect("written");
    }

    /// The verdict on the lab, or on one `step`, with the cached call of rustc `on` or `off`.
    fn verdict(&self, step: &[&str], cache: &str) -> Value {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lab"));
        command.args(["--format", "json", "test", "01"]).args(step);
        command.current_dir(self.folder.path()).env("LAB_RUSTC_CACHE", cache);
        for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET"] {
            command.env_remove(name);
        }
        let output = command.output().expect("it starts");
        serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
            panic!("{error}: {}", String::from_utf8_lossy(&output.stderr));
        })
    }
}

#[test]
fn an_unused_parameter_of_a_written_function_is_a_warning() {
    let lab = Lab::new(UNUSED, UNWRITTEN);
    for cache in ["on", "off"] {
        let verdict = lab.verdict(&[], cache);
        let findings = verdict["clippy"]["findings"].as_array().expect("clippy ran");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(
            (&findings[0]["step"], &findings[0]["is_error"]),
            (&"listen".into(), &false.into())
        );
        let text = findings[0]["text"].as_str().expect("a diagnostic");
        assert!(text.contains("unused variable: `port`"), "{text}");
        assert_eq!((&verdict["verdict"], &verdict["points"]), (&"passed".into(), &100.into()));
    }
}

#[test]
fn clippy_does_not_run_for_a_step_that_is_not_written() {
    let lab = Lab::new(UNUSED, UNWRITTEN);
    let verdict = lab.verdict(&["echo"], "on");
    assert!(verdict["clippy"]["findings"].is_null(), "{verdict}");
}

#[test]
fn a_denied_line_costs_its_step_and_no_other() {
    let lab = Lab::new(PARTIAL, WRITTEN);
    for cache in ["on", "off"] {
        let verdict = lab.verdict(&[], cache);
        assert_eq!((&verdict["verdict"], &verdict["points"]), (&"failed".into(), &60.into()));
        assert_eq!(verdict["steps"][0]["denied"], 1);
    }
    assert_eq!(lab.verdict(&["echo"], "on")["verdict"], "passed");
}
