//! Clippy's findings on a student's files, as part of the verdict.
//!
//! The scratch workspace has one small lab of two steps that depends on no crate.

mod small_lab;

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::Path;

use serde_json::Value;
use small_lab::{Lab, MANIFEST, json};

const LINTS: &str = r#"
[lints]
rust = { unused_variables = "allow" }
clippy = { unused_io_amount = "deny" }
"#;

const LAB: &str = r#"
title = "Small"
minutes = 1
[[step]]
name = "listen"
idea = "one"
points = 40
functions = 1
files = ["listen.rs"]
tests = ["it_passes"]
hints = ["one", "two", "three"]
[[step]]
name = "echo"
idea = "two"
points = 60
functions = 1
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

fn lab(listen: &str, echo: &str) -> Lab {
    let lab = Lab::new();
    lab.write("labs/01-small/Cargo.toml", &format!("{MANIFEST}{LINTS}"));
    lab.write("labs/01-small/lab.toml", LAB);
    lab.write("labs/01-small/tests/suite/main.rs", SUITE);
    lab.write("labs/01-small/src/main.rs", MAIN);
    lab.write("labs/01-small/src/listen.rs", listen);
    lab.write("labs/01-small/src/echo.rs", echo);
    lab
}

/// The verdict on `lab`, or on one `step`, with the cached call of rustc `on` or `off`.
fn verdict(lab: &Lab, step: &[&str], cache: &str) -> Value {
    let mut command = lab.command(&["--format", "json", "test", "01"]);
    let output = command.args(step).env("LAB_RUSTC_CACHE", cache).output().expect("it starts");
    json(&output)
}

#[test]
fn an_unused_parameter_of_a_written_function_is_a_warning() {
    let lab = lab(UNUSED, UNWRITTEN);
    for cache in ["on", "off"] {
        let found = verdict(&lab, &[], cache);
        let findings = found["clippy"]["findings"].as_array().expect("clippy ran");
        assert_eq!(findings.len(), 1, "{findings:?}");
        assert_eq!(
            (&findings[0]["step"], &findings[0]["is_error"]),
            (&"listen".into(), &false.into())
        );
        let text = findings[0]["text"].as_str().expect("a diagnostic");
        assert!(text.contains("unused variable: `port`"), "{text}");
        assert!(!text.contains("command line") && !text.trim_end().ends_with('|'), "{text}");
        assert_eq!((&found["verdict"], &found["points"]), (&"passed".into(), &100.into()));
    }
}

#[test]
fn clippy_does_not_run_for_a_step_that_is_not_written() {
    let lab = lab(UNUSED, UNWRITTEN);
    let found = verdict(&lab, &["echo"], "on");
    assert!(found["clippy"]["findings"].is_null(), "{found}");
}

#[test]
fn a_denied_line_costs_its_step_and_no_other() {
    let lab = lab(PARTIAL, WRITTEN);
    for cache in ["on", "off"] {
        let found = verdict(&lab, &[], cache);
        assert_eq!((&found["verdict"], &found["points"]), (&"failed".into(), &60.into()));
        assert_eq!(found["steps"][0]["denied"], 1);
        let finding = &found["clippy"]["findings"][0];
        assert_eq!(finding["lint"], "clippy::unused_io_amount");
        let text = finding["text"].as_str().expect("a diagnostic");
        assert!(!text.contains("http"), "{text}");
        let text = finding["remark"].as_str().expect("a remark");
        assert!(text.contains("`read_exact` waits for a full buffer"), "{text}");
    }
    assert_eq!(verdict(&lab, &["echo"], "on")["verdict"], "passed");
}

#[test]
fn clippy_checks_and_builds_no_program() {
    let lab = lab(UNUSED, WRITTEN);
    // The first run records the call, and the second uses it.
    for _ in 0..2 {
        assert_eq!(verdict(&lab, &[], "on")["verdict"], "passed");
    }
    let written = fs::read_dir(lab.path("target/clippy-driver/lab01")).expect("clippy ran");
    let names = written.map(|entry| entry.expect("readable").file_name());
    let others: Vec<OsString> =
        names.filter(|name| name != "incremental" && !is_metadata(name)).collect();
    assert!(others.is_empty(), "{others:?}");
}

fn is_metadata(name: &OsString) -> bool {
    Path::new(name).extension() == Some(OsStr::new("rmeta"))
}
