//! `cargo lab doctor`.

use std::env::{self, consts::EXE_SUFFIX};
use std::path::PathBuf;

use super::stdout;
use crate::scratch::{Scratch, lab_command};

#[test]
fn only_what_is_required_makes_a_machine_unfit() {
    let workspace = Scratch::new();
    let cargo = PathBuf::from(env::var_os("CARGO").expect("cargo runs this test"));
    let doctor = |rustc: &str| {
        let mut command = lab_command();
        command
            .arg("doctor")
            .current_dir(workspace.path())
            .env("PATH", "")
            .env("LC_ALL", "C.UTF-8");
        command.env("RUSTC", cargo.with_file_name(rustc)).output().expect("it starts")
    };
    let rustc = format!("rustc{EXE_SUFFIX}");
    let (fit, unfit) = (doctor(&rustc), doctor("missing"));
    assert!(stdout(&fit).contains("○ nc ") && fit.status.success(), "{}", stdout(&fit));
    let page = stdout(&unfit);
    assert!(page.contains("✗ rustc") && page.contains("rustup update"), "{page}");
    assert!(page.contains("not fit") && unfit.status.code() == Some(1), "{page}");
}

/// A package of its own, because the scratch workspace has none.
#[test]
fn the_doctor_names_a_crate_that_is_not_downloaded() {
    let workspace = Scratch::new();
    let package = "[package]\nname = \"small\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let dependency = "[dependencies]\nfastrand = \"=2.0.0\"\n[workspace]\n";
    workspace.write("Cargo.toml", &format!("{package}{dependency}"));
    workspace.write("Cargo.lock", LOCK);
    workspace.write("src/lib.rs", "");
    let mut command = lab_command();
    command.arg("doctor").current_dir(workspace.path()).env("LC_ALL", "C.UTF-8");
    // A home without any crate, and without the index of crates.
    command.env("CARGO_HOME", workspace.path().join("home"));
    let page = stdout(&command.output().expect("it starts"));
    assert!(page.contains("✗ crates") && page.contains("`fastrand`"), "{page}");
    assert!(page.contains("cargo fetch --locked"), "{page}");
    assert!(page.contains("not fit yet"), "{page}");
}

const LOCK: &str = r#"
version = 4

[[package]]
name = "fastrand"
version = "2.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "6999dc1837253364c2ebb0704ba97994bd874e8f195d665c50b7548f6ea92764"

[[package]]
name = "small"
version = "0.1.0"
dependencies = ["fastrand"]
"#;
