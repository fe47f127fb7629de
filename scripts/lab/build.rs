//! Records which compiler built `lab`.
//!
//! Cargo runs this again whenever the toolchain changes. So the overview can name the toolchain without
//! a call of `rustc`, which would take longer than the rest of the overview.

use std::process::Command;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rustc-env=WIRELAB_RUSTC={}", version().unwrap_or_default());
}

/// The output of `rustc --version`, such as `rustc 1.95.0 (59807616e 2026-04-14)`.
fn version() -> Option<String> {
    let rustc = std::env::var_os("RUSTC")?;
    let answer = Command::new(rustc).arg("--version").output().ok()?;
    Some(String::from_utf8(answer.stdout).ok()?.trim().to_owned())
}
