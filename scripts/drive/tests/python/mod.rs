//! The echo server in Python that the tests drive.

#![allow(dead_code, reason = "no test program uses all of it")]

use std::path::{Path, PathBuf};
use std::process::Command;

/// The root of the workspace.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The command of the server, for `LAB_SUBJECT`.
pub fn echo_server() -> String {
    format!("python3 -u '{}'", root().join("docs/examples/echo_server.py").display())
}

/// Whether this machine has Python. Without it, a test is skipped.
pub fn has_python() -> bool {
    let version = Command::new("python3").arg("--version").output();
    let has_it = version.is_ok_and(|output| output.status.success());
    if !has_it {
        eprintln!("skipped: there is no python3");
    }
    has_it
}
