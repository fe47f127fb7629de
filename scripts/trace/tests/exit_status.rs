//! How `trace` exits if there is nothing to run.

#[path = "../../lab/tests/small_lab/mod.rs"]
mod small_lab;

use std::process::Command;

use small_lab::{DOES_NOT_COMPILE, Lab};

#[test]
fn a_program_that_does_not_compile_is_the_students_fault_at_the_first_call_too() {
    let lab = Lab::new();
    lab.edit(DOES_NOT_COMPILE);
    let mut trace = Command::new(env!("CARGO_BIN_EXE_trace"));
    trace.args(["01", "it_passes"]).current_dir(lab.path(""));
    for name in ["CARGO_TARGET_DIR", "CARGO_BUILD_TARGET", "LAB_RUSTC_CACHE", "LAB_SUBJECT"] {
        trace.env_remove(name);
    }
    let output = trace.output().expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("error: lab 01-small does not compile: error"), "{said}");
}
