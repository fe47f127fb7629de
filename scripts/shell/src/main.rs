//! The program behind `cargo lab completions` and `cargo lab man`, and the one that completes.

use std::process::ExitCode;

fn main() -> ExitCode {
    shell::main()
}
