//! Programs of other authors, as other processes.

use std::io::ErrorKind;
use std::process::{Command, Output};
use testkit::Subject;

/// Runs a program. `None` where there is none, and then the test is skipped.
pub fn run(lab: &Subject, program: &str, arguments: &[&str]) -> Option<Output> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => Some(output),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            lab.skip(&format!("this machine has no {program}"));
            None
        }
        Err(error) => panic!("{program} cannot be started: {error}"),
    }
}

/// The stdout of a program that must succeed.
pub fn printed(lab: &Subject, program: &str, arguments: &[&str]) -> Option<String> {
    let output = run(lab, program, arguments)?;
    let [stdout, stderr] =
        [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text).into_owned());
    lab.check(
        output.status.success(),
        &format!("{program} {arguments:?} failed: {stdout}{stderr}"),
        "tool-succeeds",
        "Run the same command by hand, and compare with what it expects.",
    );
    Some(stdout)
}

/// Fails unless a tool printed `wanted`.
pub fn expect(lab: &Subject, tool: &str, found: &str, wanted: &str) {
    lab.check(
        found == wanted,
        &format!("{tool} printed {found:?} and should print {wanted:?}."),
        "tool-agrees",
        "Run the same command by hand, and compare with what it expects.",
    );
}
