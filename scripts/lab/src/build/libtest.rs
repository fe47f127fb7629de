//! What libtest, Rust's test harness, prints. This is the only place that reads it.

use std::path::Path;
use std::process::Command;

use crate::command;
use crate::error::Error;

/// The names of the tests in `program`: `NAME: test`.
pub fn list(program: &Path) -> Result<Vec<String>, Error> {
    let output = command::output(Command::new(program).args(["--list", "--format", "terse"]))?;
    let text = String::from_utf8_lossy(&output.stdout);
    Ok(text.lines().filter_map(|line| line.strip_suffix(": test")).map(str::to_owned).collect())
}

/// The tests that ended, and whether each passed: `test NAME ... ok`.
pub fn results(output: &str) -> impl Iterator<Item = (&str, bool)> {
    // The output of failing tests follows the list, and may look like a line of it.
    let lines = output.lines().take_while(|line| *line != "failures:");
    let results = lines.filter_map(|line| line.strip_prefix("test ")?.rsplit_once(" ... "));
    results.map(|(test, result)| (test, result == "ok"))
}

/// Whether the only test of a process passed. With `--nocapture`, a test's own output may be
/// between its name and its result, so this asks the summary.
pub fn one_passed(output: &str) -> bool {
    output.contains("test result: ok. 1 passed")
}

/// Whether `line` is empty, or one that libtest prints around every test.
pub fn is_frame(line: &str) -> bool {
    let line = line.trim();
    line.is_empty()
        || line == "running 1 test"
        || line.starts_with("test ") && line.ends_with("...")
}
