//! Cargo's calls of rustc: noted by this program when cargo starts it in rustc's place, and
//! repeated.
//!
//! What `RUSTC_WRAPPER` names is started with rustc's path and arguments
//! (<https://doc.rust-lang.org/cargo/reference/environment-variables.html>).

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};

use serde::{Deserialize, Serialize};

/// Names the program that cargo starts in rustc's place.
const WRAPPER: &str = "RUSTC_WRAPPER";

/// Names the file for the calls. Set only where we stand in for rustc.
const LOG: &str = "LAB_RUSTC_CALLS";

/// One call of rustc.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Call {
    pub rustc: PathBuf,
    arguments: Vec<String>,
    folder: PathBuf,
    variables: BTreeMap<String, String>,
}

/// Lets `cargo` start us for each call of rustc, to note it in `log`. Not where somebody else stands
/// there, such as sccache: then nothing is noted, and cargo does all.
pub fn note(cargo: &mut Command, log: &Path) {
    if let (Ok(this), None) = (env::current_exe(), env::var_os(WRAPPER)) {
        cargo.env(WRAPPER, this).env(LOG, log);
    }
}

/// What was noted in `log`.
pub fn noted(log: &Path) -> Vec<Call> {
    let text = fs::read_to_string(log).unwrap_or_default();
    text.lines().filter_map(|line| serde_json::from_str(line).ok()).collect()
}

/// Where cargo has started us in rustc's place: notes the call, and is rustc.
pub fn stand_in_for_rustc() -> Option<ExitCode> {
    let log = env::var_os(LOG)?;
    let mut words = env::args_os().skip(1);
    let rustc = words.next()?;
    let arguments: Vec<OsString> = words.collect();
    // A call that is not noted is one that is not repeated.
    let _ = append(&log, &rustc, &arguments);
    let status = Command::new(&rustc).args(&arguments).env_remove(LOG).status();
    let code =
        status.ok().and_then(|status| status.code()).and_then(|code| u8::try_from(code).ok());
    Some(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

fn append(log: &OsStr, rustc: &OsStr, arguments: &[OsString]) -> Option<()> {
    let text = |word: &OsString| word.to_str().map(str::to_owned);
    let call = Call {
        rustc: rustc.into(),
        arguments: arguments.iter().map(text).collect::<Option<_>>()?,
        folder: env::current_dir().ok()?,
        variables: env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
            .filter(|(name, _)| is_cargos(name))
            .collect(),
    };
    let line = serde_json::to_string(&call).ok()? + "\n";
    // One write: several may append at once.
    OpenOptions::new().append(true).open(log).ok()?.write_all(line.as_bytes()).ok()
}

/// What cargo tells rustc, and macros like `env!`. Not all that begins with `CARGO_`: its job server
/// ends with it, and a registry's token is nobody else's business.
fn is_cargos(name: &str) -> bool {
    let names = ["CARGO", "CARGO_CRATE_NAME", "CARGO_BIN_NAME", "CARGO_PRIMARY_PACKAGE"];
    let beginnings = ["CARGO_PKG_", "CARGO_MANIFEST_"];
    names.contains(&name)
        || beginnings.iter().any(|beginning| name.starts_with(beginning))
        || name.ends_with("LIBRARY_PATH")
}

impl Call {
    #[cfg(test)]
    pub fn of(rustc: &str, arguments: Vec<String>) -> Call {
        let (rustc, folder) = (PathBuf::from(rustc), PathBuf::from("."));
        Call { rustc, arguments, folder, variables: BTreeMap::new() }
    }

    /// What follows `option`: `--crate-type bin`.
    pub fn argument(&self, option: &str) -> Option<&str> {
        self.values(option).next()
    }

    /// What codegen option `key` is: `-C key=value`.
    pub fn codegen(&self, key: &str) -> Option<&str> {
        self.values("-C").find_map(|value| value.strip_prefix(key)?.strip_prefix('='))
    }

    fn values(&self, option: &str) -> impl Iterator<Item = &str> {
        self.arguments.windows(2).filter(move |two| two[0] == option).map(|two| &*two[1])
    }

    /// Calls rustc once more. Whether it went well; what it says is not shown.
    pub fn repeat(&self) -> io::Result<bool> {
        let mut command = Command::new(&self.rustc);
        command.args(&self.arguments).current_dir(&self.folder).envs(&self.variables);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(command.status()?.success())
    }
}
