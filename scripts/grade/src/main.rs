//! The program behind `cargo lab grade`.

use std::process::ExitCode;

fn main() -> ExitCode {
    grade::main()
}
