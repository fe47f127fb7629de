//! Calls of rustc: recorded when cargo starts this program in the place of rustc, and repeated.
//!
//! Cargo starts the program that `RUSTC_WRAPPER` names with rustc's path and arguments
//! (<https://doc.rust-lang.org/cargo/reference/environment-variables.html>).

use std::collections::BTreeMap;
use std::env::{self, consts::EXE_SUFFIX};
use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::build::cargo::{BuildResult, Reporting};
use crate::cancel::CancellationToken;
use crate::command;
use crate::error::Error;

/// Makes clippy leave out the link to each lint's page, which a terminal breaks into two lines.
pub const NO_LINKS: &str = "CLIPPY_DISABLE_DOCS_LINKS";

/// Names the file that records the calls.
const LOG: &str = "LAB_RUSTC_CALLS";

/// One call of rustc.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct RustcCall {
    /// The compiler.
    pub(super) rustc: PathBuf,
    arguments: Vec<String>,
    folder: PathBuf,
    variables: BTreeMap<String, String>,
}

/// Lets `cargo` start this program for each call of rustc, to record the call in `log`.
pub fn record_to(log: &Path, cargo: &mut Command) {
    // Read once, because another build may replace this program while it runs.
    static THIS: OnceLock<Option<PathBuf>> = OnceLock::new();
    if let Some(this) = THIS.get_or_init(|| env::current_exe().ok()) {
        cargo.env("RUSTC_WRAPPER", this).env(LOG, log);
    }
}

