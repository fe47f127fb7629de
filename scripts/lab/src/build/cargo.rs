//! Calling cargo, and reading its messages.
//!
//! For programs, cargo prints lines of JSON on stdout
//! (<https://doc.rust-lang.org/cargo/reference/external-tools.html#json-messages>):
//! `compiler-artifact` with the path of an executable, `compiler-message` with a diagnostic as
//! rustc or clippy would have printed it.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde::Deserialize;

use super::diagnostic::Diagnostic;
use crate::cancel::CancellationToken;
use crate::command;
use crate::error::Error;

/// Whether the user sees cargo's own lines (`Compiling ...`).
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Verbosity {
    /// For builds that take long.
    Normal,
    /// For every other build.
    Quiet,
}

/// How a build reports to the user, and what cancels it.
#[derive(Clone, Copy)]
pub struct Reporting<'run> {
    /// Whether cargo's own lines are shown if a build takes long.
    pub verbosity: Verbosity,
    /// Whether diagnostics have colours.
    pub color: bool,
    /// `None`: Ctrl-C at the terminal ends the compilers, because they are in its process group.
    pub token: Option<&'run CancellationToken>,
}

impl Reporting<'_> {
    /// For programs: nothing is shown, and diagnostics have no colours.
    pub const NONE: Reporting<'static> =
        Reporting { verbosity: Verbosity::Quiet, color: false, token: None };

    /// For people: cargo's own lines are shown, and diagnostics have no colours.
    pub const SHOWN: Reporting<'static> =
        Reporting { verbosity: Verbosity::Normal, ..Reporting::NONE };

    /// The same without cargo's own lines.
    pub fn quiet(self) -> Self {
        Reporting { verbosity: Verbosity::Quiet, ..self }
    }
}

/// What one call of cargo built.
#[derive(Debug, Default)]
pub struct BuildResult {
    /// Whether all of it compiled.
    pub compiled: bool,
    /// Warnings and errors, in cargo's order.
    pub diagnostics: Vec<Diagnostic>,
    executables: Vec<Executable>,
}

#[derive(Debug)]
struct Executable {
    target: String,
    path: PathBuf,
    /// Whether it existed already, and cargo considered it up to date.
    is_fresh: bool,
}

#[derive(Deserialize)]
struct Message {
    reason: String,
    target: Option<Target>,
    executable: Option<PathBuf>,
    #[serde(default)]
    fresh: bool,
    message: Option<Diagnostic>,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

impl BuildResult {
    /// A program that was built for the target called `name`, without a diagnostic.
    pub fn program(name: &str, path: PathBuf) -> BuildResult {
        let executables = vec![Executable { target: name.to_owned(), path, is_fresh: false }];
        BuildResult { compiled: true, executables, ..BuildResult::default() }
    }

    /// The result of a call of rustc that writes its diagnostics as JSON.
    ///
    /// # Errors
    ///
    /// Rustc failed without an error in the code.
    pub fn of_rustc(output: &Output) -> Result<BuildResult, Error> {
        let text = String::from_utf8_lossy(&output.stderr);
        let diagnostics = text.lines().filter_map(|line| serde_json::from_str(line).ok());
        let diagnostics = diagnostics.filter(|message| !Diagnostic::is_count(message)).collect();
        let compiled = output.status.success();
        BuildResult { compiled, diagnostics, executables: Vec::new() }.or_machine_failure("")
    }

    /// The result itself, unless the build failed without an error in the code. Then the machine
    /// failed, and `said` is what cargo printed.
    fn or_machine_failure(self, said: &str) -> Result<BuildResult, Error> {
        if self.compiled || self.diagnostics.iter().any(Diagnostic::is_error_in_code) {
            return Ok(self);
        }
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        let errors: Vec<String> = errors.map(Diagnostic::in_brief).collect();
        let why = match (errors.is_empty(), said.trim()) {
            (false, _) => errors.join("\n"),
            (true, "") => "its message is above".to_owned(),
            (true, said) => said.to_owned(),
        };
        Err(Error::failed("the build failed without an error in the code", why).advice(
            "Nothing was judged, so this takes no points. A full disk or too little memory can be the \
             cause. Free some, and try again.\n`cargo lab doctor` checks what a build needs.",
        ))
    }

    /// The program that was built for the target called `name`.
    pub fn executable(&self, name: &str) -> Result<PathBuf, Error> {
        self.find(name).map(|executable| executable.path.clone()).ok_or_else(|| {
            Error::failed(format!("cannot find the program `{name}`"), "cargo did not build one")
        })
    }

    /// The same, if cargo considered it up to date and did not build it.
    pub fn fresh_executable(&self, name: &str) -> Option<&Path> {
        let executable = self.find(name).filter(|executable| executable.is_fresh);
        executable.map(|executable| executable.path.as_path())
    }

    fn find(&self, name: &str) -> Option<&Executable> {
        self.executables.iter().find(|executable| executable.target == name)
    }

    /// The errors among the diagnostics, one after the other.
    pub fn errors(&self) -> String {
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error());
        errors.map(|error| error.rendered.as_str()).collect()
    }
}

/// A call of the cargo that runs this program, in the workspace at `root`.
pub fn command(root: &Path) -> Command {
    // `cargo run` sets CARGO to its own path. Starting that program, and not rustup's proxy, saves
    // 20 ms.
    let cargo = env::var_os("CARGO").unwrap_or_else(|| OsString::from("cargo"));
    let mut command = Command::new(cargo);
    command.current_dir(root).stdin(Stdio::null());
    command::strip_cargo_variables(&mut command);
    command
}

/// Runs `command`, a cargo that compiles, and reads its messages.
///
/// # Errors
///
/// Cargo could not be started, or the build failed without an error in the code.
pub fn compile(command: Command, reporting: Reporting<'_>) -> Result<BuildResult, Error> {
    compile_with(command, &[], reporting)
}

/// The same with `options` for the compiler, if `command` takes them.
pub fn compile_with(
    mut command: Command,
    options: &[&str],
    reporting: Reporting<'_>,
) -> Result<BuildResult, Error> {
    let format = if reporting.color { "json-diagnostic-rendered-ansi" } else { "json" };
    command.arg(format!("--message-format={format}"));
    match reporting.verbosity {
        Verbosity::Normal => command.stderr(Stdio::inherit()),
        Verbosity::Quiet => command.arg("--quiet"),
    };
    if !options.is_empty() {
        command.arg("--").args(options);
    }
    let output = command::output_of_run(&mut command, reporting.token)?;
    read_messages(&output).or_machine_failure(&String::from_utf8_lossy(&output.stderr))
}

fn read_messages(output: &Output) -> BuildResult {
    let mut built = BuildResult { compiled: output.status.success(), ..BuildResult::default() };
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        // Other lines come from build scripts and the like.
        let Ok(message) = serde_json::from_str::<Message>(line) else {
            continue;
        };
        if let (Some(target), Some(path)) = (message.target, message.executable) {
            let (target, is_fresh) = (target.name, message.fresh);
            built.executables.push(Executable { target, path, is_fresh });
        }
        // The last message of a failed crate only counts the diagnostics before it.
        if message.reason == "compiler-message" {
            built.diagnostics.extend(message.message.filter(|message| !message.is_count()));
        }
    }
    built
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::ExitStatus;

    #[test]
    fn messages_are_read_and_other_lines_ignored() {
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
