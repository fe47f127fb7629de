//! Calling cargo, and reading what it says.
//!
//! Cargo tells programs what it built as lines of JSON on stdout
//! (<https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>):
//! `compiler-artifact` with the path of an executable, `compiler-message` with a diagnostic as
//! rustc or clippy would have printed it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde::Deserialize;

use crate::own_settings;
use crate::trouble::Trouble;

/// Whether cargo's own lines (`Compiling ...`) are shown while it works.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Noise {
    /// For what takes long: nobody likes a silent minute.
    Shown,
    Quiet,
}

/// What one call of cargo made.
#[derive(Debug, Default)]
pub struct Built {
    pub compiled: bool,
    pub diagnostics: Vec<Diagnostic>,
    executables: Vec<Executable>,
}

#[derive(Debug)]
struct Executable {
    target: String,
    path: PathBuf,
}

/// What the compiler, or clippy, has to say about one place.
#[derive(Debug, Deserialize)]
pub struct Diagnostic {
    pub level: String,
    /// The whole message, with colours when these were asked for.
    #[serde(default)]
    pub rendered: String,
    pub code: Option<Code>,
}

/// The name of the lint or error, as in `unused_mut`, `clippy::unused_io_amount`, `E0308`.
#[derive(Debug, Deserialize)]
pub struct Code {
    pub code: String,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

impl Built {
    /// A program that was built for the target called `name`, and nothing to say about it.
    pub fn program(name: &str, path: PathBuf) -> Built {
        let executables = vec![Executable { target: name.to_owned(), path }];
        Built { compiled: true, executables, ..Built::default() }
    }

    /// The program that was built for the target called `name`.
    pub fn executable(&self, name: &str) -> Result<PathBuf, Trouble> {
        let found = self.executables.iter().find(|executable| executable.target == name);
        found.map(|executable| executable.path.clone()).ok_or_else(|| {
            Trouble::failed(format!("cannot find the program `{name}`"), "cargo did not build one")
        })
    }

    /// The errors among the diagnostics, one after the other.
    pub fn errors(&self) -> String {
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        errors.map(|error| error.rendered.as_str()).collect()
    }
}

impl Diagnostic {
    pub fn is_error(&self) -> bool {
        self.level.starts_with("error")
    }
}

/// A call of the cargo that runs us, in the workspace at `root`.
pub fn command(root: &Path) -> Command {
    // `cargo run` tells us which cargo it is: starting that one, and not rustup's stand-in that
    // looks it up first, saves 20 ms.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root).stdin(Stdio::null());
    own_settings::take_from(&mut command);
    command
}

/// Runs `command`, a cargo that compiles, and collects what it made and said.
///
/// # Errors
///
/// Cargo could not be started, or failed without a word from the compiler: the code is not to
/// blame then.
pub fn compile(mut command: Command, noise: Noise, color: bool) -> Result<Built, Trouble> {
    let format = if color { "json-diagnostic-rendered-ansi" } else { "json" };
    command.arg(format!("--message-format={format}"));
    match noise {
        Noise::Shown => command.stderr(Stdio::inherit()),
        Noise::Quiet => command.arg("--quiet"),
    };
    let output = output(&mut command)?;
    let built = read_messages(&output);
    let blames_the_code = built.diagnostics.iter().any(Diagnostic::is_error);
    if built.compiled || blames_the_code {
        return Ok(built);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let why = if said.trim().is_empty() { "its own words stand above".into() } else { said };
    Err(Trouble::failed("cargo failed before it compiled anything", why.trim())
        .advice("`cargo lab doctor` looks at what a build needs."))
}

/// Runs a command to its end, with all that it prints.
pub fn output(command: &mut Command) -> Result<Output, Trouble> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.output().map_err(|error| Trouble::failed(format!("cannot run {program}"), error))
}

fn read_messages(output: &Output) -> Built {
    let mut built = Built { compiled: output.status.success(), ..Built::default() };
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        // Other lines come from build scripts and the like.
        let Ok(message) = serde_json::from_str::<Message>(line) else {
            continue;
        };
        if let (Some(target), Some(path)) = (message.target, message.executable) {
            built.executables.push(Executable { target: target.name, path });
        }
        // The last message of a failed crate has no place and only counts the others.
        if message.reason == "compiler-message" {
            built.diagnostics.extend(message.message.filter(|said| !is_count(said)));
        }
    }
    built
}

/// "aborting due to 2 previous errors", "1 warning emitted".
fn is_count(diagnostic: &Diagnostic) -> bool {
    let counts = ["aborting due to", "warning emitted", "warnings emitted"];
    diagnostic.code.is_none() && counts.iter().any(|count| diagnostic.rendered.contains(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::ExitStatus;

    #[test]
    fn messages_are_read_and_other_lines_passed_over() {
        let stdout = concat!(
            "hello from a build script\n",
            r#"{"reason":"compiler-artifact","target":{"name":"lab01"},"executable":"/x/lab01"}"#,
            "\n",
            r#"{"reason":"compiler-message","target":{"name":"lab01"},"message":"#,
            r#"{"level":"error","rendered":"error: no\n","code":{"code":"E0308"}}}"#,
            "\n",
            r#"{"reason":"compiler-message","target":{"name":"lab01"},"message":"#,
            r#"{"level":"error","rendered":"error: aborting due to 1 previous error","code":null}}"#,
            "\n",
            r#"{"reason":"build-finished","success":false}"#,
        );
        let output =
            Output { status: ExitStatus::default(), stdout: stdout.into(), stderr: Vec::new() };
        let built = read_messages(&output);
        assert_eq!(built.executable("lab01").expect("built"), PathBuf::from("/x/lab01"));
        assert_eq!(built.errors(), "error: no\n");
    }
}