/// The calls that `log` holds.
pub fn recorded(log: &Path) -> Vec<RustcCall> {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Records the call, runs rustc and returns its exit code, if cargo started this process in the
/// place of rustc. `main` must call this function first.
pub fn act_as_rustc() -> Option<ExitCode> {
    let log = env::var_os(LOG)?;
    let mut words = env::args_os().skip(1);
    let rustc = words.next()?;
    let arguments: Vec<OsString> = words.collect();
    // A call that was not recorded is not repeated.
    let _ = append(&log, &rustc, &arguments);
    let status = Command::new(&rustc).args(&arguments).env_remove(LOG).status();
    let code =
        status.ok().and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok());
    Some(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn append(log: &OsStr, rustc: &OsStr, arguments: &[OsString]) -> Option<()> {
    let text = |word: &OsString| word.to_str().map(str::to_owned);
    let call = RustcCall {
        rustc: rustc.into(),
        arguments: arguments.iter().map(text).collect::<Option<_>>()?,
        folder: env::current_dir().ok()?,
        variables: env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| is_set_by_cargo(name))
            .collect(),
    };
    let line = serde_json::to_string(&call).ok()? + "\n";
    // One write, because cargo runs several calls at the same time.
    OpenOptions::new().append(true).open(log).ok()?.write_all(line.as_bytes()).ok()
}

/// Whether cargo sets the variable for rustc and for macros like `env!`. Some variables that begin
/// with `CARGO_` must not be recorded. The job server ends with cargo, and a registry's token must
/// not be written to a file.
fn is_set_by_cargo(name: &str) -> bool {
    let names = ["CARGO", "CARGO_CRATE_NAME", "CARGO_BIN_NAME", "CARGO_PRIMARY_PACKAGE", "OUT_DIR"];
    let beginnings = ["CARGO_PKG_", "CARGO_MANIFEST_"];
    names.contains(&name)
        || beginnings.iter().any(|beginning| name.starts_with(beginning))
        || name.ends_with("LIBRARY_PATH")
}

impl RustcCall {
    #[cfg(test)]
    pub(super) fn of(rustc: &str, arguments: Vec<String>) -> RustcCall {
        let (rustc, folder) = (PathBuf::from(rustc), PathBuf::from("."));
        RustcCall { rustc, arguments, folder, variables: BTreeMap::new() }
    }

    /// The same call, of the compiler in `sysroot` if this one names no folder.
    pub fn with_compiler_of(mut self, sysroot: &Path) -> RustcCall {
        if self.rustc.parent() == Some(Path::new("")) {
            self.rustc = sysroot.join("bin").join(&self.rustc);
        }
        self
    }

    /// Whether it is a call of rustc itself (and of no wrapper in the workspace), for this machine, of a
    /// package without a build script.
    pub fn is_plain(&self) -> bool {
        let calls_rustc = self.arguments.first().is_some_and(|first| first == "--crate-name");
        calls_rustc
            && self.argument("--target").is_none()
            && !self.variables.contains_key("OUT_DIR")
    }

    /// The argument after `option`, as in `--crate-type bin`.
    pub fn argument(&self, option: &str) -> Option<&str> {
        self.values(option).next()
    }

    /// The value of the codegen option `key`: `-C key=value`.
    pub fn codegen(&self, key: &str) -> Option<&str> {
        self.values("-C").find_map(|value| value.strip_prefix(key)?.strip_prefix('='))
    }

    fn values(&self, option: &str) -> impl Iterator<Item = &str> {
        self.arguments.windows(2).filter(move |two| two[0] == option).map(|two| &*two[1])
    }

    /// Calls rustc with the sources in `folder`, which has the same layout as the workspace, and
    /// further `options`. It writes the program to `out`.
    pub fn build_in(
        &self,
        folder: &Path,
        out: &Path,
        options: &[&str],
    ) -> Result<BuildResult, Error> {
        let mut command = Command::new(&self.rustc);
        command.args(self.arguments_for(folder, out)).args(options);
        self.run_in(folder, command, None)
    }

    /// The folder with the crates that the program links.
    pub fn crates(&self) -> Option<&Path> {
        self.values("-L").find_map(|value| value.strip_prefix("dependency=")).map(Path::new)
    }

    /// The same call as a command, for programs that make it in a sandbox. The sources are where the
    /// workspace has them. It writes the program to `out`, and shares no incremental state with other
    /// builds, because their authors do not trust each other.
    pub fn command_to(&self, out: &Path) -> Command {
        let mut arguments = self.arguments_for(out, out);
        let is_incremental = |argument: &OsString| {
            argument.to_str().is_some_and(|text| text.starts_with("incremental="))
        };
        if let Some(place) = arguments.iter().position(is_incremental) {
            arguments.drain(place - 1..=place);
        }
        let mut command = Command::new(&self.rustc);
        command.args(arguments);
        command.current_dir(&self.folder).envs(&self.variables).stdin(Stdio::null());
        command
    }

    /// Calls clippy in the same way. It only checks.
    pub fn lint_in(&self, folder: &Path) -> Result<BuildResult, Error> {
        self.run_in(folder, self.clippy(folder), None)
    }

    /// Calls clippy with the original sources and further `options`. It writes to `out`.
    pub fn lint_again(
        &self,
        out: &Path,
        options: &[&str],
        reporting: Reporting<'_>,
    ) -> Result<BuildResult, Error> {
        let mut command = self.clippy(out);
        command.args(options);
        if reporting.color {
            command.arg("--json=diagnostic-rendered-ansi");
        }
        self.run_in(&self.folder, command, reporting.token)
    }

    fn clippy(&self, out: &Path) -> Command {
        let clippy = self.rustc.with_file_name(format!("clippy-driver{EXE_SUFFIX}"));
        let mut command = Command::new(clippy);
        command.args(self.arguments_for(out, out).into_iter().map(without_program));
        command.env(NO_LINKS, "1");
        command
    }

    fn run_in(
        &self,
        folder: &Path,
        mut command: Command,
        token: Option<&CancellationToken>,
    ) -> Result<BuildResult, Error> {
        command.current_dir(folder).envs(&self.variables).stdin(Stdio::null());
        let output = command::output_of_run(&mut command, token)?;
        BuildResult::of_rustc(&output)
    }

    /// The arguments for a build in another place, with no output in cargo's folders and no colours
    /// in diagnostics.
    fn arguments_for(&self, folder: &Path, out: &Path) -> Vec<OsString> {
        let replaced = |(index, argument): (usize, &String)| {
            let is_out = index > 0 && self.arguments[index - 1] == "--out-dir";
            if is_out {
                return out.as_os_str().to_owned();
            }
            if argument.starts_with("incremental=") {
                let mut incremental = OsString::from("incremental=");
                incremental.push(folder.join("incremental"));
                return incremental;
            }
            OsString::from(argument.replace("diagnostic-rendered-ansi,", ""))
        };
        self.arguments.iter().enumerate().map(replaced).collect()
    }

    /// The name of the program that rustc writes.
    pub fn program_name(&self) -> String {
        // Programs for Windows have no hash in their names.
        let hash = self.codegen("extra-filename").unwrap_or_default();
        format!("{}{hash}{EXE_SUFFIX}", self.argument("--crate-name").unwrap_or_default())
    }

    /// Calls rustc again.
    pub fn repeat(&self, token: Option<&CancellationToken>) -> Result<BuildResult, Error> {
        let mut command = Command::new(&self.rustc);
        command.args(&self.arguments);
        self.run_in(&self.folder, command, token)
    }
}

/// The argument of a call that checks and builds no program. A further `--emit` would add to the
/// first.
fn without_program(argument: OsString) -> OsString {
    match argument.to_str() {
        Some(text) if text.starts_with("--emit=") => "--emit=metadata".into(),
        _ => argument,
    }
}
