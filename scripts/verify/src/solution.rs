//! The solution passes its suite, and the tests that only the instructor has.

use crate::check::Check;
use lab::build::cargo;
use lab::command;
use lab::course::labs::Lab;
use lab::error::Error;
use lab::workspace::Workspace;

/// Runs `cargo test -p solutionNN`, as a student or CI would.
pub fn passes(workspace: &Workspace, lab: &Lab) -> Result<Check, Error> {
    let mut command = cargo::command(&workspace.root);
    command.args(["test", "--quiet", "--no-fail-fast", "--package", &lab.solution()]);
    let output = command::output(&mut command)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let mut problems: Vec<String> = Vec::new();
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        problems.push(format!("cargo test --package {} fails", lab.solution()));
        problems.extend(failed_tests(&said));
        // Tests that fail say so on stdout; what does not compile says so on stderr.
        let is_compile_error = errors.contains("could not compile");
        problems.extend(is_compile_error.then(|| errors.into_owned()));
    }
    Ok(Check::new("solution", summary(&said), problems))
}

/// How many tests ran, of all test programs together.
fn summary(said: &str) -> String {
    let passed = |line: &str| {
        line.strip_prefix("test result: ok. ")?.split(' ').next()?.parse::<usize>().ok()
    };
    // A benchmark runs by hand: none of its tests passes here.
    let ran = said.lines().filter_map(passed).filter(|number| *number > 0);
    let numbers: Vec<String> = ran.map(|number| number.to_string()).collect();
    format!("{} tests pass (suite + held back)", numbers.join(" + "))
}

/// libtest lists the names of failed tests, indented, below its second `failures:`.
fn failed_tests(said: &str) -> Vec<String> {
    let lists = said.split("\nfailures:\n").skip(1).filter(|part| part.starts_with("    "));
    let names = |list: &str| {
        let lines = list.lines().take_while(|line| line.starts_with("    "));
        lines.map(|line| line.trim().to_owned()).collect::<Vec<String>>()
    };
    lists.flat_map(names).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "\nrunning 3 tests\n.F.\nfailures:\n\n---- a stdout ----\npanicked\n\n\nfailures:\n    \
        suite::step1_listen::a\n\ntest result: FAILED. 2 passed; 1 failed; 0 ignored\n\nrunning 1 test\n.\n\
        test result: ok. 1 passed; 0 failed; 0 ignored\n\ntest result: ok. 0 passed; 0 failed; 2 ignored\n";

    #[test]
    fn failed_tests_are_named() {
        assert_eq!(failed_tests(SAID), ["suite::step1_listen::a"]);
        assert_eq!(summary(SAID), "1 tests pass (suite + held back)");
    }
}
