//! Files that were handed in, built with the rest of the stub and measured.

#[path = "../../../lab/tests/small_lab/mod.rs"]
mod small_lab;

use std::process::{Command, Output};

use serde_json::Value;
use small_lab::{Lab, json};

/// One step with a file of its own, and a load.
const MANIFEST: &str = r#"
title = "Small"
minutes = 1
[load]
shape = "echo"
clients = 1
message_bytes = 64
in_flight = 1
seconds = 1
[[step]]
name = "echo"
idea = "one"
points = 100
functions = 1
files = ["echo.rs"]
tests = ["it_passes"]
hints = ["one", "two", "three"]
"#;

/// What students do not write. A program with this file of a submission would not listen.
const MAIN: &str = r#"
mod echo;
fn main() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    println!("listening on {}", listener.local_addr().expect("bound"));
    listener.incoming().flatten().for_each(echo::echo);
}
"#;

const STUB: &str = "pub fn echo(_: std::net::TcpStream) { todo!(\"lab01, step echo: echo\") }\n";

const ANSWER: &str = "pub fn echo(stream: std::net::TcpStream) {
    let _ = std::io::copy(&mut &stream, &mut &stream);
}\n";

/// A lab that is not begun, and a folder `handed-in`.
pub fn lab() -> Lab {
    let lab = Lab::new();
    lab.write("labs/01-small/lab.toml", MANIFEST);
    lab.write("labs/01-small/src/main.rs", MAIN);
    lab.write("labs/01-small/src/echo.rs", STUB);
    lab.write("handed-in/main.rs", "fn main() {}\n");
    lab
}

pub fn compare(lab: &Lab, words: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_compare"));
    command.arg("01").args(words).current_dir(lab.path("."));
    lab.ignore_user_settings(&mut command);
    command.output().expect("it starts")
}

/// A round with these programs in which all were served, or the last one. A busy machine needs time.
fn measured(lab: &Lab, with: &[&str]) -> Value {
    let round = |seconds: &str| {
        let how = ["--no-tests", "--rounds=1", "--format=json", "--seconds", seconds];
        json(&compare(lab, &[with, &how].concat()))
    };
    let is_served = |program: &Value| program["figures"]["clients_served"] == 1;
    let all =
        |result: &Value| result["programs"].as_array().is_some_and(|it| it.iter().all(is_served));
    ["0.1", "1", "10"].iter().map(|seconds| round(seconds)).find(all).unwrap_or_else(|| round("30"))
}

#[test]
fn submissions_of_one_name_are_built_and_measured() {
    let lab = lab();
    lab.write("handed-in/anna/echo.rs", ANSWER);
    lab.write("late/anna/src/echo.rs", &format!("// A comment.\n{ANSWER}"));
    let result = measured(&lab, &["--with", "handed-in/anna", "--with", "late/anna"]);
    let programs = result["programs"].as_array().expect("a list");
    let names: Vec<&Value> = programs.iter().map(|program| &program["name"]).collect();
    assert_eq!(names, ["anna", "anna-2"], "{result}");
    for program in programs {
        assert_eq!(program["lines_of_code"], 3, "{result}");
        assert_eq!(program["figures"]["clients_served"], 1, "{result}");
    }
}

#[test]
fn the_difference_of_a_submission_is_that_of_its_files() {
    let lab = lab();
    lab.write("handed-in/src/echo.rs", ANSWER);
    let result = json(&compare(&lab, &["--with", "handed-in", "--diff", "--format=json"]));
    assert_eq!(result["to"], "handed-in");
    let unified = result["files"][0]["unified"].as_str().expect("text");
    assert!(unified.contains("\n-pub fn echo(_") && unified.contains("\n+pub fn echo(stream"));
    assert_eq!(result["files"].as_array().map(Vec::len), Some(1), "{result}");
}
